import { zeros } from "./matrix.ts";
import type { Examples, Matrix, Network } from "./network.ts";

/**
 * Coordinates in which an operation on 0 … p - 1 is an addition: c = a + b modulo `order`. In its chart every modular
 * operation is read by the same analyses; in the wrong one a clean wave looks like noise.
 */
export interface Chart {
  readonly operation: Operation;
  readonly basis: "additive" | "discrete-log";
  /** How many numbers have coordinates: p, or p - 1 where 0 has none. */
  readonly order: number;
  /** The primitive root g of discrete-log charts: the coordinate of g^i is i. */
  readonly generator: number | null;
  /** Coordinate of each number as first operand, as second, as answer; -1 where it has none. */
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly c: Int32Array;
}

export const operations = [
  "addition",
  "subtraction",
  "reverse-subtraction",
  "multiplication",
  "division",
  "reverse-division",
] as const;
/** What is done with a and b: a + b, a - b, b - a, a b, a / b, b / a. */
export type Operation = (typeof operations)[number];

/** Every chart of the numbers modulo p; the discrete-log ones where p is prime and more than 2. */
export function chartsOf(p: number): readonly Chart[] {
  const plain = Int32Array.from({ length: p }, (_, n) => n);
  const additive = (operation: Operation, a: Int32Array, b: Int32Array): Chart => {
    return { operation, basis: "additive", order: p, generator: null, a, b, c: plain };
  };
  const minus = negated(plain, p);
  const charts = [
    additive("addition", plain, plain),
    additive("subtraction", plain, minus),
    additive("reverse-subtraction", minus, plain),
  ];
  const generator = primitiveRoot(p);
  if (generator === null) return charts;
  const log = discreteLog(p, generator);
  const over = negated(log, p - 1);
  const multiplicative = (operation: Operation, a: Int32Array, b: Int32Array): Chart => {
    return { operation, basis: "discrete-log", order: p - 1, generator, a, b, c: log };
  };
  return [
    ...charts,
    multiplicative("multiplication", log, log),
    multiplicative("division", log, over),
    multiplicative("reverse-division", over, log),
  ];
}

const negated = (coordinates: Int32Array, order: number): Int32Array =>
  coordinates.map((i) => (i <= 0 ? i : order - i));

/** Does a ∘ b = c hold here? Undefined where one of them has no coordinate. */
export function holds({ order, a, b, c }: Chart, left: number, right: number, answer: number): boolean | undefined {
  const [i, j, l] = [a[left], b[right], c[answer]];
  return i < 0 || j < 0 || l < 0 ? undefined : (i + j) % order === l;
}

/** The chart in which every example that has coordinates is an addition; undefined where there is none. */
export function chartOf(p: number, { a, b, label }: Examples): Chart | undefined {
  return chartsOf(p).find((chart) => {
    let asked = 0;
    for (let i = 0; i < a.length; i++) {
      const right = holds(chart, a[i], b[i], label[i]);
      if (right === false) return false;
      if (right === true) asked++;
    }
    return asked > 0;
  });
}

/** The network with its numbers in the order of the chart: an addition modulo the chart's order. */
export function inChart(network: Network, chart: Chart): Network {
  if (chart.operation === "addition") return network;
  const { inputs, output, examples } = network;
  const [first, second] = inputs;
  const a = rowsInOrder(first, chart.a, chart.order);
  const b = second === first && chart.a === chart.b ? a : rowsInOrder(second, chart.b, chart.order);
  return {
    ...network,
    p: chart.order,
    inputs: [a, b],
    output: columnsInOrder(output, chart.c, chart.order),
    examples: examplesIn(examples, chart),
  };
}

function rowsInOrder({ rows, cols, data }: Matrix, coordinates: Int32Array, order: number): Matrix {
  const out = zeros(order, cols);
  for (let n = 0; n < rows; n++) {
    if (coordinates[n] >= 0) out.data.set(data.subarray(n * cols, (n + 1) * cols), coordinates[n] * cols);
  }
  return out;
}

function columnsInOrder({ rows, cols, data }: Matrix, coordinates: Int32Array, order: number): Matrix {
  const out = zeros(rows, order);
  for (let i = 0; i < rows; i++) {
    for (let n = 0; n < cols; n++) {
      if (coordinates[n] >= 0) out.data[i * order + coordinates[n]] = data[i * cols + n];
    }
  }
  return out;
}

/** The examples in coordinates; those with a number that has none are left out. */
function examplesIn(examples: Examples, chart: Chart): Examples {
  const inside = selected(examples, (i) => hasCoordinates(examples, chart, i));
  return {
    a: inside.a.map((n) => chart.a[n]),
    b: inside.b.map((n) => chart.b[n]),
    label: inside.label.map((n) => chart.c[n]),
    train: inside.train,
  };
}

/** The examples that have no coordinates, as they are: products with 0. */
export const examplesOutside = (examples: Examples, chart: Chart): Examples =>
  selected(examples, (i) => !hasCoordinates(examples, chart, i));

const hasCoordinates = ({ a, b, label }: Examples, chart: Chart, i: number): boolean =>
  chart.a[a[i]] >= 0 && chart.b[b[i]] >= 0 && chart.c[label[i]] >= 0;

function selected({ a, b, label, train }: Examples, keep: (i: number) => boolean): Examples {
  return {
    a: a.filter((_, i) => keep(i)),
    b: b.filter((_, i) => keep(i)),
    label: label.filter((_, i) => keep(i)),
    train: train.filter((_, i) => keep(i)),
  };
}

/** The smallest g whose powers are all of 1 … p - 1; null where p is not an odd prime. */
export function primitiveRoot(p: number): number | null {
  if (p < 3) return null;
  for (let d = 2; d * d <= p; d++) if (p % d === 0) return null;
  for (let g = 2; g < p; g++) {
    let power = g;
    let order = 1;
    while (power !== 1) {
      power = (power * g) % p;
      order++;
    }
    if (order === p - 1) return g;
  }
  return null;
}

/** i for g^i, and -1 for 0, [p]. */
function discreteLog(p: number, generator: number): Int32Array {
  const log = new Int32Array(p).fill(-1);
  for (let i = 0, power = 1; i < p - 1; i++, power = (power * generator) % p) log[power] = i;
  return log;
}
