import type { Params } from "../tensor/index.ts";
import type { Measures, Score } from "./eval.ts";

/** What the training loop needs of a kind of task: its data in the engine's memory, one update, one evaluation. */
export interface Trainer {
  /** Parameters at step 0. */
  init(): Params;
  /** The state at step 0: the optimizer's, and whatever else an evaluation or an update must remember between steps. */
  initState(params: Params): Params;
  /** Update number `step + 1` in place, on the examples that are due at that step; the loss before it. */
  update(params: Params, state: Params, step: number): number;
  evaluate(params: Params, state: Params): Found;
  /** Parameters that training changes, which norms are of. */
  trained(params: Params): Params;
  /** @throws UsageError where a checkpoint is not of this network or these data */
  check?(params: Params, state: Params): void;
  dispose(): void;
}

export interface Found {
  readonly train: Score;
  readonly test: Score;
  readonly measures?: Measures;
}
