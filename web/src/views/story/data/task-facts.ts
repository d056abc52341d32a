import type { Plan } from "../../../../../src/train/experiment.ts";

/** How many sums a task of modular addition has, and how they are split. */
export function counts({ task, split }: Plan): {
  readonly p: number;
  readonly pairs: number;
  readonly train: number;
  readonly test: number;
} {
  const p = Number(task["p"]);
  const pairs = task["pairs"] === "unordered" ? (p * (p + 1)) / 2 : p * p;
  const train = Math.floor(pairs * Number(split["trainFraction"]));
  return { p, pairs, train, test: pairs - train };
}
