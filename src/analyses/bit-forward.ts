import type { BitNetwork } from "./bit-network.ts";

/** Pre-activations of the hidden neurons for one example, written to `pre`, [n]. */
export function preInto({ input, low, high }: BitNetwork, bits: Uint8Array, from: number, pre: Float64Array): void {
  const { rows: width, cols: n, data } = input;
  pre.fill(0);
  for (let i = 0; i < width; i++) {
    const x = bits[from + i] === 1 ? high : low;
    if (x === 0) continue;
    for (let j = 0; j < n; j++) pre[j] += x * data[i * n + j];
  }
}

/** The logit of given pre-activations. */
export function logitOf(output: Float64Array, pre: Float64Array): number {
  let logit = 0;
  for (let j = 0; j < pre.length; j++) if (pre[j] > 0) logit += pre[j] * output[j];
  return logit;
}

/** Calls back with every example's pre-activations, which the next one overwrites. */
export function eachBitExample(
  network: BitNetwork,
  visit: (pre: Float64Array, label: number, train: number, from: number) => void,
): void {
  const { bits, label, train } = network.examples;
  const width = network.input.rows;
  const pre = new Float64Array(network.input.cols);
  for (let i = 0; i < label.length; i++) {
    preInto(network, bits, i * width, pre);
    visit(pre, label[i], train[i], i * width);
  }
}

/** 1 for a logit above 0: a logit of exactly 0 answers 0, as in training. */
export const answerOf = (logit: number): number => (logit > 0 ? 1 : 0);

/** Accuracy on both halves; NaN where a half is empty. */
export function bitAccuracy(network: BitNetwork): { readonly train: number; readonly test: number } {
  const right = [0, 0];
  const count = [0, 0];
  eachBitExample(network, (pre, label, train) => {
    count[train]++;
    if (answerOf(logitOf(network.output, pre)) === label) right[train]++;
  });
  return { train: right[1] / count[1], test: right[0] / count[0] };
}
