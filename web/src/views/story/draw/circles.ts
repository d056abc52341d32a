import type { Circuit } from "../../../../../src/analyses/circuit.ts";
import { dft, waveOf } from "../../../../../src/analyses/fourier.ts";
import { transpose } from "../../../../../src/analyses/matrix.ts";
import { embeddingMap } from "../../../../../src/figures/embedding-map.ts";
import { numberCircle } from "../../../../../src/figures/number-circle.ts";
import { neuronCircle } from "../../../../../src/figures/neuron-circle.ts";
import { stars as drawStars } from "../../../../../src/figures/stars.ts";
import { adaptive, emptyFrame } from "../../../../../src/figures/svg/index.ts";
import { circularEmbedding } from "../../../../../src/models/circular-embedding.ts";
import { circuitOfRun } from "../data/circuits.ts";
import type { StoryRun } from "../data/story-run.svelte.ts";
import { lit, tables } from "./weights.ts";

interface Place {
  readonly width: number;
}
const waiting = (width: number): string => emptyFrame("No weights yet", { width, theme: adaptive });

/** The groups of a circuit with the waves of the step shown: who belongs where is settled by the end of the run. */
function groupsNow(run: StoryRun, circuit: Circuit | undefined): Pick<Circuit, "groups"> | undefined {
  const found = tables(run);
  if (!found || !circuit) return undefined;
  const input = dft(found.input);
  const output = dft(transpose(found.output));
  const groups = circuit.groups.map((group) => ({
    ...group,
    neurons: group.neurons.map((neuron) => {
      const a = waveOf(input, group.frequency, neuron.index);
      return { ...neuron, a, b: a, output: waveOf(output, group.frequency, neuron.index) };
    }),
  }));
  return { groups };
}

export function stars(run: StoryRun, circuit: Circuit | undefined, { width }: Place): string {
  const now = groupsNow(run, circuit);
  return now ? drawStars(now, { width, theme: adaptive, step: run.group.step, highlight: lit(run) }) : waiting(width);
}

/** Five neurons by their two weights, with or without the lines that join them. */
export function fiveCircles(run: StoryRun, { width, edges }: Place & { readonly edges: boolean }): string {
  const now = groupsNow(run, circuitOfRun(run));
  return now
    ? neuronCircle(now, { width, theme: adaptive, step: run.group.step, edges, highlight: lit(run) })
    : waiting(width);
}

/** The fixed embedding as published: each column of length 1. */
export function embedding({ width, p }: Place & { readonly p: number }): string {
  const data = circularEmbedding(p, [1], "circle-published"); // [p, 2]
  return embeddingMap({ rows: p, cols: 2, data }, { width, theme: adaptive, names: ["cos", "sin"] });
}

/** The same embedding as points. */
export function circle({ width, p }: Place & { readonly p: number }): string {
  const data = circularEmbedding(p, [1], "circle-published"); // [p, 2]
  const points = Array.from({ length: p }, (_, n) => ({ n, x: data[2 * n], y: data[2 * n + 1] }));
  return numberCircle({ points, frequency: 1 }, { width, theme: adaptive });
}
