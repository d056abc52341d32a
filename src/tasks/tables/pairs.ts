import { choice, int } from "../../options.ts";
import type { Task } from "../task.ts";
import { largestShare } from "./labels.ts";

/** Fields that tasks over pairs of residues share. */
export const modulus = int(67, "modulus: operands and answers are 0 to p - 1", { min: 2, max: 1024 });
export const pairs = choice(
  ["ordered", "unordered"],
  "ordered",
  "ordered: every (a, b); unordered: only a <= b, one of each mirrored pair",
);

interface PairOptions {
  readonly p: number;
  readonly pairs?: "ordered" | "unordered";
}

/**
 * The table of an operation on residues: every pair (a, b), a outer, b inner, and its answer.
 * @param answer (a, b) -> 0 … p - 1; it is only asked for pairs that `defined` allows
 * @param symmetric whether answer(a, b) = answer(b, a): mirrored pairs are then one orbit
 */
export function pairTask(
  name: string,
  { p, pairs = "ordered" }: PairOptions,
  answer: (a: number, b: number) => number,
  symmetric: boolean,
  defined: (a: number, b: number) => boolean = () => true,
): Task {
  const tokens: number[] = [];
  const labels: number[] = [];
  const orbits: number[] = [];
  for (let a = 0; a < p; a++) {
    for (let b = pairs === "unordered" ? a : 0; b < p; b++) {
      if (!defined(a, b)) continue;
      tokens.push(a, b);
      labels.push(answer(a, b));
      orbits.push(unorderedIndex(a, b, p));
    }
  }
  return {
    name,
    n: labels.length,
    inputs: { kind: "tokens", tokens: Int32Array.from(tokens), seqLen: 2, vocabSize: p },
    labels: Int32Array.from(labels),
    numClasses: p,
    chance: largestShare(labels),
    ...(symmetric && pairs === "ordered" ? { orbits: Int32Array.from(orbits) } : {}),
  };
}

/** Place of {a, b} among the pairs with a <= b, listed a outer, b inner. */
export function unorderedIndex(a: number, b: number, p: number): number {
  const low = Math.min(a, b);
  return low * p - (low * (low - 1)) / 2 + Math.max(a, b) - low;
}
