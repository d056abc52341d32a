import { chartFor } from "../analyses/chart-choice.ts";
import { inChart } from "../analyses/charts.ts";
import { circuitOf } from "../analyses/circuit.ts";
import { constructedRows, constructionFields, type Construction } from "../analyses/constructed.ts";
import type { BitNetwork } from "../analyses/bit-network.ts";
import type { Course } from "../analyses/course.ts";
import { addLogits, hiddenInto } from "../analyses/forward.ts";
import { interference } from "../analyses/interference.ts";
import type { LanguageExplanation, SentenceView } from "../analyses/language/explain-language.ts";
import { asMatrix } from "../analyses/matrix.ts";
import type { Network } from "../analyses/network.ts";
import { parity } from "../analyses/parity.ts";
import { progress } from "../analyses/progress.ts";
import { spectrum } from "../analyses/spectrum.ts";
import { weightTrajectories as trajectoryAnalysis } from "../analyses/weight-trajectories.ts";
import { bool, choice, float, int, UsageError, type Fields, type Values } from "../options.ts";
import type { NamedArrays } from "../tensor/index.ts";
import type { Eval } from "../train/eval.ts";
import { ablations } from "./ablations.ts";
import { announcements } from "./announcements.ts";
import { circleSum } from "./circle-sum.ts";
import { constructionError } from "./construction-error.ts";
import { embeddingMap } from "./embedding-map.ts";
import { embeddingPlane } from "./embedding-plane.ts";
import { frequencyLogits, type FrequencyLogitRows } from "./frequency-logits.ts";
import { attentionMaps } from "./language/attention-maps.ts";
import { constructionCurves } from "./language/construction-curves.ts";
import { generalizationCurves } from "./language/generalization-curves.ts";
import { generalizationFields, referenceOf } from "./language/reference.ts";
import { sentenceTrees } from "./language/sentence-trees.ts";
import { structurePanels } from "./language/structure-panels.ts";
import { trainingLoss } from "./language/training-loss.ts";
import { neuronCircle } from "./neuron-circle.ts";
import { neuronComponents } from "./neuron-components.ts";
import { numberCircle } from "./number-circle.ts";
import { parityWeights } from "./parity-weights.ts";
import { progressMeasures } from "./progress-measures.ts";
import { reluWrap } from "./relu-wrap.ts";
import { spectrumMaps } from "./spectrum-maps.ts";
import { stars } from "./stars.ts";
import type { StepMark, Theme } from "./svg/index.ts";
import { trainingCurves } from "./training-curves.ts";
import { waves } from "./waves.ts";
import { weightMaps } from "./weight-maps.ts";
import { weightTrajectories } from "./weight-trajectories.ts";

/** What a figure of a run can be drawn from; what it `needs` is there. */
export interface RunSubject {
  readonly evals: readonly Eval[];
  readonly marks: readonly StepMark[];
  readonly chance: number;
  readonly lossUnit: string;
  /** The checkpoint that was asked for, or the last one. */
  readonly step: number;
  readonly weights: NamedArrays;
  readonly network: Network;
  readonly bits: BitNetwork;
  readonly course: Course;
  readonly bitCourse: Course<BitNetwork>;
  readonly language: LanguageExplanation;
  /** What the losses of a language model cannot fall below, where it is known. */
  readonly floor: number | undefined;
}

/** What every figure takes besides its own options. */
export interface Look {
  readonly theme: Theme;
  readonly width?: number | undefined;
  readonly title?: string | undefined;
}

/**
 * - `nothing`: its options alone; `evals`: the curves of any run
 * - `weights`: one checkpoint of any run whose network begins with an embedding
 * - `network`, `bits`: one checkpoint of a network on pairs of numbers, on bits
 * - `course`, `bitCourse`: every checkpoint of such a run
 * - `language`: the explanation of a language model, over its checkpoints
 */
export type FigureNeed = "nothing" | "evals" | "weights" | "network" | "bits" | "course" | "bitCourse" | "language";

