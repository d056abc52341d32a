import type { SweepRun } from "../train/sweep.ts";
import type { Trainer } from "./pool.ts";
import { bytesOf, costClass, secondsOf, type Trial } from "./trial.ts";

/** What the runs of a sweep cost, from a trial of each kind of run. */
export interface Forecast {
  /** Seconds of a whole run on one worker; NaN where its Plan cannot be trained. */
  readonly seconds: (run: SweepRun) => number;
  /** Bytes in the store. */
  readonly bytes: (run: SweepRun) => number;
  /** How many kinds of run there are by what they cost. */
  readonly kinds: number;
  /** Kinds of run whose Plan cannot be trained, with one run of each and why. */
  readonly impossible: readonly { readonly run: SweepRun; readonly why: string }[];
}

/** All trials together take about so long on each worker, and each of them within these bounds. */
const secondsInAll = 8;
const secondsEach = { least: 0.03, most: 0.4 };

/** Tries out each kind of run, shared among the trainers, which are busy as they will be in earnest. */
export async function forecast(trainers: readonly Trainer[], runs: readonly SweepRun[]): Promise<Forecast> {
  const kinds = new Map<string, SweepRun>();
  const kindOf = new Map<SweepRun, string>();
  for (const run of runs) {
    const kind = costClass(run.plan);
    kindOf.set(run, kind);
    if (!kinds.has(kind)) kinds.set(kind, run);
  }
  const share = (secondsInAll * trainers.length) / Math.max(1, kinds.size);
  const seconds = Math.min(secondsEach.most, Math.max(secondsEach.least, share));
  const trials = new Map<string, Trial>();
  const impossible: { run: SweepRun; why: string }[] = [];
  const left = [...kinds];
  await Promise.all(
    trainers.map(async (trainer) => {
      for (let next = left.shift(); next; next = left.shift()) {
        const [kind, run] = next;
        try {
          trials.set(kind, await trainer.trial(run.plan, seconds));
        } catch (error) {
          impossible.push({ run, why: (error as Error).message });
        }
      }
    }),
  );
  const of = (run: SweepRun, measure: (plan: SweepRun["plan"], trial: Trial) => number): number => {
    const found = trials.get(kindOf.get(run) ?? costClass(run.plan));
    return found ? measure(run.plan, found) : NaN;
  };
  // Runs of one kind cost the same: counted once.
  const remembered = (measure: (plan: SweepRun["plan"], trial: Trial) => number) => {
    const known = new Map<string, number>();
    return (run: SweepRun): number => {
      const kind = kindOf.get(run) ?? costClass(run.plan);
      const value = known.get(kind) ?? of(run, measure);
      known.set(kind, value);
      return value;
    };
  };
  return { kinds: kinds.size, seconds: remembered(secondsOf), bytes: remembered(bytesOf), impossible };
}

/** Seconds until the last of these is done, taken longest first by so many workers. */
export function makespan(seconds: readonly number[], workers: number): number {
  const loads = Array.from({ length: Math.max(1, workers) }, () => 0);
  for (const value of [...seconds].sort((a, b) => b - a)) {
    const least = loads.indexOf(Math.min(...loads));
    loads[least] += value;
  }
  return Math.max(...loads);
}
