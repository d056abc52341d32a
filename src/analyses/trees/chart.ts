/**
 * Last-layer states of a sentence's words, row-major `[words, dModel]`, row t for word t. Only rows from the first visible
 * word on are read.
 */
export type States = Float64Array | Float32Array;

/** For every span first … last of n words, how much its meaning is the same with and without what stands before it. */
export interface SpanChart {
  readonly n: number;
  /** `[n, n]`, row first, column last; entries below the diagonal are 0. */
  readonly values: Float64Array;
}

export const chartAt = ({ n, values }: SpanChart, first: number, last: number): number => values[first * n + last];

/**
 * chart(i, j) = cos(Σ h_t, Σ h̃_t), t = i … j: h are the states in the whole sentence, h̃ those of a run in which words
 * before i are hidden in every layer (SOS stays visible, positions stay).
 *
 * In a causal network states do not depend on later words, so one run for each i serves all its spans by prefix sums: n
 * runs instead of n (n + 1) / 2. The run of i = 0 is the ordinary one, so chart(0, j) = 1.
 *
 * Source: Murty, Sharma, Andreas and Manning, "Characterizing intrinsic compositionality in transformers with tree
 * projections", ICLR 2023, as applied to causal networks in their "Grokking of hierarchical structure", ACL 2023.
 *
 * @param runs states by first visible word, `[n]`; the first is of the whole sentence
 */
export function spanChart(runs: readonly States[], dModel: number): SpanChart {
  const n = runs.length;
  const values = new Float64Array(n * n);
  const whole = new Float64Array(dModel);
  const alone = new Float64Array(dModel);
  for (let first = 0; first < n; first++) {
    whole.fill(0);
    alone.fill(0);
    for (let last = first; last < n; last++) {
      for (let c = 0; c < dModel; c++) {
        whole[c] += runs[0][last * dModel + c];
        alone[c] += runs[first][last * dModel + c];
      }
      values[first * n + last] = cosine(whole, alone);
    }
  }
  return { n, values };
}

function cosine(a: Float64Array, b: Float64Array): number {
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let c = 0; c < a.length; c++) {
    ab += a[c] * b[c];
    aa += a[c] * a[c];
    bb += b[c] * b[c];
  }
  const norms = Math.sqrt(aa) * Math.sqrt(bb);
  // States of no length have no direction: nothing is the same about them.
  return norms === 0 ? 0 : ab / norms;
}
