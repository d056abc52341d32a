import { UsageError } from "../options.ts";
import type { NamedArrays } from "../tensor/index.ts";
import { chartOf, chartsOf, holds, type Chart, type Operation } from "./charts.ts";
import { addLogits, allNeurons, argmax, hiddenInto } from "./forward.ts";
import type { Examples, Network } from "./network.ts";
import { readingsOf, type Wanted } from "./readings.ts";

export interface RecognizeOptions extends Wanted {
  readonly operation?: Operation | undefined;
  readonly activation?: Network["activation"] | undefined;
  /** Which pairs there are, and which were trained on; all pairs, held out, where it is not known. */
  readonly examples?: Examples | undefined;
}

/** Weights from elsewhere, read as a network. */
export interface Recognized {
  readonly network: Network;
  readonly operation: Operation;
  /** Which array became what, in the order of the data, `ᵀ` for one that was turned. */
  readonly reading: string;
  /** How many readings had fitting shapes; the one that answers best was taken. */
  readonly readings: number;
  /** Share of all pairs that have an answer under the operation which the network gives it. */
  readonly accuracy: number;
}

/**
 * Reads weights that other programs trained: groklab's own names where they are there; otherwise names given for roles,
 * and by shape whatever is left. Matrices may be turned (PyTorch keeps a linear layer as [out, in]), multiplied out
 * already ([p, n] and [n, p]), or take both operands at once (2p or twice the embedding's width, one operand after the
 * other; three times where a token like `=` follows); the embedding may serve as unembedding, too, and know one or two
 * tokens besides the numbers. Of several readings the one that answers most pairs rightly is taken, and so are operation
 * and activation where they are not given. Biases are kept: `withBiases`.
 * @throws UsageError where nothing fits, naming the arrays and their shapes
 */
export function recognize(arrays: NamedArrays, options: RecognizeOptions = {}): Recognized {
  const readings = readingsOf(arrays, options);
  const activations = options.activation === undefined ? (["relu", "square"] as const) : [options.activation];
  const tried = readings.slice(0, mostReadings).flatMap(({ inputs, output, text, tokens }) => {
    const p = inputs[0].rows;
    return activations.flatMap((activation) => {
      const network = { p, inputs, output, activation };
      // What reads fewer numbers than there are tokens has to be clearly better.
      return answered(network, sampled(p), options).map((found) => ({
        ...found,
        text,
        network,
        rank: found.accuracy - (tokens > p ? 0.05 : 0),
      }));
    });
  });
  if (tried.length === 0)
    throw new UsageError(`operation: ${options.operation} has no meaning here: the modulus is no odd prime`);
  const [first, ...others] = [...tried].sort((x, y) => y.rank - x.rank).slice(0, finalists);
  const best = [first, ...others]
    .map((each) => ({
      ...each,
      ...answered(each.network, everyPair(each.network.p), { operation: each.operation })[0],
    }))
    .reduce((x, y) => (y.accuracy > x.accuracy ? y : x));
  const { network, operation, text, accuracy } = best;
  const examples = options.examples ?? allPairs(network.p, operation);
  return { network: { ...network, examples }, operation, reading: text, readings: readings.length, accuracy };
}
/** More readings than this are not tried. */
const mostReadings = 256;
/** Readings are compared by their answers to so many pairs, and the best of them by those to all pairs. */
const samples = 600;
const finalists = 3;

function chartsAllowed(p: number, { operation, examples }: RecognizeOptions): readonly Chart[] {
  if (operation !== undefined) return chartsOf(p).filter((chart) => chart.operation === operation);
  const obeyed = examples && chartOf(p, examples);
  return obeyed ? [obeyed] : chartsOf(p);
}

const everyPair = (p: number): Int32Array => Int32Array.from({ length: p * p }, (_, pair) => pair);

/** Pairs spread over all of them, in steps of the golden ratio; all where there are not more. */
function sampled(p: number): Int32Array {
  if (p * p <= samples) return everyPair(p);
  return Int32Array.from({ length: samples }, (_, i) => Math.floor(((i * 0.6180339887498949) % 1) * p * p));
}

/** Share of these pairs (a outer, b inner) that the network answers rightly, under each operation that is allowed. */
function answered(network: Omit<Network, "examples">, pairs: Int32Array, options: RecognizeOptions) {
  const { p, output } = network;
  const whole = { ...network, examples: noExamples };
  const hidden = new Float64Array(output.rows);
  const logits = new Float64Array(p);
  const neurons = allNeurons(output.rows);
  const answers = pairs.map((pair) => {
    hiddenInto(whole, Math.floor(pair / p), pair % p, hidden);
    logits.fill(0);
    addLogits(output, hidden, neurons, logits);
    return argmax(logits);
  });
  return chartsAllowed(p, options).map((chart) => {
    let [right, asked] = [0, 0];
    answers.forEach((answer, i) => {
      const [a, b] = [Math.floor(pairs[i] / p), pairs[i] % p];
      // Pairs without an answer under this operation are not asked; an answer without coordinates is wrong.
      if (chart.a[a] < 0 || chart.b[b] < 0) return;
      asked++;
      if (holds(chart, a, b, answer) === true) right++;
    });
    return { operation: chart.operation, accuracy: asked === 0 ? 0 : right / asked };
  });
}
const none = new Int32Array(0);
const noExamples: Examples = { a: none, b: none, label: none, train: new Uint8Array(0) };

/** Every pair that has coordinates under the operation, none of them trained on. @throws UsageError */
export function allPairs(p: number, operation: Operation): Examples {
  const chart = chartsOf(p).find((candidate) => candidate.operation === operation);
  if (chart === undefined) throw new UsageError(`operation: ${operation} needs an odd prime, and the modulus is ${p}`);
  const numbers = Int32Array.from({ length: chart.order }, (_, coordinate) => chart.c.indexOf(coordinate));
  const [a, b, label]: [number[], number[], number[]] = [[], [], []];
  for (let i = 0; i < p; i++) {
    for (let j = 0; j < p; j++) {
      if (chart.a[i] < 0 || chart.b[j] < 0) continue;
      a.push(i);
      b.push(j);
      label.push(numbers[(chart.a[i] + chart.b[j]) % chart.order]);
    }
  }
  const train = new Uint8Array(a.length);
  return { a: Int32Array.from(a), b: Int32Array.from(b), label: Int32Array.from(label), train };
}
