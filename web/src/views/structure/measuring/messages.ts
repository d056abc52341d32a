import type { SeenSentence, StructureMeasures } from "../../../../../src/analyses/language/structure-measures.ts";
import type { NamedArrays } from "../../../../../src/tensor/index.ts";
import type { Plan } from "../../../../../src/train/experiment.ts";

/** Weights that are to be measured. */
export interface MeasureRequest {
  readonly plan: Plan;
  readonly step: number;
  readonly params: NamedArrays;
  /** Sentences that are to be taken apart. */
  readonly sentences: number;
}

export type MeasureReply =
  | {
      readonly type: "measured";
      readonly step: number;
      readonly measures: StructureMeasures;
      readonly sentences: readonly SeenSentence[];
    }
  | { readonly type: "failed"; readonly message: string };
