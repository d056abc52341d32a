import type { Experiment } from "../train/experiment.ts";
import type { Sweep } from "../train/sweep.ts";
import type { Claim } from "./claims.ts";
import type { SweepClaim } from "./sweep-claims.ts";

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

/** A sweep with what it is for: `groklab sweep <name>` trains its runs, and its table shows whether the claim holds. */
export interface DeclaredSweep {
  readonly name: string;
  /** What the sweep shows, in one sentence. */
  readonly claim: string;
  /** Where the claim and the settings come from. */
  readonly source: string;
  /** Measured time of all its runs on two cores, in minutes. */
  readonly minutes: number;
  readonly sweep: Sweep;
  /** The outcome that the claim expects, as checks over the runs: `groklab verify <name>`. */
  readonly expected: readonly SweepClaim[];
  /** The policy whose labels its table counts; the default policy otherwise. */
  readonly policy?: string;
  /** The same question on other grids, such as the whole published one: `--grid <name>`. */
  readonly grids?: readonly SweepGrid[];
}

export interface SweepGrid {
  readonly name: string;
  /** What it has that the sweep itself has not, in one sentence. */
  readonly help: string;
  readonly minutes: number;
  readonly sweep: Sweep;
}

/** Declares a sweep; keeps the file's types checked where it is written. */
export const defineSweep = (declared: DeclaredSweep): DeclaredSweep => declared;
