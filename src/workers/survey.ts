import type { Store } from "../runs/store.ts";
import type { SweepRun } from "../train/sweep.ts";
import { newControl } from "./control.ts";
import { forecast, makespan } from "./forecast.ts";
import { type StartTrainer, threads } from "./pool.ts";
import { type StandingOptions, standings } from "./standing.ts";

/** What a sweep would do, before it does it. */
export interface Survey {
  readonly total: number;
  /** Over already, or failed and not to be tried again. */
  readonly over: number;
  /** Of those over: ended by an error. */
  readonly failed: number;
  /** To be trained. */
  readonly left: number;
  /** Of those left: trained by another process now. */
  readonly busy: number;
  /** Kinds of runs left, by what they cost; each was tried for a moment. */
  readonly kinds: number;
  /** Until all are over, on so many workers. */
  readonly seconds: number;
  /** That the runs left will take in the store. */
  readonly bytes: number;
  /** Kinds of run whose options do not fit each other, with one run of each. */
  readonly impossible: readonly { readonly run: SweepRun; readonly why: string }[];
}

/** Counts what is done and tries out what is left. Nothing is stored. */
export async function surveySweep(
  store: Store,
  runs: readonly SweepRun[],
  { workers, start = threads(), ...standing }: StandingOptions & { workers: number; start?: StartTrainer | undefined },
): Promise<Survey> {
  const found = await standings(store, runs, standing);
  const left = found.flatMap((one, i) => (one.kind === "open" ? [{ run: runs[i], record: one.record }] : []));
  const control = newControl(workers);
  const trainers = Array.from({ length: Math.min(workers, left.length) }, (_, place) => start(store, control, place));
  try {
    const made = await forecast(trainers, left.map(({ run }) => run)); // prettier-ignore
    const seconds = left.map(({ run, record }) => {
      const steps = Math.max(1, run.plan.training["steps"] as number);
      return orZero(made.seconds(run)) * (1 - (record?.step ?? 0) / steps);
    });
    return {
      total: runs.length,
      over: runs.length - left.length,
      failed: found.filter(({ kind }) => kind === "failed").length,
      left: left.length,
      busy: left.filter(({ record }) => record?.heldBy !== undefined).length,
      kinds: made.kinds,
      seconds: makespan(seconds, workers),
      bytes: left.reduce((sum, { run }) => sum + orZero(made.bytes(run)), 0),
      impossible: made.impossible,
    };
  } finally {
    await Promise.all(trainers.map((trainer) => trainer.close()));
  }
}

/** A run that cannot be trained takes no time. */
const orZero = (value: number): number => (Number.isNaN(value) ? 0 : value);
