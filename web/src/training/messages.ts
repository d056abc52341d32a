import type { NamedArrays } from "../../../src/tensor/index.ts";
import type { Checkpoint } from "../../../src/train/checkpoint.ts";
import type { Eval } from "../../../src/train/eval.ts";
import type { Context, Verdict } from "../../../src/verdict/index.ts";
import type { Lineage } from "./lineage.ts";

/** What the page asks of the worker that trains. */
export type Request =
  | {
      readonly type: "start";
      readonly lineage: Lineage;
      /** Go on from here: everything before it was trained elsewhere. */
      readonly from?: Checkpoint | undefined;
      /** Evaluations up to there. */
      readonly evals?: readonly Eval[] | undefined;
      /** Keep the run in the browser's store, and continue it from there. */
      readonly store: boolean;
      /** Weights to be sent on the way, evenly spread over the steps. */
      readonly keep: number;
      /** Stand still once it is set up or loaded. */
      readonly paused: boolean;
    }
  /** Until a step, or to the end. */
  | { readonly type: "resume"; readonly until?: number | undefined }
  | { readonly type: "pause" }
  /** Send the present weights as soon as may be. */
  | { readonly type: "weights" }
  | { readonly type: "checkpoint"; readonly call: number }
  /** Save and end; answered by `closed`. */
  | { readonly type: "close" };

/** Where training stands. */
export interface Standing {
  readonly running: boolean;
  readonly step: number;
  /** Seconds spent training, over all sittings. */
  readonly seconds: number;
}

/** What the worker tells the page. */
export type Reply =
  | {
      readonly type: "ready";
      readonly step: number;
      /** All stored evaluations up to there. */
      readonly evals: readonly Eval[];
      readonly trainCount: number;
      readonly testCount: number;
      readonly parameters: number;
      readonly context: Context;
      /** It is not stored, and why. */
      readonly unstored?: string | undefined;
    }
  | { readonly type: "progress"; readonly standing: Standing; readonly evals: readonly Eval[] }
  | { readonly type: "weights"; readonly step: number; readonly params: NamedArrays; readonly kept: boolean }
  | { readonly type: "checkpoint"; readonly call: number; readonly checkpoint: Checkpoint }
  | {
      readonly type: "ended";
      readonly status: "finished" | "diverged";
      readonly standing: Standing;
      readonly evals: readonly Eval[];
      readonly checkpoint: Checkpoint;
      readonly weightsHash: string;
      readonly verdict: Verdict;
      readonly note?: string | undefined;
    }
  | { readonly type: "warning"; readonly message: string }
  | { readonly type: "failed"; readonly message: string; readonly usage: boolean }
  | { readonly type: "closed" };
