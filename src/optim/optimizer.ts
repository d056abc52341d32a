import type { Fields, Values } from "../options.ts";
import type { Params } from "../tensor/index.ts";

/** What one update may depend on besides gradients, state and parameters. */
export interface UpdateContext {
  /** Which update this is, from 1: the bias corrections use it. */
  readonly count: number;
  /** Learning rate of this update, after the schedule. */
  readonly learningRate: number;
}

export interface OptimizerDefinition<F extends Fields = Fields> {
  readonly name: string;
  readonly summary: string;
  readonly fields: F;
  /** Zeroed state, a flat named tree like the parameters (`m.embed.W_E`, `v.embed.W_E`). */
  readonly init: (params: Params, options: Values<F>) => Params;
  /** One update, in place: writes `params` and `state`. Parameters without a gradient stay as they are. */
  readonly update: (grads: Params, state: Params, params: Params, options: Values<F>, context: UpdateContext) => void;
}

export function defineOptimizer<const F extends Fields>(definition: OptimizerDefinition<F>): OptimizerDefinition {
  return definition as unknown as OptimizerDefinition;
}
