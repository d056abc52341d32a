import { readFileSync, statSync } from "node:fs";
import { extname, resolve } from "node:path";
import type { Operation } from "../../analyses/charts.ts";
import { inChart } from "../../analyses/charts.ts";
import { chartFor } from "../../analyses/chart-choice.ts";
import { explainBits } from "../../analyses/explain-bits.ts";
import { explainNetwork } from "../../analyses/explain-network.ts";
import type { Explained } from "../../analyses/explanation.ts";
import type { Examples, Network } from "../../analyses/network.ts";
import { roles, type Role } from "../../analyses/readings.ts";
import { allPairs, recognize, type Recognized } from "../../analyses/recognize.ts";
import { inferSplit, type SplitInference } from "../../analyses/split-inference.ts";
import { subjectOf } from "../../analyses/subject.ts";
import { UsageError } from "../../options.ts";
import { decodeNpz } from "../../tensor/formats/npz.ts";
import { decodeSafetensors, type Safetensors } from "../../tensor/formats/safetensors.ts";
import type { NamedArrays } from "../../tensor/index.ts";
import type { Plan } from "../../train/experiment.ts";
import { plan as writtenOut } from "../../train/plan.ts";
import { fileTrouble } from "../failures.ts";

interface Wanted {
  readonly p?: string;
  readonly operation?: Operation;
  readonly activation?: "relu" | "square";
  readonly trainPairs?: string;
}
type Named = Partial<Readonly<Record<Role, string>>>;

/** Explains the weights of a file. @throws UsageError where it cannot be read as a network */
export function explainWeights(file: string, { arrays, metadata }: Safetensors, wanted: Wanted & Named): Explained {
  const names = Object.fromEntries(roles.flatMap((role) => (wanted[role] === undefined ? [] : [[role, wanted[role]]])));
  const isPlain = Object.keys(names).length === 0 && wanted.p === undefined && wanted.operation === undefined;
  const plan = isPlain ? planOf(metadata) : undefined;
  if (plan !== undefined) {
    const explained = byPlan(file, arrays, plan);
    if (explained !== undefined) return explained;
  }
  const p = wanted.p === undefined ? undefined : modulus(wanted.p);
  const pairs = wanted.trainPairs === undefined ? undefined : trainPairs(arrays, wanted.trainPairs);
  const rest = { ...arrays };
  if (wanted.trainPairs !== undefined) delete (rest as Record<string, unknown>)[wanted.trainPairs];
  const { operation, activation } = wanted;
  const found = recognize(rest, { names, p, operation, activation });
  const inferred = pairs === undefined ? inferredSplit(found) : undefined;
  const examples = pairs === undefined ? inferred?.examples : marked(found.network, found.operation, pairs);
  const network = { ...found.network, examples: examples ?? found.network.examples };
  const several = found.readings > 1 ? `; ${found.readings} readings had fitting shapes` : "";
  return {
    source: {
      kind: "weights",
      file,
      reading: `${found.reading}, ${found.network.activation}${several}`,
      split:
        inferred?.split.text ?? `${pairs?.length} ${pairs?.length === 1 ? "pair" : "pairs"} of ${wanted.trainPairs}`,
      splitEvidence: inferred?.split.evidence ?? [],
    },
    evals: [],
    network,
    course: undefined,
    explanation: explainNetwork(network, undefined, { inferredSplit: inferred?.examples !== undefined }),
  };
}

/** Which pairs the network was trained on, from its own answers to all of them. */
function inferredSplit({ network, operation }: Recognized): { split: SplitInference; examples: Examples | undefined } {
  const chart = chartFor(network, operation);
  // All pairs have coordinates, so that the flags are in the order of the examples.
  const split = inferSplit(inChart(network, chart), chart);
  return { split, examples: split.train === null ? undefined : { ...network.examples, train: split.train } };
}

/** What groklab exported says of its plan; undefined for other files, and for a plan of another version. */
export function planOf(metadata: Safetensors["metadata"]): Plan | undefined {
  try {
    return metadata["plan"] === undefined ? undefined : writtenOut(JSON.parse(metadata["plan"]) as Plan);
  } catch {
    return undefined;
  }
}

function byPlan(file: string, arrays: NamedArrays, plan: Plan): Explained | undefined {
  const subject = subjectOf(plan);
  if (subject.kind === "none") return undefined;
  const source = {
    kind: "weights",
    file,
    reading: Object.keys(arrays).join(", "),
    split: `that of its plan, seed ${plan.seed}`,
    splitEvidence: [],
  } as const;
  if (subject.kind === "network") {
    const network = subject.read(arrays);
    return { source, evals: [], network, course: undefined, explanation: explainNetwork(network) };
  }
  const network = subject.read(arrays);
  return { source, evals: [], network, course: undefined, explanation: explainBits(network) };
}

/** Larger files are no network that these analyses read. */
const maxBytes = 2 ** 30;

export function readWeights(file: string, cwd: string): Safetensors {
  const path = resolve(cwd, file);
  let bytes: Uint8Array;
  try {
    if (statSync(path).size > maxBytes)
      throw new UsageError(`${file} is too large: at most ${maxBytes} bytes are read`);
    bytes = readFileSync(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${file} cannot be read: ${fileTrouble(error) ?? (error as Error).message}`, { cause: error });
  }
  if (extname(file).toLowerCase() === ".npz") return { arrays: decodeNpz(bytes), metadata: {} };
  return decodeSafetensors(bytes);
}

function modulus(text: string): number {
  const p = Number(text);
  if (Number.isSafeInteger(p) && p >= 2 && p <= 1024) return p;
  throw new UsageError(`--p: ${JSON.stringify(text)} is not allowed; give a whole number from 2 to 1024`);
}

/** Rows of an array as pairs. @throws UsageError where it is none of pairs */
function trainPairs(arrays: NamedArrays, name: string): readonly (readonly [number, number])[] {
  if (!Object.hasOwn(arrays, name))
    throw new UsageError(`--train-pairs: no array is called "${name}"; there are ${Object.keys(arrays).join(", ")}`);
  const { shape, data } = arrays[name];
  if (shape.length !== 2 || shape[1] < 2)
    throw new UsageError(`--train-pairs: ${name} has the shape [${shape.join(", ")}]; give pairs, [n, 2]`);
  return Array.from({ length: shape[0] }, (_, i) => [data[i * shape[1]], data[i * shape[1] + 1]] as const);
}

/**
 * All pairs of the operation, these marked as trained on; and their mirror images, where the network cannot tell the two
 * operands apart and so knows them as well.
 */
function marked({ p, inputs }: Network, operation: Operation, pairs: readonly (readonly [number, number])[]): Examples {
  const outside = pairs.find(([a, b]) => ![a, b].every((n) => Number.isInteger(n) && n >= 0 && n < p));
  if (outside !== undefined)
    throw new UsageError(`--train-pairs: (${outside.join(", ")}) is no pair of numbers from 0 to ${p - 1}`);
  const examples = allPairs(p, operation);
  const known = new Set(pairs.map(([a, b]) => a * p + b));
  const tied = inputs[0] === inputs[1];
  const isKnown = (a: number, b: number) => known.has(a * p + b) || (tied && known.has(b * p + a));
  return { ...examples, train: Uint8Array.from(examples.a, (a, i) => (isKnown(a, examples.b[i]) ? 1 : 0)) };
}
