import type { NamedArrays } from "../tensor/index.ts";

/** Everything that training needs to go on and end in the same bits: nothing else is remembered between steps. */
export interface Checkpoint {
  /** Updates seen. */
  readonly step: number;
  readonly params: NamedArrays;
  /** The optimiser's state. */
  readonly state: NamedArrays;
}
