import type { Eval } from "../train/eval.ts";
import { publishedLoss } from "./curve.ts";
import type { Context } from "./verdict.ts";

/**
 * The three numbers of a run that the published four-way class looks at, in the published unit, over all evaluations up
 * to a divergence. Stored with a verdict, so that thousands of runs are judged again by other thresholds without their
 * curves. null stands for infinite, which JSON cannot write.
 */
export interface Extremes {
  readonly minTrain: number | null;
  readonly minTest: number | null;
  /** Largest test loss / train loss. */
  readonly maxRatio: number | null;
}

export function extremesOf(evals: readonly Eval[], context: Context): Extremes {
  let minTrain = Infinity;
  let minTest = Infinity;
  let maxRatio = 0;
  for (const { train, test } of evals) {
    const trainLoss = publishedLoss(train.loss, context);
    const testLoss = publishedLoss(test.loss, context);
    if (trainLoss < minTrain) minTrain = trainLoss;
    if (testLoss < minTest) minTest = testLoss;
    if (testLoss / trainLoss > maxRatio) maxRatio = testLoss / trainLoss;
  }
  const finite = (value: number) => (value === Infinity ? null : value);
  return { minTrain: finite(minTrain), minTest: finite(minTest), maxRatio: finite(maxRatio) };
}

/** Published class, and the label it means. */
export const pairClasses = {
  "High Train Loss": "fail",
  "High Test Loss": "memorize",
  "Train/Test Drop Together": "generalize",
  Grokking: "grok",
} as const;
export type PairClass = keyof typeof pairClasses;

/** The published rule; the order of its questions matters. */
export function pairClassOf(extremes: Extremes, { m, r }: { readonly m: number; readonly r: number }): PairClass {
  const { minTrain, minTest, maxRatio } = extremes;
  if ((minTrain ?? Infinity) > m) return "High Train Loss";
  if ((minTest ?? Infinity) > m) return "High Test Loss";
  return (maxRatio ?? Infinity) < r ? "Train/Test Drop Together" : "Grokking";
}
