/**
 * Gini coefficient of nonnegative values: 0 where all are equal, (n - 1)/n where one has everything.
 * G = 1 - 2 Σ_i (x_(i) / Σx) (n - i + ½)/n, with x ascending and i from 1. (Hurley and Rickard 2009)
 */
export function gini(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  const total = sorted.reduce((sum, x) => sum + x, 0);
  if (!(total > 0)) return 0;
  return 1 - 2 * sorted.reduce((sum, x, i) => sum + (x / total) * ((n - i - 0.5) / n), 0);
}

/**
 * Inverse participation ratio of powers: Σ_k (P_k / ΣP)², which is 1 for a single frequency and 1/n where all are equal.
 * (Doshi et al. 2024 with r = 2: Σ_k (|u_k| / ‖u‖)^4, the |u_k|² being the powers)
 */
export function participation(powers: Iterable<number>): number {
  let total = 0;
  let squares = 0;
  for (const power of powers) {
    total += power;
    squares += power * power;
  }
  return total > 0 ? squares / (total * total) : 0;
}

export const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, x) => sum + x, 0) / values.length;

/** Of an even number of values the mean of the middle two. NaN for none. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
