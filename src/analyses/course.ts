import type { Eval } from "../train/eval.ts";
import type { NamedArrays } from "../tensor/index.ts";
import type { BitNetwork } from "./bit-network.ts";
import type { Network } from "./network.ts";

/** A run from its first checkpoint to its last. */
export interface Course<N extends Network | BitNetwork = Network> {
  readonly moments: readonly Moment<N>[];
  readonly evals: readonly Eval[];
  /** What the verdict says of the run. */
  readonly fitStep: number | null;
  readonly generalizeStep: number | null;
  /** In which the run was trained: it decides when a softmax has no gradient left. */
  readonly precision: "float32" | "float64";
}

/** One checkpoint, of which only this is kept. */
export interface Moment<N> {
  readonly step: number;
  readonly network: N;
  /** Norms of each tensor, as trained, not multiplied out. */
  readonly norms: Readonly<Record<string, Norms>>;
}

export interface Norms {
  /** Σ|θ| */
  readonly l1: number;
  /** √Σθ² */
  readonly l2: number;
}

export function normsOf(weights: NamedArrays): Readonly<Record<string, Norms>> {
  return Object.fromEntries(
    Object.entries(weights).map(([name, { data }]) => {
      let l1 = 0;
      let squares = 0;
      for (const x of data) {
        l1 += Math.abs(x);
        squares += x * x;
      }
      return [name, { l1, l2: Math.sqrt(squares) }];
    }),
  );
}
