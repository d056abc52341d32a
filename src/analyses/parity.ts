import { float } from "../options.ts";
import { defineAnalysis } from "./analysis.ts";
import { answerOf, bitAccuracy, eachBitExample, logitOf, preInto } from "./bit-forward.ts";
import type { BitNetwork } from "./bit-network.ts";
import { zeros } from "./matrix.ts";

/** What a network on bits computes. Digits are counted from 0. */
export interface ParityRows {
  /** Digits that decide the answer: turning one over changes at least `minInfluence` of the held-out answers. */
  readonly digits: readonly number[];
  readonly inputs: readonly {
    readonly digit: number;
    /** Share of held-out examples whose answer changes when this digit alone is turned over. */
    readonly influence: number;
    /** Σ_j |w_ij| |v_j|: how strongly its weights reach the logit. */
    readonly strength: number;
  }[];
  /** Assignments of the digits, all others without weight, and how many of them get the digits' parity. */
  readonly assignments: number;
  readonly right: number;
  /** The answers are the digits' parity turned around: 1 for an even number of ones. */
  readonly inverted: boolean;
  /** Accuracy of the network, and of the one left when only these digits (and the bias) keep their weights. */
  readonly network: { readonly train: number; readonly test: number };
  readonly pruned: { readonly train: number; readonly test: number };
  /** Share of held-out examples on which the two answer alike. */
  readonly agreement: number;
  readonly neurons: readonly ParityNeuron[];
  readonly subnetwork: Subnetwork;
}

/** A hidden neuron against the known solutions. */
export interface ParityNeuron {
  readonly index: number;
  /** Whether the smallest faithful sub-network needs it. */
  readonly survives: boolean;
  /** |input weights| · |output weight| */
  readonly size: number;
  /** Weights of the digits, in their order, of the bias, and to the logit. */
  readonly weights: readonly number[];
  readonly bias: number;
  readonly output: number;
  /** Largest |weight| of any other digit. */
  readonly distraction: number;
  /** Smallest by largest |weight| of the digits: 1 in the known solutions. */
  readonly equality: number;
  /** bias / mean |weight|: a whole number in the known solutions, mostly 0, 1 or -1. */
  readonly biasRatio: number;
  /** |output| / ‖input weights‖: 1 under L2, where the two sides of a neuron shrink until they are equal. */
  readonly balanceL2: number;
  /** |output| / Σ|input weights|: 1 under L1, for the same reason. */
  readonly balanceL1: number;
  /** Equality above .8, and a bias ratio within .2 of 1, 0, -1 or -2. */
  readonly known: boolean;
}

/** Neurons kept in order of their size, until the answers are those of the whole network. */
export interface Subnetwork {
  /** The smallest number of neurons whose held-out answers agree with the network's on `faithful` of the examples. */
  readonly size: number;
  readonly neurons: readonly number[];
  readonly accuracy: number;
  readonly curve: readonly { readonly size: number; readonly accuracy: number; readonly agreement: number }[];
}

const fields = {
  minInfluence: float(0.5, "share of answers that a digit must change to count", { min: 0, max: 1 }),
  faithful: float(0.999, "share of answers that a sub-network must keep", { min: 0, max: 1 }),
};

/**
 * Which digits decide, whether their parity is what is computed, with how few neurons, and by which weights.
 *
 * Known solutions (Pearce et al. 2023, footnote, decoded): |w_1| = |w_2| = |w_3|; bias 0 or ±|w| (-2|w| beside three
 * weights of one sign); the output weight √3 |w| = 1.7 |w| or 2 |w|, which is the balance of a ReLU neuron's two sides
 * under weight decay: |output| = ‖input‖. Under L1 the same argument gives |output| = Σ|input|. Sub-network: the
 * smallest top-k by |input| · |output| (Merrill et al. 2023).
 *
 * Planted: a network that adds its parity of three digits from four neurons has influence 1 on these and 0 on all
 * others, all 8 assignments right, and a sub-network of four; a network that memorizes has no digit with influence 1.
 */
export const parity = defineAnalysis({
  name: "parity",
  summary: "Which digits decide the answer, and the neurons that make their parity.",
  source: "Pearce et al. 2023 (weights, footnote on L2); Merrill et al. 2023 (sparse sub-networks)",
  needs: "bits",
  fields,
  run: (network, { minInfluence, faithful }): ParityRows => {
    const influence = influences(network);
    const strength = strengths(network);
    const digits = influence.flatMap((share, digit) => (share >= minInfluence ? [digit] : []));
    const pruned = keepDigits(network, digits);
    const table = truthTable(pruned, digits);
    const subnetwork = subnetworkOf(network, faithful);
    return {
      digits,
      inputs: influence.map((share, digit) => ({ digit, influence: share, strength: strength[digit] })),
      ...table,
      network: bitAccuracy(network),
      pruned: bitAccuracy(pruned),
      agreement: agreement(network, pruned),
      neurons: neuronsOf(network, digits, subnetwork),
      subnetwork,
    };
  },
});

/** How many of a network's inputs are digits: all but the column of ones. */
export const digitCount = ({ input, bias }: BitNetwork): number => input.rows - (bias ? 1 : 0);

/** As many examples have their digits turned over: the shares are known to a percent. */
const mostTurned = 2000;

