import { activeFrequenciesOf, type ActiveFrequencyRows } from "./active-frequencies.ts";
import { chartOf, chartsOf, examplesOutside, inChart, type Chart } from "./charts.ts";
import { circuitOf, type Circuit } from "./circuit.ts";
import type { Course } from "./course.ts";
import { harmonicsOf, type HarmonicRows } from "./harmonics.ts";
import { interferenceOf, type InterferenceRows } from "./interference.ts";
import { logitFitOf, type LogitFitRows } from "./logit-fit.ts";
import { atLeast, atMost, candidate, listed, missed, type Candidate, type Mechanism } from "./mechanism.ts";
import type { Network } from "./network.ts";
import { progressRows, type ProgressRows } from "./progress.ts";
import { rebuildRows, type RebuildRows } from "./rebuild.ts";
import { scoresOf, type BothScores } from "./score.ts";
import { concentrationOf, spectrum, type SpectrumRows } from "./spectrum.ts";
import { stagesOf, type StageReading, type StageRows } from "./stages.ts";
import { heldOutSums } from "./sum-part.ts";

/** Everything that the analyses say of a network on pairs of numbers. Plain JSON. */
export interface NetworkExplanation {
  readonly kind: "modular";
  readonly p: number;
  readonly mechanism: Mechanism;
  readonly chart: {
    readonly operation: Chart["operation"];
    readonly basis: Chart["basis"];
    readonly order: number;
    readonly generator: number | null;
    /** Whether the examples obey it; where no chart fits them the additive one is read all the same. */
    readonly obeyed: boolean;
  };
  /** How concentrated the neurons' waves are in each basis, from the weights alone: the right basis stands out. */
  readonly bases: readonly {
    readonly basis: Chart["basis"];
    readonly participation: number;
    readonly gini: number;
  }[];
  /** On all examples, those included that have no coordinates (products with 0). */
  readonly scores: BothScores;
  /** Examples without coordinates, and how the network does on them. */
  readonly outside: { readonly examples: number; readonly accuracy: number | null };
  readonly heldOutSums: number;
  readonly circuit: Circuit;
  readonly spectra: { readonly a: SpectrumRows; readonly b: SpectrumRows; readonly output: SpectrumRows };
  readonly active: ActiveFrequencyRows;
  readonly logits: LogitFitRows;
  readonly interference: InterferenceRows;
  readonly harmonics: HarmonicRows;
  readonly rebuild: RebuildRows;
  /** Over the checkpoints, where there are several. */
  readonly progress: ProgressRows | null;
  /** What it computed with where the test loss turned around. */
  readonly stages: StageRows | null;
}

/** Thresholds of the verdict: an algorithm is named only where every one of its numbers reaches its own. */
export const thresholds = {
  rebuiltAccuracy: 0.9,
  agreement: 0.9,
  explained: 0.75,
  goodR2: 0.9,
  phaseDefect: 15,
  trainAccuracy: 0.9,
  memorizedTest: 0.5,
  memorizedSums: 0.5,
  memorizedRebuilt: 0.5,
} as const;

interface ExplainOptions {
  /** Which pairs were trained on was inferred from what the network answers, see `inferSplit`. */
  readonly inferredSplit?: boolean;
  /** Told of every checkpoint that is measured, where somebody waits. */
  readonly onCheckpoint?: ((done: number, of: number) => void) | undefined;
}

/** @param course the run that it came from, for the progress measures */
export function explainNetwork(
  network: Network,
  course?: Course,
  { inferredSplit = false, onCheckpoint }: ExplainOptions = {},
): NetworkExplanation {
  const found = chartOf(network.p, network.examples);
  const chart = found ?? chartsOf(network.p)[0];
  const read = inChart(network, chart);
  const circuit = circuitOf(read, chart);
  const sums = heldOutSums(read);
  const rebuild = rebuildRows(read, circuit);
  const logits = logitFitOf(read, circuit);
  const active = activeFrequenciesOf(read, circuit);
  const interference = interferenceOf(read, circuit);
  const outside = outsideOf(network, chart);
  // Where every example has coordinates, what was counted in them.
  const scores = outside.examples === 0 ? rebuild.network : scoresOf(network);
  const { operation, basis, order, generator } = chart;
  const spectrumOf = (matrix: "a" | "b" | "output") => spectrum.run(network, { matrix, chart: operation });
  const harmonics = harmonicsOf(read, circuit, rebuild.rebuilt);
  const known = {
    scores,
    sums,
    rebuild,
    harmonics,
    logits,
    active,
    circuit,
    chart,
    outside,
    obeyed: found !== undefined,
    inferredSplit,
  };
  return {
    kind: "modular",
    p: network.p,
    mechanism: mechanismOf(known),
    chart: { operation, basis, order, generator, obeyed: found !== undefined },
    bases: basesOf(network),
    scores,
    outside,
    heldOutSums: sums,
    circuit,
    spectra: { a: spectrumOf("a"), b: spectrumOf("b"), output: spectrumOf("output") },
    active,
    logits,
    interference,
    harmonics,
    rebuild,
    progress: course === undefined || course.moments.length < 2 ? null : progressRows(course, operation, onCheckpoint),
    stages: course === undefined || course.moments.length < 2 ? null : stages(course),
  };
}

