import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { UsageError } from "../../options.ts";
import { version } from "../../runs/software.ts";
import type { Experiment, Plan } from "../../train/experiment.ts";
import { canonicalJson, plan, runGroup } from "../../train/plan.ts";
import type { SweepRun } from "../../train/sweep.ts";
import { defaultPolicy, judge } from "../../verdict/index.ts";

/** Some runs of a sweep, as they travel in a queue. Plain JSON: Plans and how to count them, never code. */
export interface SweepJob {
  readonly format: typeof format;
  /** Version of the groklab that put it there: another one may end in other bits. */
  readonly groklab: string;
  /** Id of the sweep. */
  readonly sweep: string;
  readonly policy: string;
  readonly stopWhenDecided: boolean;
  readonly retryFailed: boolean;
  readonly runs: readonly SeedRuns[];
}
const format = 1;

/** Runs that differ only in the seed: most of what would be said of each is the same. */
export interface SeedRuns {
  /** What the ids of all have in common. */
  readonly group: string;
  readonly plan: Omit<Plan, "seed">;
  readonly seeds: readonly number[];
}

export interface JobOptions {
  readonly sweep: string;
  readonly policy?: string | undefined;
  readonly stopWhenDecided?: boolean | undefined;
  readonly retryFailed?: boolean | undefined;
}

/** @param runs those of one Plan should follow each other */
export function sweepJob(runs: readonly SweepRun[], options: JobOptions): SweepJob {
  const groups: { group: string; plan: Omit<Plan, "seed">; seeds: number[] }[] = [];
  for (const run of runs) {
    const { seed, ...rest } = run.plan;
    const group = run.id.slice(0, run.id.length - `-s${seed}`.length);
    const last = groups.at(-1);
    if (last?.group === group) last.seeds.push(seed);
    else groups.push({ group, plan: rest, seeds: [seed] });
  }
  const { sweep, policy = defaultPolicy, stopWhenDecided = false, retryFailed = false } = options;
  return { format, groklab: version, sweep, policy, stopWhenDecided, retryFailed, runs: groups };
}

/** The ids of a job's runs, as it says. */
export const idsOf = ({ runs }: SweepJob): readonly string[] =>
  runs.flatMap(({ group, seeds }) => seeds.map((seed) => `${group}-s${seed}`));

/** The same runs are the same job: put there twice, it is there once. Without the colons that BullMQ keeps for itself. */
export function jobId(job: SweepJob): string {
  const hash = bytesToHex(sha256(utf8ToBytes(idsOf(job).join(" ")))).slice(0, 20);
  return `${job.sweep.replace(/[^\w.-]/g, "_")}-${hash}`;
}

/** A job that another version of groklab made. */
export class OtherVersion extends Error {
  override name = "OtherVersion";
  constructor(readonly theirs: string) {
    super(`the queue holds work of groklab ${theirs}, and this is groklab ${version}: the bits of their runs may differ; use the same version on every machine`); // prettier-ignore
  }
}

/** What a job asks for, every Plan checked. */
export interface ReadJob {
  readonly sweep: string;
  readonly policy: string;
  readonly stopWhenDecided: boolean;
  readonly retryFailed: boolean;
  readonly runs: readonly { readonly id: string; readonly plan: Plan }[];
}

/**
 * Reads what came out of a queue, trusting nothing in it.
 * @throws OtherVersion; UsageError that says what is wrong with it
 */
export function readJob(data: unknown): ReadJob {
  if (!isRecord(data)) throw new UsageError("not an object");
  const { groklab, sweep, policy, runs } = data;
  if (data["format"] !== format || groklab !== version) {
    throw new OtherVersion(typeof groklab === "string" ? groklab.slice(0, 40) : "of another kind");
  }
  if (typeof sweep !== "string" || typeof policy !== "string" || !Array.isArray(runs)) {
    throw new UsageError("sweep, policy or runs are missing");
  }
  judge([], { chance: 0.5, numClasses: 2, lossUnit: "nats", finished: false }, policy); // names what is known
  return {
    ...{ sweep, policy, stopWhenDecided: data["stopWhenDecided"] === true, retryFailed: data["retryFailed"] === true },
    runs: runs.flatMap(readGroup),
  };
}

function readGroup(given: unknown): ReadJob["runs"] {
  if (!isRecord(given) || !isRecord(given["plan"]) || !Array.isArray(given["seeds"])) {
    throw new UsageError("a group of runs has no plan or no seeds");
  }
  const seeds = given["seeds"] as readonly unknown[];
  // A Plan is an Experiment that lacks nothing: planned again it is the same.
  const whole = plan({ ...(given["plan"] as unknown as Experiment), seed: 0 });
  const { seed: _, ...rest } = whole;
  if (canonicalJson(rest) !== canonicalJson(given["plan"])) throw new UsageError("its plan is not written out in full");
  const group = runGroup(whole);
  if (group !== given["group"]) throw new UsageError(`its plan is that of ${group}, not of what it says`);
  return seeds.map((seed) => {
    const made = plan({ ...(given["plan"] as Experiment), seed: seed as number });
    return { id: `${group}-s${made.seed}`, plan: { ...whole, seed: made.seed } };
  });
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
