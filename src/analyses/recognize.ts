import { suggestion, UsageError } from "../options.ts";
import type { NamedArrays } from "../tensor/index.ts";
import { chartOf, chartsOf, holds, type Chart, type Operation } from "./charts.ts";
import { collapse } from "./collapse.ts";
import { addLogits, allNeurons, argmax, hiddenInto } from "./forward.ts";
import { asMatrix, multiply, transpose } from "./matrix.ts";
import type { Examples, Matrix, Network } from "./network.ts";
import { withBiases } from "./biases.ts";

/** The parts of a one-hidden-layer network that weights from elsewhere are mapped to. */
export const roles = ["embed", "hidden", "output", "unembed"] as const;
export type Role = (typeof roles)[number];

export interface RecognizeOptions {
  /** Names of arrays by their role. A role that is not named is found by shape. */
  readonly names?: Partial<Record<Role, string>>;
  readonly p?: number | undefined;
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

/** Arrays put together: what each operand adds to the neurons, and what the neurons add to the answers. */
export interface Reading {
  readonly inputs: readonly [Matrix, Matrix];
  readonly output: Matrix;
  readonly text: string;
}

/**
 * Reads weights that other programs trained: groklab's own names where they are there; otherwise names given for roles,
 * and by shape whatever is left. Matrices may be turned (PyTorch keeps a linear layer as [out, in]), multiplied out
 * already ([p, n] and [n, p]), or take both operands at once (2p or twice the embedding's width, one operand after the
 * other); the embedding may serve as unembedding, too. Of several readings the one that answers most pairs rightly is
 * taken, and so are operation and activation where they are not given. Biases are kept: `withBiases`.
 * @throws UsageError where nothing fits, naming the arrays and their shapes
 */
export function recognize(arrays: NamedArrays, options: RecognizeOptions = {}): Recognized {
  const readings = readingsOf(arrays, options);
  if (readings.length === 0) throw new UsageError(nothingFits(arrays, options));
  const activations = options.activation === undefined ? (["relu", "square"] as const) : [options.activation];
  let best: (Omit<Recognized, "network"> & { network: Omit<Network, "examples"> }) | undefined;
  for (const { inputs, output, text } of readings.slice(0, mostReadings)) {
    const p = inputs[0].rows;
    const charts = chartsAllowed(p, options);
    for (const activation of activations) {
      const network = { p, inputs, output, activation };
      const answers = answersOf(network);
      for (const chart of charts) {
        const accuracy = accuracyIn(chart, answers, p);
        if (best === undefined || accuracy > best.accuracy)
          best = { network, operation: chart.operation, reading: text, readings: readings.length, accuracy };
      }
    }
  }
  if (best === undefined)
    throw new UsageError(`operation: ${options.operation} has no meaning here: the modulus is no odd prime`);
  const examples = options.examples ?? allPairs(best.network.p, best.operation);
  return { ...best, network: { ...best.network, examples } };
}
/** More readings than this are not tried: each costs the answers to all pairs. */
const mostReadings = 32;

function chartsAllowed(p: number, { operation, examples }: RecognizeOptions): readonly Chart[] {
  if (operation !== undefined) return chartsOf(p).filter((chart) => chart.operation === operation);
  const obeyed = examples && chartOf(p, examples);
  return obeyed ? [obeyed] : chartsOf(p);
}

/** The answer to each pair, a outer, b inner, [p · p]. */
function answersOf(network: Omit<Network, "examples">): Int32Array {
  const { p, output } = network;
  const whole = { ...network, examples: noExamples };
  const hidden = new Float64Array(output.rows);
  const logits = new Float64Array(p);
  const neurons = allNeurons(output.rows);
  return Int32Array.from({ length: p * p }, (_, pair) => {
    hiddenInto(whole, Math.floor(pair / p), pair % p, hidden);
    logits.fill(0);
    addLogits(output, hidden, neurons, logits);
    return argmax(logits);
  });
}
const none = new Int32Array(0);
const noExamples: Examples = { a: none, b: none, label: none, train: new Uint8Array(0) };

/** Pairs without an answer under this operation are not asked; an answer without coordinates is wrong. */
function accuracyIn(chart: Chart, answers: Int32Array, p: number): number {
  let [right, asked] = [0, 0];
  answers.forEach((answer, pair) => {
    const [a, b] = [Math.floor(pair / p), pair % p];
    if (chart.a[a] < 0 || chart.b[b] < 0) return;
    asked++;
    if (holds(chart, a, b, answer) === true) right++;
  });
  return right / asked;
}

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

function readingsOf(arrays: NamedArrays, options: RecognizeOptions): readonly Reading[] {
  const given = options.names ?? {};
  for (const name of Object.values(given)) {
    if (Object.hasOwn(arrays, name)) continue;
    const known = Object.keys(arrays);
    throw new UsageError(
      `weights: no array is called "${name}"; there are ${known.join(", ")}${suggestion(name, known)}`,
    );
  }
  if (Object.keys(given).length === 0 && ("embed.W_E" in arrays || "embed.0.W_E" in arrays)) {
    const { inputs, output } = collapse(arrays);
    return [{ inputs, output, text: Object.keys(arrays).join(", ") }];
  }
  const matrices = Object.keys(arrays).filter((name) => arrays[name].shape.length === 2);
  const free = matrices.filter((name) => !Object.values(given).includes(name));
  if (free.length > mostFree) {
    throw new UsageError(
      `weights: ${free.length} matrices are too many to find the network by shape; name them with --embed, --hidden, --output, --unembed`,
    );
  }
  return assignments(free, given)
    .flatMap((assignment) => turned(assignment, arrays))
    .flatMap((links) => read(links, options.p))
    .map((reading) => withBiases(reading, arrays));
}
const mostFree = 6;

type Assignment = Readonly<Partial<Record<Role, string>>>;

/** Ways to give arrays to roles: all that were named, and as many of the others as there are. */
function assignments(free: readonly string[], given: Assignment): readonly Assignment[] {
  const sets: readonly (readonly Role[])[] = [
    ["embed", "hidden", "output", "unembed"],
    ["embed", "hidden", "output"],
    ["embed", "output", "unembed"],
    ["embed", "output"],
    ["embed", "hidden"],
  ];
  const named = Object.keys(given) as Role[];
  return sets
    .filter((set) => named.every((role) => set.includes(role)))
    .flatMap((set) => {
      const open = set.filter((role) => given[role] === undefined);
      return arrangements(free, open.length).map((chosen) => ({
        ...given,
        ...Object.fromEntries(open.map((role, i) => [role, chosen[i]])),
      }));
    });
}

function arrangements(items: readonly string[], length: number): readonly (readonly string[])[] {
  if (length === 0) return [[]];
  return items.flatMap((item) => {
    const rest = items.filter((other) => other !== item);
    return arrangements(rest, length - 1).map((chosen) => [item, ...chosen]);
  });
}

interface Link {
  readonly matrix: Matrix;
  readonly text: string;
}
type Links = Readonly<Partial<Record<Role, Link>>>;

/** Every way to turn the arrays of an assignment. */
function turned(assignment: Assignment, arrays: NamedArrays): readonly Links[] {
  return roles.reduce<readonly Links[]>(
    (ways, role) => {
      const name = assignment[role];
      if (name === undefined) return ways;
      const matrix = asMatrix(arrays[name]);
      const options = [
        { matrix, text: name },
        { matrix: transpose(matrix), text: `${name}ᵀ` },
      ];
      return ways.flatMap((links) => options.map((link) => ({ ...links, [role]: link })));
    },
    [{}],
  );
}

/** The network of these matrices in these roles, where their sizes fit. */
function read({ embed, hidden, output, unembed }: Links, p: number | undefined): readonly Reading[] {
  if (embed === undefined) return [];
  const inputs = inputsOf(embed.matrix, hidden?.matrix, p);
  const tiedUnembed = { matrix: transpose(embed.matrix), text: `${embed.text}ᵀ`.replace("ᵀᵀ", "") };
  const ends: readonly (readonly Link[])[] =
    output === undefined ? [[tiedUnembed]] : unembed ? [[output, unembed]] : [[output], [output, tiedUnembed]];
  return inputs.flatMap((pair) =>
    ends.flatMap((links) => {
      const [first, second] = links.map(({ matrix }) => matrix);
      if (second !== undefined && first.cols !== second.rows) return [];
      if (pair[0].cols !== first.rows || (second ?? first).cols !== pair[0].rows) return [];
      const whole = second === undefined ? first : multiply(first, second);
      const sides = [embed, ...(hidden ? [hidden] : []), ...links].map(({ text }) => text);
      return [{ inputs: pair, output: whole, text: sides.join(" · ") }];
    }),
  );
}

/** What each operand adds: one matrix for both, or the two halves of one that takes both at once. */
function inputsOf(
  embed: Matrix,
  hidden: Matrix | undefined,
  p: number | undefined,
): readonly (readonly [Matrix, Matrix])[] {
  const found: (readonly [Matrix, Matrix])[] = [];
  if (hidden === undefined) {
    found.push([embed, embed]);
    if (embed.rows % 2 === 0) found.push(halves(embed));
  } else if (embed.cols === hidden.rows) {
    const both = multiply(embed, hidden);
    found.push([both, both]);
  } else if (2 * embed.cols === hidden.rows) {
    const [first, second] = halves(hidden);
    found.push([multiply(embed, first), multiply(embed, second)]);
  }
  return found.filter(([{ rows }]) => rows >= 2 && (p === undefined || rows === p));
}

function halves({ rows, cols, data }: Matrix): readonly [Matrix, Matrix] {
  const middle = (rows / 2) * cols;
  return [
    { rows: rows / 2, cols, data: data.slice(0, middle) },
    { rows: rows / 2, cols, data: data.slice(middle) },
  ];
}

function nothingFits(arrays: NamedArrays, { p }: RecognizeOptions): string {
  const shapes = Object.entries(arrays).map(([name, { shape }]) => `${name} [${shape.join(", ")}]`);
  const wanted = p === undefined ? "" : ` for ${p} numbers`;
  return `weights: found no embedding, hidden and output matrix${wanted} among ${shapes.join(", ")}; name them with --embed, --hidden, --output, --unembed`;
}
