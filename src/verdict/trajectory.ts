import type { Eval } from "../train/eval.ts";

/**
 * What a curve did, where it may rise and fall again: the mean of such a curve says little. Accuracies of language models
 * on generalization sets swing between 0 and 1 for a long time.
 */
export interface Trajectory {
  readonly readings: number;
  /** Step of the first reading at or above the threshold; null: never. */
  readonly firstCrossing: number | null;
  /** Share of the readings from the first crossing on that are at or above the threshold; null: it never crossed. */
  readonly shareAbove: number | null;
  /** Sum of |differences| of neighboring readings: 1 is one full rise or fall. */
  readonly totalVariation: number;
  readonly max: number;
  readonly min: number;
  readonly final: number;
}

/** The readings of one series, by default of the accuracy on the test half. NaN readings are left out. */
export function trajectory(
  evals: readonly Eval[],
  { threshold = 0.8, series = (e: Eval): number => e.test.accuracy } = {},
): Trajectory {
  const points = evals.map((e) => ({ step: e.step, value: series(e) })).filter(({ value }) => !Number.isNaN(value));
  const crossing = points.findIndex(({ value }) => value >= threshold);
  const after = crossing < 0 ? [] : points.slice(crossing);
  const values = points.map(({ value }) => value);
  return {
    readings: points.length,
    firstCrossing: crossing < 0 ? null : points[crossing].step,
    shareAbove: crossing < 0 ? null : after.filter(({ value }) => value >= threshold).length / after.length,
    totalVariation: values.slice(1).reduce((sum, value, i) => sum + Math.abs(value - values[i]), 0),
    max: values.reduce((a, b) => Math.max(a, b), -Infinity),
    min: values.reduce((a, b) => Math.min(a, b), Infinity),
    final: values.at(-1) ?? NaN,
  };
}