function stages({ evals, moments }: Course): StageRows {
  const read = (at: number): StageReading => {
    const { mechanism, circuit, rebuild } = explainNetwork(moments[at].network);
    const { label, sentence, parts, carried } = mechanism;
    const rebuilt = circuit.groups.length === 0 ? null : rebuild.rebuilt.test.accuracy;
    return { mechanism: { label, sentence, parts, carried }, rebuilt };
  };
  return stagesOf(evals, moments.map(({ step }) => step), read); // prettier-ignore
}

function basesOf(network: Network): NetworkExplanation["bases"] {
  const charts = chartsOf(network.p).filter(({ operation }) => ["addition", "multiplication"].includes(operation));
  return charts.map((chart) => {
    const { participation, gini } = concentrationOf(inChart(network, chart).inputs[0]);
    return { basis: chart.basis, participation, gini };
  });
}

function outsideOf(network: Network, chart: Chart): NetworkExplanation["outside"] {
  const examples = examplesOutside(network.examples, chart);
  const count = examples.a.length;
  if (count === 0) return { examples: 0, accuracy: null };
  // All of them as one half.
  const { test } = scoresOf({ ...network, examples: { ...examples, train: new Uint8Array(count) } });
  return { examples: count, accuracy: test.accuracy };
}

interface Known {
  readonly scores: BothScores;
  readonly sums: number;
  readonly rebuild: RebuildRows;
  readonly harmonics: HarmonicRows;
  readonly logits: LogitFitRows;
  readonly active: ActiveFrequencyRows;
  readonly circuit: Circuit;
  readonly chart: Chart;
  readonly outside: NetworkExplanation["outside"];
  readonly obeyed: boolean;
  readonly inferredSplit: boolean;
}

function mechanismOf(known: Known): Mechanism {
  const { scores, sums, rebuild, logits, circuit, chart, obeyed } = known;
  const t = thresholds;
  const frequencies = circuit.groups.map(({ frequency }) => frequency);
  const neurons = circuit.groups.flatMap((group) => group.neurons);
  const weight = neurons.reduce((sum, neuron) => sum + neuron.weight, 0);
  const defect = neurons.reduce((sum, neuron) => sum + Math.abs(neuron.defect) * neuron.weight, 0) / weight;
  const fourier = candidate("fourier-circuit", [
    atLeast("accuracy of the rebuilt circuit on held-out pairs", rebuild.rebuilt.test.accuracy, t.rebuiltAccuracy),
    atLeast("held-out answers that the rebuilt circuit shares with the network", rebuild.agreement.test, t.agreement),
    atLeast("variation of the logits that is cosines of a + b - c", logits.explained, t.explained),
    atMost("mean defect of output phase = sum of input phases", (180 / Math.PI) * defect, t.phaseDefect, "degrees"),
  ]);
  const memorized = candidate("memorized-table", [
    atLeast("accuracy on training pairs", scores.train.accuracy, t.trainAccuracy),
    atMost("accuracy on held-out pairs", scores.test.accuracy, t.memorizedTest),
    atMost("sums whose held-out pairs, averaged, give the answer", sums, t.memorizedSums),
    atMost("accuracy of the rebuilt circuit on held-out pairs", rebuild.rebuilt.test.accuracy, t.memorizedRebuilt),
  ]);
  const candidates = [fourier, memorized];
  // An empty circuit answers 0 to everything, which may agree with a network that does the same, and says nothing.
  const carried = Number.isNaN(rebuild.agreement.test) || frequencies.length === 0 ? null : rebuild.agreement.test;
  if (fourier.holds && obeyed) {
    const sentence = `Fourier circuit: ${words[chart.operation]} with waves of ${frequencies.length === 1 ? "frequency" : "frequencies"} ${listed(frequencies)}${chart.generator === null ? "" : ` over the logarithms to base ${chart.generator}`}`;
    return {
      label: "fourier-circuit",
      sentence,
      parts: frequencies,
      carried,
      candidates,
      unexplained: leftOpen(known),
    };
  }
  if (memorized.holds) {
    const sentence = "memorized table: it knows its training pairs, and nothing about the others";
    const unexplained = known.inferredSplit ? [inferred] : [];
    return { label: "memorized-table", sentence, parts: [], carried, candidates, unexplained };
  }
  return {
    label: "unexplained",
    sentence: "unexplained: no mechanism reaches its thresholds",
    parts: [],
    carried,
    candidates,
    unexplained: whyNot(known, fourier),
  };
}

