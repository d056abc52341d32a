import type { Eval } from "../../train/eval.ts";
import type { Plan } from "../../train/experiment.ts";
import type { Extremes, Verdict } from "../../verdict/index.ts";
import type { Track } from "./track.ts";

/**
 * A run small enough to be sent with a page: its Plan, its curves to seven digits, and how a few matrices changed.
 * A further measure that is not a number is one that an evaluation lacks. It is for looking at; the Plan trains the run itself again, to the bit.
 *
 * Names of tracks: `inputs.0` and `inputs.1`, `[p, neurons]`: what each operand adds to each neuron (only the first
 * where they are the same); `output`, `[neurons, p]`; and for networks over bits the parameters `mlp.W_in` and
 * `mlp.W_out` themselves.
 */
export interface Recording {
  readonly plan: Plan;
  readonly evals: readonly Eval[];
  readonly tracks: readonly Track[];
  readonly verdict?: RecordedVerdict | undefined;
  /** What the published class is decided by, over all evaluations, also those that are not kept. */
  readonly extremes?: Extremes | undefined;
  /** `sha256:…` of the run's final weights. */
  readonly weightsHash?: string | undefined;
}

/** What remains of a Verdict: what it is counted by. */
export type RecordedVerdict = Pick<
  Verdict,
  "label" | "policy" | "className" | "fitStep" | "generalizeStep" | "lastStep"
>;

/** What a file may hold, checked before anything of that size is allocated. */
export const limits = {
  /** Bytes of the file. */
  file: 16_000_000,
  /** Bytes that it inflates to. */
  inflated: 96_000_000,
  /** Bytes of its header. */
  header: 4_000_000,
  runs: 2000,
  /** Of one run. */
  evals: 20_000,
  /** Further measures of one run's evaluations. */
  measures: 256,
  /** Of one run. */
  tracks: 8,
  /** Steps of one track. */
  steps: 2000,
  /** Entries of one matrix. */
  entries: 1_000_000,
} as const;