export interface RunFigure {
  readonly name: string;
  readonly summary: string;
  readonly needs: FigureNeed;
  readonly fields: Fields;
  readonly draw: (subject: RunSubject, options: Values<Fields>, look: Look) => string;
}

function figure<const F extends Fields>(
  name: string,
  needs: FigureNeed,
  summary: string,
  fields: F,
  draw: (subject: RunSubject, options: Values<F>, look: Look) => string,
): RunFigure {
  return { name, summary, needs, fields, draw: draw as unknown as RunFigure["draw"] };
}

const range = float(0, "weight that gets the full color or height; 0: the largest", { min: 0 });
const order = choice(["sorted", "network"], "sorted", "neurons by frequency and phase, or as they are in the network");
const pair = {
  a: int(13, "first number", { min: 0 }),
  b: int(19, "second number", { min: 0 }),
};
const construction = { ...constructionFields, a: int(2, "first number", { min: 0 }), b: int(12, "second number", { min: 0 }) }; // prettier-ignore

/** The network in its own coordinates, and its neurons by frequency. */
function read(network: Network) {
  const chart = chartFor(network, "auto");
  const own = inChart(network, chart);
  const circuit = circuitOf(own, chart);
  const groups = circuit.groups.map(({ frequency, neurons }) => ({
    frequency,
    neurons: neurons.map(({ index }) => index),
  }));
  const numbers = chart.basis === "additive" ? "number" : `logarithm to base ${chart.generator}`;
  return { own, chart, circuit, groups, numbers };
}

const given = (value: number): number | undefined => (value === 0 ? undefined : value);