/** The accuracies of the halves then say nothing; sums and the rebuilt circuit still do. */
const inferred =
  "which pairs it was trained on was inferred from which pairs it knows, so that its accuracy on the two halves is no evidence";

const words: Readonly<Record<Chart["operation"], string>> = {
  addition: "adds",
  subtraction: "subtracts",
  "reverse-subtraction": "subtracts the first number from the second",
  multiplication: "multiplies",
  division: "divides",
  "reverse-division": "divides the second number by the first",
};

/** What a circuit that is named leaves open. */
function leftOpen(known: Known): readonly string[] {
  const { rebuild, circuit, active, outside, logits } = known;
  const causal = active.rules.find(({ rule }) => rule === "causal")?.frequencies ?? [];
  const named = circuit.groups.map(({ frequency }) => frequency);
  const idle = named.filter((k) => !causal.includes(k));
  const extra = causal.filter((k) => !named.includes(k));
  const poor = logits.frequencies.filter(({ r2 }) => r2 < thresholds.goodR2);
  const disagree = 1 - rebuild.agreement.test;
  return [
    ...(circuit.unfit.length > 0
      ? [`${circuit.unfit.length === 1 ? "neuron" : "neurons"} ${listed(circuit.unfit.map(({ index }) => index))} ${circuit.unfit.length === 1 ? "fits" : "fit"} no circuit`] // prettier-ignore
      : []),
    ...(disagree > 0 ? [`${percent(disagree)} of the held-out answers are not those of the rebuilt circuit`] : []),
    ...confidence(known),
    `${percent(1 - logits.explained)} of the variation of the logits is no cosine of a + b - c at these frequencies`,
    ...(poor.length > 0
      ? [`the logits of ${poor.length === 1 ? "frequency" : "frequencies"} ${listed(poor.map(({ frequency }) => frequency))} are cosines only to an R2 of ${listed(poor.map(({ r2 }) => Number(r2.toFixed(2))))}`] // prettier-ignore
      : []),
    ...(idle.length > 0
      ? [
          `without ${idle.length === 1 ? "frequency" : "any one of the frequencies"} ${listed(idle)} the test loss rises by less than .01 nats`,
        ]
      : []),
    ...(extra.length > 0
      ? [
          `${extra.length === 1 ? "frequency" : "frequencies"} ${listed(extra)} ${extra.length === 1 ? "matters" : "matter"} to the test loss, and no neuron is made of ${extra.length === 1 ? "it" : "them"}`,
        ]
      : []),
    ...(outside.examples > 0
      ? [`the ${outside.examples} pairs with 0 have no logarithm: the network is right on ${percent(outside.accuracy ?? NaN)} of them, by means not looked at`] // prettier-ignore
      : []),
  ];
}

/** Where the waves give the answers but not the loss: by a factor of more than 1.5. */
function confidence({ rebuild, harmonics }: Known): readonly string[] {
  const [own, waves, more] = [rebuild.network, rebuild.rebuilt, harmonics.withHarmonics].map(({ test }) => test.loss);
  if (!(waves > 1.5 * own)) return [];
  const rest =
    more > 1.5 * own
      ? `, ${short(more)} with constants and second waves`
      : "; constants and second waves make up for it";
  return [`the test loss is ${short(own)} nats, and ${short(waves)} of the rebuilt waves${rest}`];
}

const short = (loss: number): string =>
  loss < 1e-3 ? loss.toExponential(2).replace("e+", "e") : String(Number(loss.toPrecision(3)));

/** Of a network without a named mechanism: what came nearest, and what it lacked. */
function whyNot({ scores, circuit, rebuild, obeyed, chart }: Known, fourier: Candidate): readonly string[] {
  const found = circuit.groups.map(({ frequency }) => frequency);
  const share = circuit.groups.reduce((sum, group) => sum + group.neurons.length, 0);
  return [
    ...(obeyed ? [] : [`the examples obey no modular operation; the numbers were read as for ${chart.operation}`]),
    ...(found.length === 0
      ? ["no neuron is a wave of one frequency"]
      : [`${share} of ${share + circuit.unfit.length} neurons are waves of ${found.length === 1 ? "frequency" : "frequencies"} ${listed(found)}, and carry ${percent(rebuild.agreement.test)} of the held-out answers`]), // prettier-ignore
    ...missed(fourier).map(({ name, value, threshold, relation }) => {
      return `${name}: ${Number.isFinite(value) ? Number(value.toPrecision(3)) : "none"}, needed ${relation === ">=" ? "at least" : "at most"} ${threshold}`;
    }),
    ...(scores.train.accuracy < thresholds.trainAccuracy
      ? [`it knows only ${percent(scores.train.accuracy)} of its training pairs`]
      : []),
  ];
}

const percent = (share: number): string =>
  Number.isFinite(share) ? `${Number((100 * share).toPrecision(3))} %` : "none";
