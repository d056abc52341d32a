import type { SweepRun } from "../train/sweep.ts";
import { planCosts } from "./plan-cost.ts";

/** One of `of` parts of a sweep, from 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/**
 * Divides a sweep evenly by what its runs cost: the costliest first, each to the part that has least so far; of equal
 * ones in the order of their ids. Every machine divides the same sweep in the same way, whatever is stored already.
 * @param cost of a run; must be the same wherever it is computed
 * @returns the runs of each part, in the order of the sweep
 */
export function divide(
  runs: readonly SweepRun[],
  parts: number,
  cost: (run: SweepRun) => number = planCosted(),
): readonly (readonly SweepRun[])[] {
  const costed = runs.map((run, place) => ({ run, place, cost: cost(run) }));
  costed.sort((a, b) => b.cost - a.cost || (a.run.id < b.run.id ? -1 : 1));
  const heap = leastLoaded(parts);
  const found: { run: SweepRun; place: number }[][] = Array.from({ length: parts }, () => []);
  // A run that cannot be trained still counts as one.
  for (const one of costed) found[heap.take(Math.max(1, one.cost))].push(one);
  return found.map((part) => part.sort((a, b) => a.place - b.place).map(({ run }) => run));
}

const planCosted = () => {
  const cost = planCosts();
  return ({ plan }: SweepRun) => cost(plan);
};

/** Gives each cost to the part with the least load, of equal ones to the first: a heap, for a million runs. */
function leastLoaded(parts: number) {
  const loads = new Float64Array(parts);
  const order = Array.from({ length: parts }, (_, part) => part);
  const before = (a: number, b: number) => loads[a] < loads[b] || (loads[a] === loads[b] && a < b);
  return {
    take(cost: number): number {
      const [part] = order;
      loads[part] += cost;
      for (let at = 0; ;) {
        let least = at;
        for (const child of [2 * at + 1, 2 * at + 2]) {
          if (child < parts && before(order[child], order[least])) least = child;
        }
        if (least === at) return part;
        [order[at], order[least]] = [order[least], order[at]];
        at = least;
      }
    },
  };
}

/** The name of the part of a store that one shard of a sweep writes. */
export const shardSegment = (sweep: string, { index, of }: Shard): string => `${sweep}.${index}-of-${of}`;

/** Whether a shard has to read this segment: the other parts of the same division hold none of its runs. */
export const mayHoldRuns =
  (sweep: string, { of }: Shard) =>
  (segment: string): boolean =>
    !(segment.startsWith(`${sweep}.`) && segment.endsWith(`-of-${of}`));