/** Turns every digit of held-out examples over, one at a time; where there are none, of training examples. */
function influences(network: BitNetwork): readonly number[] {
  const { input, output, low, high, examples } = network;
  const n = input.cols;
  const changed = new Float64Array(digitCount(network));
  const anyHeldOut = examples.train.includes(0);
  const turned = new Float64Array(n);
  let count = 0;
  eachBitExample(network, (pre, _, train, from) => {
    if ((anyHeldOut && train === 1) || count === mostTurned) return;
    count++;
    const answer = answerOf(logitOf(output, pre));
    for (let i = 0; i < changed.length; i++) {
      const by = examples.bits[from + i] === 1 ? low - high : high - low;
      for (let j = 0; j < n; j++) turned[j] = pre[j] + by * input.data[i * n + j];
      if (answerOf(logitOf(output, turned)) !== answer) changed[i]++;
    }
  });
  return Array.from(changed, (times) => (count > 0 ? times / count : 0));
}

function strengths(network: BitNetwork): readonly number[] {
  const { cols: n, data } = network.input;
  return Array.from({ length: digitCount(network) }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += Math.abs(data[i * n + j] * network.output[j]);
    return sum;
  });
}

/** The network in which only these digits, and the bias, have weights. */
export function keepDigits(network: BitNetwork, digits: readonly number[]): BitNetwork {
  const { rows, cols, data } = network.input;
  const input = zeros(rows, cols);
  const kept = network.bias ? [...digits, rows - 1] : digits;
  for (const i of kept) input.data.set(data.subarray(i * cols, (i + 1) * cols), i * cols);
  return { ...network, input };
}

/** At most so many digits have their truth table read: 4096 assignments. */
const mostDigits = 12;

function truthTable(pruned: BitNetwork, digits: readonly number[]) {
  if (digits.length === 0 || digits.length > mostDigits) return { assignments: 0, right: 0, inverted: false };
  const width = pruned.input.rows;
  const bits = new Uint8Array(width);
  if (pruned.bias) bits[width - 1] = 1;
  const pre = new Float64Array(pruned.input.cols);
  const assignments = 2 ** digits.length;
  let right = 0;
  for (let code = 0; code < assignments; code++) {
    let odd = 0;
    digits.forEach((digit, place) => {
      bits[digit] = (code >> place) & 1;
      odd ^= bits[digit];
    });
    preInto(pruned, bits, 0, pre);
    if (answerOf(logitOf(pruned.output, pre)) === odd) right++;
  }
  return { assignments, right: Math.max(right, assignments - right), inverted: right < assignments - right };
}

function agreement(first: BitNetwork, second: BitNetwork): number {
  const answers: number[] = [];
  eachBitExample(second, (pre, _, train) => {
    if (train === 0) answers.push(answerOf(logitOf(second.output, pre)));
  });
  let [i, same] = [0, 0];
  eachBitExample(first, (pre, _, train) => {
    if (train === 0 && answerOf(logitOf(first.output, pre)) === answers[i++]) same++;
  });
  return same / answers.length;
}

function subnetworkOf(network: BitNetwork, faithful: number): Subnetwork {
  const { output } = network;
  const n = output.length;
  const sizes = sizesOf(network);
  const order = Array.from({ length: n }, (_, j) => j).sort((i, j) => sizes[j] - sizes[i] || i - j);
  const right = new Float64Array(n + 1);
  const same = new Float64Array(n + 1);
  let count = 0;
  eachBitExample(network, (pre, label, train) => {
    if (train === 1) return;
    count++;
    const answer = answerOf(logitOf(output, pre));
    let logit = 0;
    for (let k = 0; k <= n; k++) {
      if (k > 0 && pre[order[k - 1]] > 0) logit += pre[order[k - 1]] * output[order[k - 1]];
      const given = answerOf(logit);
      if (given === label) right[k]++;
      if (given === answer) same[k]++;
    }
  });
  const curve = Array.from(right, (times, size) => ({ size, accuracy: times / count, agreement: same[size] / count }));
  const size = curve.find(({ agreement }) => agreement >= faithful)?.size ?? n;
  return { size, neurons: order.slice(0, size), accuracy: curve[size].accuracy, curve };
}

const sizesOf = ({ input, output }: BitNetwork): readonly number[] =>
  Array.from(output, (out, j) => {
    let squares = 0;
    for (let i = 0; i < input.rows; i++) squares += input.data[i * input.cols + j] ** 2;
    return Math.sqrt(squares) * Math.abs(out);
  });

function neuronsOf(network: BitNetwork, digits: readonly number[], { neurons }: Subnetwork): readonly ParityNeuron[] {
  const { rows, cols, data } = network.input;
  const surviving = new Set(neurons);
  const sizes = sizesOf(network);
  const others = Array.from({ length: digitCount(network) }, (_, i) => i).filter((i) => !digits.includes(i));
  return Array.from(network.output, (output, index) => {
    const at = (i: number): number => data[i * cols + index];
    const weights = digits.map(at);
    const bias = network.bias ? at(rows - 1) : 0;
    const magnitudes = weights.map(Math.abs);
    const typical = magnitudes.reduce((sum, w) => sum + w, 0) / Math.max(1, magnitudes.length);
    const equality = magnitudes.length === 0 ? 0 : Math.min(...magnitudes) / Math.max(...magnitudes, Number.MIN_VALUE);
    const biasRatio = typical > 0 ? bias / typical : 0;
    const column = Array.from({ length: rows }, (_, i) => at(i));
    return {
      index,
      survives: surviving.has(index),
      size: sizes[index],
      weights,
      bias,
      output,
      distraction: others.reduce((most, i) => Math.max(most, Math.abs(at(i))), 0),
      equality,
      biasRatio,
      balanceL2: Math.abs(output) / Math.hypot(...column),
      balanceL1: Math.abs(output) / column.reduce((sum, w) => sum + Math.abs(w), 0),
      known: equality >= 0.8 && [1, 0, -1, -2].some((ratio) => Math.abs(biasRatio - ratio) <= 0.2),
    };
  }).sort((a, b) => b.size - a.size);
}
