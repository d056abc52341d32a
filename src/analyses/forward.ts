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

/**
 * hidden · output over the chosen neurons, added to `logits`, [p]. Silent neurons are passed over; four of the others are
 * added at a time, since reading and writing the logits is what takes long.
 */
export function addLogits(
  { cols, data }: Matrix,
  hidden: Float64Array,
  neurons: readonly number[],
  logits: Float64Array,
): void {
  let count = 0;
  if (active.length < neurons.length) active = new Int32Array(neurons.length);
  for (const j of neurons) if (hidden[j] !== 0) active[count++] = j;
  let i = 0;
  for (; i + 3 < count; i += 4) {
    const [u, v, w, x] = [active[i] * cols, active[i + 1] * cols, active[i + 2] * cols, active[i + 3] * cols];
    const [g, h, k, l] = [hidden[active[i]], hidden[active[i + 1]], hidden[active[i + 2]], hidden[active[i + 3]]];
    for (let c = 0; c < cols; c++) logits[c] += g * data[u + c] + h * data[v + c] + k * data[w + c] + l * data[x + c];
  }
  for (; i < count; i++) {
    const from = active[i] * cols;
    const h = hidden[active[i]];
    for (let c = 0; c < cols; c++) logits[c] += h * data[from + c];
  }
}
/** Places of the neurons that speak, kept from call to call. */
let active = new Int32Array(0);

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
  for (const logit of logits) if (logit - own > largest) largest = logit - own;
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