/** The figures of a run, in the order in which lists show them. */
export const runFigures: readonly RunFigure[] = [
  figure(
    "training-curves",
    "evals",
    "accuracy and loss of train and test examples against the step, with the steps of the verdict",
    { measures: choice(["both", "accuracy", "loss"], "both", "which curves") },
    ({ evals, marks, chance, lossUnit }, { measures }, look) =>
      trainingCurves(evals, {
        ...look,
        marks,
        chance,
        lossUnit,
        ...(measures === "both" ? {} : { measures: [measures] }),
      }),
  ),
  figure(
    "weights",
    "network",
    "input and output weights of every neuron for every number, as colors",
    { order, range },
    ({ network, step }, { order, range }, look) => {
      const { own, circuit, groups, numbers } = read(network);
      const sorted = order === "sorted" ? { order: circuit.sorted, groups } : {};
      return weightMaps(
        { input: own.inputs[0], output: own.output },
        { ...look, step, numbers, range: given(range), ...sorted },
      );
    },
  ),
  figure(
    "waves",
    "network",
    "the weights of every neuron as waves over the numbers, by frequency",
    { range },
    ({ network, step }, { range }, look) => {
      const { own, groups, numbers } = read(network);
      return waves(
        { input: own.inputs[0], output: own.output, groups },
        { ...look, step, numbers, range: given(range) },
      );
    },
  ),
  figure(
    "spectrum",
    "network",
    "Fourier components of every neuron's input and output weights",
    { order, range },
    ({ network }, { order, range }, look) => {
      const { circuit } = read(network);
      const components = (matrix: "a" | "output") => spectrum.run(network, { matrix }).components;
      const rows = { input: components("a"), output: components("output") };
      return spectrumMaps(rows, {
        ...look,
        range: given(range),
        ...(order === "sorted" ? { order: circuit.sorted } : {}),
      });
    },
  ),
  figure(
    "stars",
    "network",
    "the neurons of each frequency by cosine and sine: polygons in, stars out",
    {},
    ({ network, step }, _, look) => stars(read(network).circuit, { ...look, step }),
  ),
  figure(
    "neuron-circle",
    "network",
    "the neurons of a network with one circle, with or without edges in the order of their phase",
    { edges: choice(["yes", "no"], "yes", "join neighbors by input phase") },
    ({ network, step }, { edges }, look) =>
      neuronCircle(read(network).circuit, { ...look, step, edges: edges === "yes" }),
  ),
  figure(
    "neuron-components",
    "network",
    "the cosine and sine part of every neuron's input and output weights, as colors",
    { range },
    ({ network, step }, { range }, look) =>
      neuronComponents(read(network).circuit, { ...look, step, range: given(range) }),
  ),
  figure(
    "logits",
    "network",
    "logits of every answer to (a, b), by frequency and of all neurons",
    pair,
    ({ network }, { a, b }, look) => frequencyLogits(logitRows(network, a, b), look),
  ),
  figure(
    "embedding",
    "weights",
    "the embedding of every number, as colors",
    { range },
    ({ weights }, { range }, look) => {
      const embedding = asMatrix(embeddingOf(weights));
      const names = embedding.cols === 2 ? ["cos", "sin"] : undefined;
      return embeddingMap(embedding, { ...look, names, range: given(range) });
    },
  ),
  figure(
    "embedding-circle",
    "network",
    "the numbers in the plane of one frequency of their embedding",
    { frequency: int(0, "which frequency; 0: the strongest", { min: 0 }) },
    ({ weights, network }, { frequency }, look) => {
      const { circuit, chart } = read(network);
      const strongest = [...circuit.groups].sort((x, y) => y.weight - x.weight)[0]?.frequency ?? 1;
      return numberCircle(embeddingPlane(asMatrix(embeddingOf(weights)), frequency || strongest, chart), look);
    },
  ),
  figure(
    "progress",
    "course",
    "norms and progress measures of every checkpoint on one axis of steps",
    {},
    ({ course, marks }, _, look) => progressMeasures(progress.run(course).rows, { ...look, marks }),
  ),
  figure(
    "announcements",
    "course",
    "when each progress measure would have announced that the run generalizes",
    {},
    ({ course, marks }, _, look) => {
      const { leads, rows } = progress.run(course);
      return announcements(leads, { ...look, marks, steps: rows.at(-1)?.step ?? 1 });
    },
  ),
  figure(
    "ablations",
    "network",
    "accuracy with one frequency alone, and with all but it",
    { half: choice(["test", "train"], "test", "of which examples") },
    ({ network }, { half }, look) => ablations(interference.run(network), { ...look, half }),
  ),
  figure(
    "parity-weights",
    "bits",
    "weights of every neuron for every digit, and its output weight",
    { range },
    ({ bits, step }, { range }, look) => {
      const { digits, neurons } = parity.run(bits);
      return parityWeights(bits, {
        ...look,
        step,
        relevant: digits,
        order: neurons.map(({ index }) => index),
        range: given(range),
      });
    },
  ),
  figure(
    "weight-trajectories",
    "bitCourse",
    "every input weight against the step, by what its digit is for",
    {},
    ({ bitCourse, marks }, _, look) => {
      const rows = trajectoryAnalysis.run(bitCourse);
      const fallen =
        rows.lastDistraction === null ? [] : [{ step: rows.lastDistraction, label: "last distraction falls" }];
      return weightTrajectories(rows, { ...look, marks: [...marks, ...fallen] });
    },
  ),
  figure(
    "circle-sum",
    "nothing",
    "addition on a circle: the chord from a to b, its midpoint, and the answer",
    construction,
    (_, options, look) => circleSum(inside(options), look),
  ),
  figure("relu-wrap", "nothing", "how evenly spaced directions add two numbers", construction, (_, options, look) =>
    reluWrap(inside(options), look),
  ),
  figure(
    "construction-error",
    "nothing",
    "what such a construction answers to every pair (i, i), and its error",
    construction,
    (_, options, look) =>
      constructionError(constructedRows(options), {
        ...look,
        ...(options.a === options.b ? { selected: options.a } : {}),
      }),
  ),
  figure(
    "generalization-curves",
    "evals",
    "in-domain accuracy against generalization, with the step at which early stopping would have stopped",
    generalizationFields,
    ({ evals, chance }, { stopAt, reference }, look) =>
      generalizationCurves([{ evals }], { ...look, chance, stopAt, reference: referenceOf(reference) }),
  ),
  figure(
    "construction-curves",
    "evals",
    "accuracy of a language model by construction",
    { half: choice(["test", "train"], "test", "the generalization set, or the in-domain one") },
    ({ evals }, { half }, look) => constructionCurves(evals, { ...look, half }),
  ),
  figure("token-loss", "evals", "loss per token of a language model, with its floor", {}, ({ evals, floor }, _, look) =>
    trainingLoss(evals, { ...look, floor }),
  ),
  figure(
    "structure",
    "language",
    "weight norm, attention sparsity, tree score and F1 against the grammar's trees over the checkpoints",
    { published: bool(false, "norm and sparsity as published instead of corrected") },
    ({ language }, { published }, look) =>
      structurePanels(language.course, {
        ...look,
        published,
        rightBranching: language.trees.parseval?.rightBranching,
      }),
  ),
  figure("trees", "language", "a sentence's projected tree beside the grammar's", {}, ({ language }, _, look) =>
    sentenceTrees(exampleOf(language), look),
  ),
  figure(
    "attention",
    "language",
    "where each word of a sentence looks, by layer and head",
    {},
    ({ language }, _, look) => attentionMaps(exampleOf(language), look),
  ),
];

