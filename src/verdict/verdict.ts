import type { Eval } from "../train/eval.ts";
import type { Extremes } from "./extremes.ts";
import type { Phase } from "./phases.ts";

/**
 * What a run did.
 * - `grok`: generalized, long after its training data was fitted
 * - `generalize`: generalized, without that delay
 * - `memorize`: fitted its training data and never (or no longer) generalizes
 * - `fail`: never (or no longer) fits its training data
 * - `undecided`: cut off, still improving at its end, or too few evaluations to tell
 * - `diverged`: a loss was not a finite number
 */
export const labels = ["grok", "generalize", "memorize", "fail", "undecided", "diverged"] as const;
export type Label = (typeof labels)[number];

/** What a verdict must know besides the evaluations. */
export interface Context {
  /** Accuracy of the best guess that ignores the inputs: 1/p, 1/2, the majority class's share. */
  readonly chance: number;
  readonly numClasses: number;
  /** Unit of the losses in the evaluations: nats per example, or as published for modular addition, nats / `outputs`. */
  readonly lossUnit: "nats" | "nats/class";
  /** Rule of the verdict where none is named; `defaultPolicy` where this is absent, too. */
  readonly policy?: string | undefined;
  /**
   * Logits per example: 1 where a single logit decides between two classes, whose published loss is in nats per example,
   * undivided. Absent: 1 for two classes, `numClasses` otherwise.
   */
  readonly outputs?: number | undefined;
  /** Every planned step was done. */
  readonly finished: boolean;
  /** Step at which a loss or weight was not finite, when the training loop saw it. */
  readonly divergedAt?: number | undefined;
}

/** Plain JSON. Steps are steps of evaluations. */
export interface Verdict {
  readonly label: Label;
  readonly policy: string;
  /** The policy's own, finer word: the class its source would print, or `semi-grok`, `ungrok`, `collapse`, `censored`,
   * `stable`, `unstable`. */
  readonly className: string | null;
  readonly thresholds: Readonly<Record<string, number>>;
  /** First step at which the training data counts as fitted. */
  readonly fitStep: number | null;
  /** First step at which the test data counts as learned. */
  readonly generalizeStep: number | null;
  /** `generalizeStep - fitStep`, in steps; negative when the test data came first. */
  readonly delay: number | null;
  /** `generalizeStep / fitStep`; null also when the training data was fitted at step 0. */
  readonly ratio: number | null;
  /** Last step evaluated: where the run is censored if it has not generalized by then. */
  readonly lastStep: number | null;
  readonly divergedAt: number | null;
  /** In words, for a person: the steps and numbers behind the label, then the doubts. */
  readonly reasons: readonly string[];
  /** The same label on coarser evaluation grids and with shifted thresholds; null where the run is too short to ask. */
  readonly robust: boolean | null;
  readonly phases: readonly Phase[];
  /** Drops of accuracy too short to count as forgetting. */
  readonly slingshots: number;
  /** What `pair` decides by, whatever the policy. Absent without evaluations, and in what older versions stored. */
  readonly extremes?: Extremes;
}

/** A stretch of evaluations without divergence, in order of step, as every policy gets it. */
export interface Curve {
  readonly evals: readonly Eval[];
  readonly context: Context;
  /** Step of the first evaluation (or of the training loop's notice) that was not finite. */
  readonly divergedAt: number | null;
}
