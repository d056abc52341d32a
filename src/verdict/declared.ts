import type { Experiment } from "../train/experiment.ts";
import type { Claim } from "./claims.ts";

/** An experiment with what it is for: `groklab verify <name>` trains it and says whether the claims hold. */
export interface DeclaredExperiment {
  readonly name: string;
  /** What the experiment shows, in one sentence. */
  readonly claim: string;
  /** Where the claim and the settings come from. */
  readonly source: string;
  /** Measured time of a whole run on one core, in minutes. */
  readonly minutes: number;
  readonly experiment: Experiment;
  /** The outcome that the claim expects, as checks on the finished run. */
  readonly expected: readonly Claim[];
}

/** Declares an experiment; keeps the file's types checked where it is written. */
export const defineExperiment = (declared: DeclaredExperiment): DeclaredExperiment => declared;
