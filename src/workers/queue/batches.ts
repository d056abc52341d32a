import type { SweepRun } from "../../train/sweep.ts";

/** Seconds of training that travel in one job, about: enough that what the queue does for it is little beside it. */
const target = 10;
/** At least so many jobs, where there are as many runs: work for many threads, and a short end. */
const fewest = 256;
/** Runs of one job at most: what is given back to the queue with it is looked at again. */
const most = 500;

/** Divides runs into jobs, longest first; those of one Plan follow each other. @param seconds of a run; NaN is none */
export function batches(
  runs: readonly SweepRun[],
  seconds: (run: SweepRun) => number,
): readonly (readonly SweepRun[])[] {
  const timed = runs.map((run) => ({ run, group: run.id.replace(/-s\d+$/, ""), seconds: seconds(run) || 0 }));
  timed.sort((a, b) => b.seconds - a.seconds || compare(a.group, b.group) || a.run.plan.seed - b.run.plan.seed);
  const total = timed.reduce((sum, one) => sum + one.seconds, 0);
  const length = Math.min(target, total / fewest);
  const found: SweepRun[][] = [];
  let filled = Infinity;
  for (const { run, seconds: takes } of timed) {
    if (filled >= length || found.at(-1)!.length >= most) {
      found.push([]);
      filled = 0;
    }
    found.at(-1)!.push(run);
    filled += takes;
  }
  return found;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