function exampleOf({ example }: LanguageExplanation): SentenceView {
  if (example !== null) return example;
  throw new UsageError("this run has no sentence to draw");
}

/** @throws UsageError for numbers that the modulus does not have */
function inside<O extends Construction & { readonly a: number; readonly b: number }>(options: O): O {
  for (const name of ["a", "b"] as const) {
    if (options[name] >= options.modulus) throw new UsageError(`${name}: ${options[name]} is not allowed; give a whole number from 0 to ${options.modulus - 1}`); // prettier-ignore
  }
  return options;
}

function embeddingOf(weights: NamedArrays): NamedArrays[string] {
  const name = ["embed.W_E", "embed.0.W_E"].find((candidate) => Object.hasOwn(weights, candidate));
  if (name === undefined) throw new UsageError(`this run's network has no embedding; its weights are ${Object.keys(weights).join(", ")}`); // prettier-ignore
  return weights[name];
}

/** Logits of one pair from the neurons of each frequency, each with the cosine that it should be, and from all neurons. */
export function logitRows(network: Network, a: number, b: number): FrequencyLogitRows {
  const { p, output } = network;
  for (const [name, value] of [["a", a], ["b", b]] as const) {
    if (value >= p) throw new UsageError(`${name}: ${value} is not allowed; give a whole number from 0 to ${p - 1}`);
  } // prettier-ignore
  const { circuit, chart } = read(network);
  const hidden = new Float64Array(output.rows);
  hiddenInto(network, a, b, hidden);
  const of = (neurons: readonly number[]): Float64Array => {
    const logits = new Float64Array(p);
    addLogits(output, hidden, neurons, logits);
    return logits;
  };
  const sum = (chart.a[a] + chart.b[b]) % chart.order;
  const answer = chart.a[a] < 0 || chart.b[b] < 0 ? -1 : chart.c.indexOf(sum);
  const series = circuit.groups.map(({ frequency, neurons }) => {
    const logits = of(neurons.map(({ index }) => index));
    const wave = Float64Array.from({ length: p }, (_, c) =>
      chart.c[c] < 0 || answer < 0 ? NaN : Math.cos((2 * Math.PI * frequency * (sum - chart.c[c])) / chart.order),
    );
    const mean = logits.reduce((total, logit) => total + logit, 0) / p;
    const [fit, length] = wave.reduce(([x, l], w, c) => (Number.isNaN(w) ? [x, l] : [x + w * logits[c], l + w * w]), [0, 0]); // prettier-ignore
    return { frequency, logits, expected: wave.map((w) => mean + (w * fit) / (length || 1)) };
  });
  const all = of(Array.from({ length: output.rows }, (_, j) => j));
  return { a, b, answer, series: [...series, { frequency: "all" as const, logits: all }] };
}
