import { random } from "../../rng.ts";
import type { BitNetwork } from "../bit-network.ts";
import { allPairs } from "../recognize.ts";
import type { Operation } from "../charts.ts";
import { chartsOf } from "../charts.ts";
import { constructedNetwork, type PlantedGroup } from "../constructed.ts";
import { transpose, zeros } from "../matrix.ts";
import type { Examples, Matrix, Network } from "../network.ts";

/** Numbers of mean 0 and deviation 1, the same for the same seed. */
export function normals(count: number, seed: number): Float64Array {
  const stream = random(seed).stream("planted");
  return Float64Array.from({ length: count }, () => stream.normal());
}

/** The network with noise of this deviation added to every weight. */
export function noise(network: Network, deviation: number, seed: number): Network {
  const shaken = (matrix: Matrix, own: number): Matrix => {
    const added = normals(matrix.data.length, 10 * seed + own);
    return { ...matrix, data: matrix.data.map((x, i) => x + deviation * added[i]) };
  };
  const [first, second] = network.inputs;
  const a = shaken(first, 0);
  return { ...network, inputs: [a, second === first ? a : shaken(second, 1)], output: shaken(network.output, 2) };
}

/** All pairs of an operation, this share of them marked as trained on. */
export function splitPairs(p: number, operation: Operation, trainFraction: number, seed: number): Examples {
  const pairs = allPairs(p, operation);
  const order = random(seed).stream("planted-split").permutation(pairs.a.length);
  const train = new Uint8Array(pairs.a.length);
  for (const i of order.subarray(0, Math.floor(trainFraction * order.length))) train[i] = 1;
  return { ...pairs, train };
}

/** A network of pure waves that adds, with all pairs as examples. */
export const adder = (
  p: number,
  groups: readonly PlantedGroup[],
  activation: Network["activation"],
  seed = 1,
): Network => ({ ...constructedNetwork(p, groups, activation), examples: splitPairs(p, "addition", 0.4, seed) });

/** The same network with its numbers moved to where another operation has them: what training on it would find. */
export function inOperation(network: Network, operation: Operation, p: number): Network {
  const chart = chartsOf(p).find((candidate) => candidate.operation === operation);
  if (chart === undefined || chart.order !== network.p) throw new Error(`${operation} modulo ${p} has another order`);
  const rows = (matrix: Matrix, coordinates: Int32Array): Matrix => {
    const out = zeros(p, matrix.cols);
    coordinates.forEach((at, n) => {
      if (at >= 0) out.data.set(matrix.data.subarray(at * matrix.cols, (at + 1) * matrix.cols), n * matrix.cols);
    });
    return out;
  };
  const { inputs, output } = network;
  return {
    ...network,
    p,
    inputs: [rows(inputs[0], chart.a), rows(inputs[1], chart.b)],
    output: transpose(rows(transpose(output), chart.c)),
    examples: splitPairs(p, operation, 0.4, 1),
  };
}

/** A network that knows its training pairs by heart: one neuron for each, on for its pair alone. All others answer 0. */
export function memorizer(p: number, seed: number): Network {
  const examples = splitPairs(p, "addition", 0.3, seed);
  const known = [...examples.train.keys()].filter((i) => examples.train[i] === 1);
  const n = known.length;
  const [first, second] = [zeros(p, n), zeros(p, n)];
  const output = zeros(n, p);
  known.forEach((example, j) => {
    // On (1) where both operands are the pair's, off (0 or less) otherwise.
    for (let i = 0; i < p; i++) {
      first.data[i * n + j] = i === examples.a[example] ? 0.5 : -1;
      second.data[i * n + j] = i === examples.b[example] ? 0.5 : -1;
    }
    output.data[j * p + examples.label[example]] = 20;
  });
  return { p, inputs: [first, second], output, activation: "relu", examples };
}

/** Weights without any structure. */
export function unstructured(p: number, n: number, seed: number): Network {
  const blank = constructedNetwork(p, [{ frequency: 1, neurons: n, rotation: 0, amplitude: 0 }], "relu");
  return noise({ ...blank, examples: splitPairs(p, "addition", 0.4, seed) }, 1, seed);
}

/** Random strings of bits with a column of ones, half of them trained on; labelled by a rule. */
function bitExamples(width: number, count: number, seed: number, rule: (bits: Uint8Array) => number) {
  const bits = new Uint8Array(count * width);
  const drawn = random(seed)
    .stream("planted-bits")
    .bits(count * width);
  const label = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const row = drawn.subarray(i * width, (i + 1) * width);
    row[width - 1] = 1;
    bits.set(row, i * width);
    label[i] = rule(row);
  }
  return { bits, label, train: Uint8Array.from({ length: count }, (_, i) => i % 2) };
}

/** The parity of three digits from four neurons, each on for one of the assignments with an odd number of ones. */
export function parityOf(digits: readonly [number, number, number], width: number, seed = 1): BitNetwork {
  const examples = bitExamples(width, 400, seed, (bits) => digits.reduce((odd, digit) => odd ^ bits[digit], 0));
  const kinds = [
    { signs: [1, -1, -1], bias: 0, out: 2 },
    { signs: [-1, 1, -1], bias: 0, out: 2 },
    { signs: [-1, -1, 1], bias: 0, out: 2 },
    { signs: [1, 1, 1], bias: -2, out: 2 },
  ];
  const n = kinds.length + 1;
  const input = zeros(width, n);
  kinds.forEach(({ signs, bias }, j) => {
    digits.forEach((digit, d) => (input.data[digit * n + j] = 2 * signs[d]));
    input.data[(width - 1) * n + j] = 2 * bias;
  });
  // The fifth is always on and keeps the answer at 0 unless another speaks.
  input.data[(width - 1) * n + 4] = 1;
  return {
    input,
    output: Float64Array.from([...kinds.map(({ out }) => out), -1]),
    low: 0,
    high: 1,
    bias: true,
    examples,
  };
}

/** One neuron for each training string, on for it alone; it says 1 where the string's label is 1. */
export function bitMemorizer(width: number, seed = 2): BitNetwork {
  const examples = bitExamples(width, 300, seed, (bits) => bits[0] ^ bits[1] ^ bits[2]);
  const known = [...examples.train.keys()].filter((i) => examples.train[i] === 1 && examples.label[i] === 1);
  const n = known.length;
  const input = zeros(width, n);
  known.forEach((example, j) => {
    const row = examples.bits.subarray(example * width, (example + 1) * width);
    let ones = 0;
    for (let i = 0; i < width - 1; i++) {
      input.data[i * n + j] = row[i] === 1 ? 1 : -1;
      ones += row[i];
    }
    input.data[(width - 1) * n + j] = 0.5 - ones;
  });
  return { input, output: new Float64Array(n).fill(20), low: 0, high: 1, bias: true, examples };
}
