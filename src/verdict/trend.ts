import { log } from "../rng/functions.ts";

/** How a series moves over a window. */
export interface Trend {
  /** Theil-Sen slope times the window's length: the typical change over the window, in the values' unit. */
  readonly change: number;
  /** Kendall's tau of value against step: -1 every pair falls, 0 no order, 1 every pair rises. */
  readonly tau: number;
}

/** Fewest points from which a trend is read. */
export const minPoints = 5;

/**
 * Theil-Sen slope and Kendall's tau: medians and signs over all pairs, so that a spike or two change little.
 * Points whose value is not finite are left out; more than 120 are thinned evenly. Null below five points.
 *
 * P. K. Sen, Estimates of the Regression Coefficient Based on Kendall's Tau, JASA 63 (1968).
 */
export function trend(steps: readonly number[], values: readonly number[]): Trend | null {
  const finite = values.flatMap((value, i) => (Number.isFinite(value) ? [{ step: steps[i], value }] : []));
  const points = spread(finite.length, 120).map((i) => finite[i]);
  if (points.length < minPoints) return null;
  const slopes: number[] = [];
  let order = 0;
  for (let j = 1; j < points.length; j++) {
    for (let i = 0; i < j; i++) {
      const rise = points[j].value - points[i].value;
      slopes.push(rise / (points[j].step - points[i].step));
      order += Math.sign(rise);
    }
  }
  return {
    change: median(slopes) * (points.at(-1)!.step - points[0].step),
    tau: order / slopes.length,
  };
}

/** Trend of ln(loss): a change of -0.02 is a fall by 2 %. A loss of 0 counts as 1e-300. */
export const logTrend = (steps: readonly number[], losses: readonly number[]): Trend | null =>
  trend(
    steps,
    losses.map((loss) => (Number.isFinite(loss) ? log(Math.max(loss, 1e-300)) : NaN)),
  );

/** Falls by at least `least`, with at least three pairs in four falling. */
export const falls = (t: Trend | null, least: number): boolean => t !== null && t.change <= -least && t.tau <= -0.5;
/** Rises by at least `least`, with at least three pairs in four rising. */
export const rises = (t: Trend | null, least: number): boolean => t !== null && t.change >= least && t.tau >= 0.5;

/** Index from which the last quarter of the steps runs; at least the last five points, where there are five. */
export function lastQuarter(steps: readonly number[]): number {
  if (steps.length === 0) return 0;
  const from = steps.at(-1)! - (steps.at(-1)! - steps[0]) / 4;
  const start = steps.findIndex((step) => step >= from);
  return Math.max(0, Math.min(start, steps.length - minPoints));
}

/** At most this many of n indices, evenly spread, the first and the last included. */
export function spread(n: number, most: number): readonly number[] {
  if (n <= most) return Array.from({ length: n }, (_, i) => i);
  return Array.from({ length: most }, (_, i) => Math.round((i * (n - 1)) / (most - 1)));
}

/** Middle value; the mean of the two middle ones for an even count; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return NaN;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
