import type { Eval } from "../../../../../src/train/eval.ts";

/** Whether the last test loss is below this share of the largest one: it has turned, and is on its way down. */
export function lossBelow(evals: readonly Eval[], factor: number): boolean {
  const highest = evals.reduce((most, e) => Math.max(most, e.test.loss), 0);
  const last = evals.at(-1)?.test.loss ?? Infinity;
  return last < factor * highest;
}

/** The file in which a seed of the main run is recorded with all its steps, where it is shipped. */
export const wholeFile = (seed: number): string => (seed === 165 ? "modular-addition" : `modular-addition-s${seed}`);
