import { circuitOf, type Circuit } from "../../../../../src/analyses/circuit.ts";
import { chartsOf } from "../../../../../src/analyses/charts.ts";
import type { Matrix, Network } from "../../../../../src/analyses/network.ts";
import type { Matrices } from "./frames.ts";
import type { StoryRun } from "./story-run.svelte.ts";

const noExamples = { a: new Int32Array(0), b: new Int32Array(0), label: new Int32Array(0), train: new Uint8Array(0) };

/** A network of the story from its matrices. Its examples are not needed where it is only looked at. */
export function networkFrom(matrices: Matrices): Network | undefined {
  const input = matrices["inputs.0"] as Matrix | undefined;
  const output = matrices["output"] as Matrix | undefined;
  if (!input || !output) return undefined;
  const second = (matrices["inputs.1"] as Matrix | undefined) ?? input;
  return { p: input.rows, inputs: [input, second], output, activation: "relu", examples: noExamples };
}

const known = new WeakMap<Matrices, Circuit>();

/** The waves of a network that adds. */
export function circuitOfMatrices(matrices: Matrices): Circuit | undefined {
  const before = known.get(matrices);
  if (before) return before;
  const network = networkFrom(matrices);
  const [addition] = network ? chartsOf(network.p) : [];
  if (!network || !addition) return undefined;
  const made = circuitOf(network, addition);
  known.set(matrices, made);
  return made;
}

/** The waves at the end of a run, by which its neurons are sorted at every step. */
export const circuitOfRun = (run: StoryRun): Circuit | undefined =>
  run.lastMatrices && circuitOfMatrices(run.lastMatrices);

const degrees = (radians: number): number => (radians * 180) / Math.PI;

/** How near the directions of five neurons are to a regular pentagon, and its doubling, in degrees. */
export function fiveGeometry(run: StoryRun): { readonly gaps: readonly number[]; readonly worst: number } | undefined {
  const group = circuitOfRun(run)?.groups.at(0);
  if (!group || run.session) return undefined;
  return { gaps: group.gaps.map(degrees), worst: degrees(group.maxDefect) };
}

/** Mean difference of the vote's direction from twice the direction of listening, over all neurons, in degrees. */
export function doubling(circuit: Circuit | undefined): number | undefined {
  const neurons = circuit?.groups.flatMap((group) => group.neurons) ?? [];
  if (neurons.length === 0) return undefined;
  return degrees(neurons.reduce((sum, { defect }) => sum + Math.abs(defect), 0) / neurons.length);
}

/** `a, b and c` */
export function listed(things: readonly string[]): string {
  if (things.length < 2) return things.join("");
  return `${things.slice(0, -1).join(", ")} and ${things.at(-1) ?? ""}`;
}
