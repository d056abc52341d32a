import type { Matrix, Network } from "./network.ts";

/** Activations of the hidden neurons for one pair, written to `hidden`, [n]. */
export function hiddenInto({ inputs, activation, output }: Network, a: number, b: number, hidden: Float64Array): void {
  const n = output.rows;
  const first = inputs[0].data;
  const second = inputs[1].data;
  const square = activation === "square";
  for (let j = 0; j < n; j++) {
    const pre = first[a * n + j] + second[b * n + j];
    hidden[j] = square ? pre * pre : pre > 0 ? pre : 0;
  }
}

/** hidden · output over the chosen neurons, added to `logits`, [p]. */
export function addLogits(
  { cols, data }: Matrix,
  hidden: Float64Array,
  neurons: readonly number[],
  logits: Float64Array,
): void {
  for (const j of neurons) {
    const h = hidden[j];
    if (h === 0) continue;
    const from = j * cols;
    for (let c = 0; c < cols; c++) logits[c] += h * data[from + c];
  }
}

export const allNeurons = (n: number): readonly number[] => Array.from({ length: n }, (_, j) => j);

/** Logits of one pair, [p]. */
export function logitsOf(network: Network, a: number, b: number): Float64Array {
  const hidden = new Float64Array(network.output.rows);
  hiddenInto(network, a, b, hidden);
  const logits = new Float64Array(network.output.cols);
  addLogits(network.output, hidden, allNeurons(hidden.length), logits);
  return logits;
}

/** The first of the largest logits: ties go to the smaller answer, as in training. */
export function argmax(logits: ArrayLike<number>): number {
  let best = 0;
  for (let c = 1; c < logits.length; c++) if (logits[c] > logits[best]) best = c;
  return best;
}

/** Cross-entropy in nats relative to the label: log(1 + Σ e^(l_c - l_label)) keeps its digits however small it is. */
export function lossOf(logits: Float64Array, label: number): number {
  const own = logits[label];
  let largest = 0;
  for (let c = 0; c < logits.length; c++) if (logits[c] - own > largest) largest = logits[c] - own;
  const base = own + largest;
  let sum = 0;
  for (let c = 0; c < label; c++) sum += Math.exp(logits[c] - base);
  for (let c = label + 1; c < logits.length; c++) sum += Math.exp(logits[c] - base);
  return largest === 0 ? Math.log1p(sum) : largest + Math.log(sum + Math.exp(-largest));
}

/** The label's logit less the largest other one: positive where the answer is right. */
export function marginOf(logits: Float64Array, label: number): number {
  let other = -Infinity;
  for (let c = 0; c < logits.length; c++) if (c !== label && logits[c] > other) other = logits[c];
  return logits[label] - other;
}
