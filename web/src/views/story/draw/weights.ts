import type { Circuit } from "../../../../../src/analyses/circuit.ts";
import { dft } from "../../../../../src/analyses/fourier.ts";
import { toRows, transpose } from "../../../../../src/analyses/matrix.ts";
import type { Matrix } from "../../../../../src/analyses/network.ts";
import { adaptive, emptyFrame } from "../../../../../src/figures/svg/index.ts";
import { parityWeights } from "../../../../../src/figures/parity-weights.ts";
import { spectrumMaps } from "../../../../../src/figures/spectrum-maps.ts";
import { waves as drawWaves } from "../../../../../src/figures/waves.ts";
import { weightMaps } from "../../../../../src/figures/weight-maps.ts";
import { weightTrajectories } from "../../../../../src/figures/weight-trajectories.ts";
import type { StoryRun } from "../data/story-run.svelte.ts";

const waiting = (width: number): string => emptyFrame("No weights yet", { width, theme: adaptive });

/** The neuron that the reader points at. */
export function lit(run: StoryRun): number | undefined {
  const { neuron } = run.group;
  return neuron === undefined ? undefined : Number(neuron);
}

/** Input and output matrix of the step shown. */
export function tables(run: StoryRun): { readonly input: Matrix; readonly output: Matrix } | undefined {
  const { matrices } = run;
  const [input, output] = [matrices?.["inputs.0"], matrices?.["output"]];
  return input && output ? { input, output } : undefined;
}

/** Weights that get the full color, for the whole run: a step is compared with another, not with itself. */
function rangeOf(run: StoryRun): number {
  const { lastMatrices: last } = run;
  return Math.max(5, largestOf(last?.["inputs.0"]), largestOf(last?.["output"]));
}

/** @param fit the full color follows the largest weight of each step, at least 2 */
export function maps(
  run: StoryRun,
  { width, fit = false, order }: { readonly width: number; readonly fit?: boolean; readonly order?: readonly number[] },
): string {
  const found = tables(run);
  if (!found) return waiting(width);
  const range = fit ? 1.2 * Math.max(2, largestOf(found.input), largestOf(found.output)) : rangeOf(run);
  return weightMaps(found, { width, theme: adaptive, step: run.group.step, range, order, highlight: lit(run) });
}

function largestOf(matrix: Matrix | undefined): number {
  let most = 0;
  const data = matrix?.data ?? [];
  for (const value of data) if (Math.abs(value) > most) most = Math.abs(value);
  return most;
}

const indices = (circuit: Circuit) =>
  circuit.groups.map(({ frequency, neurons }) => ({ frequency, neurons: neurons.map(({ index }) => index) }));

export function waves(run: StoryRun, circuit: Circuit | undefined, { width }: { readonly width: number }): string {
  const found = tables(run);
  if (!found || !circuit) return waiting(width);
  return drawWaves(
    { ...found, groups: indices(circuit) },
    { width, theme: adaptive, step: run.group.step, range: rangeOf(run), highlight: lit(run) },
  );
}

export function spectra(run: StoryRun, circuit: Circuit | undefined, { width }: { readonly width: number }): string {
  const found = tables(run);
  if (!found || !circuit) return waiting(width);
  const rows = { input: toRows(dft(found.input)), output: toRows(dft(transpose(found.output))) };
  return spectrumMaps(rows, { width, theme: adaptive, order: circuit.sorted, range: 20, highlight: lit(run) });
}

/** The network over ones and zeros. */
export function bits(run: StoryRun, { width }: { readonly width: number }): string {
  const [input, output] = [run.matrices?.["mlp.W_in"], run.matrices?.["mlp.W_out"]];
  if (!input || !output) return waiting(width);
  const options = {
    width,
    theme: adaptive,
    step: run.group.step,
    relevant: [0, 1, 2],
    range: 4.5,
    highlight: lit(run),
  };
  return parityWeights({ input, output: output.data, bias: true }, options);
}

/** Places that a line of the trajectories has: more could not be told apart, and there are a thousand lines. */
const places = 64;
const drawn = new WeakMap<object, Map<number, string>>();

/** Every input weight of the network over ones and zeros. It does not change with the step, and is drawn once. */
export function trajectories(run: StoryRun, { width }: { readonly width: number }): string {
  const { frames } = run;
  const known = drawn.get(frames)?.get(width);
  if (known !== undefined) return known;
  const every = Math.max(1, Math.ceil(frames.steps.length / places));
  const shown = frames.steps.map((_, i) => i).filter((i) => i % every === 0 || i === frames.steps.length - 1);
  const matrices = shown.flatMap((i) => frames.at(i)["mlp.W_in"] ?? []);
  const [first] = matrices;
  if (!first) return waiting(width);
  const weights = Array.from({ length: first.rows * first.cols }, (_, place) => {
    const input = Math.floor(place / first.cols);
    const role = input < 3 ? "digit" : input === first.rows - 1 ? "bias" : "distraction";
    return { role, input, neuron: place % first.cols, values: matrices.map(({ data }) => data[place]) } as const;
  });
  const svg = weightTrajectories(
    { steps: shown.map((i) => frames.steps[i]), weights },
    { width, theme: adaptive, panelHeight: 150 },
  );
  drawn.set(frames, (drawn.get(frames) ?? new Map<number, string>()).set(width, svg));
  return svg;
}
