import type { Checkpoint } from "../train/checkpoint.ts";
import type { Eval } from "../train/eval.ts";
import type { Plan } from "../train/experiment.ts";
import type { Sweep } from "../train/sweep.ts";
import type { Value } from "../options.ts";
import type { Verdict } from "../verdict/index.ts";
import type { CheckpointFile } from "./checkpoint-file.ts";

/**
 * - `running`: a process trains it now (or was killed: its lease has expired, and the run can be continued)
 * - `stopped`: interrupted or stopped early on request; can be continued
 * - `finished`: every step of the Plan was done
 * - `diverged`: a loss or weight was not finite; kept, with the step
 * - `failed`: an error ended it; kept, with the message
 */
export type RunStatus = "running" | "stopped" | "finished" | "diverged" | "failed";

/** What is known of a run without reading its curves or weights. Plain JSON. */
export interface RunRecord {
  readonly id: string;
  readonly plan: Plan;
  readonly status: RunStatus;
  /** Steps whose evaluation is stored. */
  readonly step: number;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Time spent training, over all sittings. */
  readonly seconds: number;
  /** `groklab` version, Node or browser version, processor architecture of the last sitting. */
  readonly software: string;
  readonly last?: Eval;
  readonly verdict?: Verdict;
  readonly weightsHash?: string;
  /** Why it stopped, diverged or failed, in one sentence. */
  readonly note?: string;
  /** Who trains it now, in words. A run that is `running` and held by nobody was killed, and can be continued. */
  readonly heldBy?: string;
}

export interface RunQuery {
  readonly task?: string;
  readonly model?: string;
  readonly status?: RunStatus;
  readonly label?: string;
  readonly limit?: number;
}

/** The right to write one run. Two processes never hold the same run; a dead holder's claim expires. */
export interface Claim {
  readonly id: string;
  readonly owner: string;
}

/** How a sitting ended. Written last: its presence is the finished marker. */
export interface Ending {
  readonly status: Exclude<RunStatus, "running">;
  /** Spent training in this sitting; the store adds up the sittings. */
  readonly seconds: number;
  readonly verdict?: Verdict;
  readonly weightsHash?: string;
  readonly note?: string;
}

/** A sweep that was started in this store. Its runs are those of its Plans: `expand(sweep).runs`, looked up with `records`. */
export interface SweepRecord {
  /** As `sweepId(name, sweep)`. */
  readonly id: string;
  /** The name of a declared sweep, or of the user's file. */
  readonly name: string;
  readonly sweep: Sweep;
  /** The command line that started it last. */
  readonly command: string;
  /** The policy whose labels it counts. */
  readonly policy: string;
  /** How it was run, where that matters for what its runs are, such as `stopWhenDecided`. */
  readonly options: Readonly<Record<string, Value>>;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly updatedAt: string;
}
export type NewSweep = Omit<SweepRecord, "createdAt" | "updatedAt">;

/** Which of a run's checkpoints: its step, or the one kept to go on from. */
export type CheckpointName = number | "resume";

/** A store's side of a copy: runs as they lie, with their dates and the software that wrote them. */
export interface Archive {
  /** Undefined where there is none. @throws DamagedError as loadCheckpoint */
  checkpoint(id: string, name: CheckpointName): Promise<CheckpointFile | undefined>;
  keepCheckpoint(claim: Claim, name: CheckpointName, file: CheckpointFile): Promise<void>;
  /** Writes the record and its evaluations in place of what the run was, and gives the claim back: last of all. */
  keepRun(claim: Claim, record: RunRecord, evals: readonly Eval[]): Promise<void>;
  /** Remembers a sweep with its dates, unless it is known. */
  keepSweep(sweep: SweepRecord): Promise<void>;
}

/** A place where runs are kept. Every driver passes the same contract suite. */
export interface Store {
  /** Where it is, as the user would write it. */
  readonly where: string;
  /** Newest first. */
  list(query?: RunQuery): Promise<readonly RunRecord[]>;
  find(id: string): Promise<RunRecord | undefined>;
  /** Those of these runs that are here, in the order asked for; thousands at once. */
  records(ids: readonly string[]): Promise<readonly RunRecord[]>;
  /**
   * Take the run for writing, creating it when it is new. A run that was `finished` or `diverged` stays so, any other is
   * `running` from now on.
   * @throws BusyError when another live process holds it
   */
  claim(id: string, plan: Plan): Promise<Claim>;
  /**
   * Store evaluations; one of a step already stored replaces it. On return they survive `kill -9`.
   * @throws BusyError when the claim was lost to another process, StoreError when they cannot be written
   */
  append(claim: Claim, evals: readonly Eval[]): Promise<void>;
  /** Ascending by step. NaN and infinities come back as they were. */
  evals(id: string): Promise<readonly Eval[]>;
  /** Written to a temporary file, flushed, renamed: a checkpoint is whole or absent. */
  saveCheckpoint(claim: Claim, checkpoint: Checkpoint): Promise<void>;
  /** Steps of the stored checkpoints, ascending. */
  checkpoints(id: string): Promise<readonly number[]>;
  /** @throws DamagedError that names the file, which has been set aside; UsageError when there is none at this step */
  loadCheckpoint(id: string, step: number): Promise<Checkpoint>;
  /**
   * Keeps a checkpoint that the Plan does not ask for, only to go on from should this process be killed: it replaces the
   * one kept so before, is not among `checkpoints`, and goes when the run ends finished or diverged.
   */
  saveResume(claim: Claim, checkpoint: Checkpoint): Promise<void>;
  /** That checkpoint, or undefined. @throws DamagedError as loadCheckpoint */
  loadResume(id: string): Promise<Checkpoint | undefined>;
  finish(claim: Claim, ending: Ending): Promise<void>;
  /** Give the claim back without an ending, e.g. after an error in storing: a `running` run is `stopped`. */
  release(claim: Claim): Promise<void>;
  /** With its curves and checkpoints. @throws BusyError while a process trains it */
  delete(id: string): Promise<void>;
  /** Remembers a sweep; one that is known keeps the date it was made. */
  saveSweep(sweep: NewSweep): Promise<SweepRecord>;
  /** Newest first, by when each was last started. */
  listSweeps(): Promise<readonly SweepRecord[]>;
  /** The sweep of this id, or the newest of this name. */
  findSweep(nameOrId: string): Promise<SweepRecord | undefined>;
  /** Forgets the sweep; its runs stay. */
  deleteSweep(id: string): Promise<void>;
  /** Gives all claims back. */
  close(): Promise<void>;
  /** Of stores that runs are copied between. */
  readonly archive?: Archive;
}
