import { defineAnalysis } from "./analysis.ts";
import { chartField, chartFor } from "./chart-choice.ts";
import { inChart, type Chart } from "./charts.ts";
import { circuitOf } from "./circuit.ts";
import { concentrationOf } from "./spectrum.ts";
import type { Course, Moment, Norms } from "./course.ts";
import { addLogits, allNeurons } from "./forward.ts";
import { leadsOf, type Lead } from "./leads.ts";
import { transpose, zeros } from "./matrix.ts";
import type { Network } from "./network.ts";
import { eachExample, Tally } from "./score.ts";
import { addInto, frequencyPart, heldOutSums, scoreOfSums, sumPart } from "./sum-part.ts";

/** The progress measures of one checkpoint. Losses in nats per example. */
export interface ProgressRow {
  readonly step: number;
  /** By tensor, as trained; and of all of them. */
  readonly norms: Readonly<Record<string, Norms>>;
  readonly normL1: number;
  readonly normL2: number;
  /** Gini coefficient of the powers of the frequencies. */
  readonly giniInput: number;
  readonly giniOutput: number;
  /** Inverse participation ratio of a neuron's powers, mean over the neurons. */
  readonly participationInput: number;
  readonly participationOutput: number;
  /** Frequencies with at least 1 % of the power of the input weights. */
  readonly activeFrequencies: number;
  /** Neurons that are a wave of one frequency on both sides. */
  readonly fittingNeurons: number;
  /** Mean |output phase - sum of input phases| over all neurons by weight, in degrees; 90 where they have no relation. */
  readonly phaseDefect: number;
  /** Test examples answered by the key frequencies' cosines and sines of a + b alone. */
  readonly restrictedLoss: number;
  readonly restrictedAccuracy: number;
  /** Training examples answered without them. */
  readonly excludedLoss: number;
  /** Sums whose held-out pairs, averaged, give the right answer: needs no key frequencies. */
  readonly heldOutSums: number;
  /**
   * Share of training examples whose loss has no gradient left where a softmax is computed the usual way: the label's
   * probability rounds to 1 in the run's precision. (groklab's own loss keeps their gradient.)
   */
  readonly zeroGradient: number;
  /** Standard deviation of the logits of the training examples around their mean of each example. */
  readonly logitScale: number;
  readonly trainLoss: number;
  readonly testLoss: number;
  readonly trainAccuracy: number;
  readonly testAccuracy: number;
}

export interface ProgressRows {
  /** Frequencies of the last checkpoint's circuit: restricted and excluded loss look back with these. */
  readonly keyFrequencies: readonly number[];
  readonly rows: readonly ProgressRow[];
  readonly leads: readonly Lead[];
}

/** Half the distance from 1 to the next smaller number: what is added to 1 without a trace. */
const roundsToOne = { float32: 2 ** -24, float64: 2 ** -53 } as const;

/** @param network of the moment, in the coordinates of `chart` */
export function progressOf(
  { step, norms }: Moment<unknown>,
  network: Network,
  chart: Chart,
  keyFrequencies: readonly number[],
  precision: "float32" | "float64",
): ProgressRow {
  const input = concentrationOf(network.inputs[0]);
  const output = concentrationOf(transpose(network.output));
  const circuit = circuitOf(network, chart);
  const neurons = [...circuit.groups.flatMap((group) => group.neurons), ...circuit.unfit];
  const defect = neurons.reduce((sum, { defect, weight }) => sum + Math.abs(defect) * weight, 0);
  const part = sumPart(network);
  const key = zeros(network.p, network.p);
  for (const k of keyFrequencies) addInto(key, frequencyPart(part, k));
  const own = onExamples(network, key, roundsToOne[precision]);
  addInto(key, frequencyPart(part, 0));
  const restricted = scoreOfSums(key, network, "test");
  const all = Object.values(norms);
  return {
    step,
    norms,
    normL1: all.reduce((sum, { l1 }) => sum + l1, 0),
    normL2: Math.sqrt(all.reduce((sum, { l2 }) => sum + l2 * l2, 0)),
    giniInput: input.gini,
    giniOutput: output.gini,
    participationInput: input.participation,
    participationOutput: output.participation,
    activeFrequencies: input.shares.filter((share) => share >= 0.01).length,
    fittingNeurons: circuit.groups.reduce((sum, group) => sum + group.neurons.length, 0),
    phaseDefect: (180 / Math.PI) * defect,
    restrictedLoss: restricted.loss,
    restrictedAccuracy: restricted.accuracy,
    heldOutSums: heldOutSums(network),
    ...own,
  };
}

/** What needs the logits of the examples themselves, in one pass. */
function onExamples(network: Network, key: ReturnType<typeof zeros>, tiny: number) {
  const { p, output } = network;
  const [whole, without] = [new Tally(), new Tally()];
  const logits = new Float64Array(p);
  const rest = new Float64Array(p);
  const neurons = allNeurons(output.rows);
  let [count, saturated, variance] = [0, 0, 0];
  eachExample(network, (hidden, label, train, a, b) => {
    logits.fill(0);
    addLogits(output, hidden, neurons, logits);
    whole.add(logits, label, train);
    if (train === 0) return;
    const row = ((a + b) % p) * p;
    for (let c = 0; c < p; c++) rest[c] = logits[c] - key.data[row + c];
    without.add(rest, label, train);
    let [sum, squares, others] = [0, 0, 0];
    for (let c = 0; c < p; c++) {
      sum += logits[c];
      squares += logits[c] * logits[c];
      if (c !== label) others += Math.exp(logits[c] - logits[label]);
    }
    count++;
    if (others < tiny) saturated++;
    variance += squares / p - (sum / p) ** 2;
  });
  const { train, test } = whole.scores;
  return {
    excludedLoss: without.scores.train.loss,
    zeroGradient: saturated / count,
    logitScale: Math.sqrt(variance / count),
    trainLoss: train.loss,
    trainAccuracy: train.accuracy,
    testLoss: test.loss,
    testAccuracy: test.accuracy,
  };
}

/**
 * Progress measures over the checkpoints of a run, and by how many steps each of them announced that it generalizes.
 *
 * Restricted loss keeps, excluded loss takes away what the key frequencies contribute to the logits as functions of
 * a + b (Nanda et al. 2023, whose key frequencies are those of the end). Gini: Hurley and Rickard 2009. Inverse
 * participation ratio: Doshi et al. 2024. Zero gradients: Prieto et al. 2025. Phase defect: the published star circuit,
 * weighted by |input| · |output|.
 *
 * Planted: a course whose weights do not change has rows that do not change, and no measure announces anything.
 */
export const progress = defineAnalysis({
  name: "progress",
  summary: "Measures of every checkpoint that move before the test accuracy does, and by how much.",
  source: "Nanda et al. 2023; Doshi et al. 2024; Prieto et al. 2025; Pearce et al. 2023",
  needs: "course",
  fields: { chart: chartField },
  run: (course, { chart }): ProgressRows => progressRows(course, chart),
});

/** @param onRow told of every checkpoint that is done, where somebody waits */
export function progressRows(
  course: Course,
  name: (typeof chartField)["default"],
  onRow?: (done: number, of: number) => void,
): ProgressRows {
  const { moments } = course;
  const last = moments.at(-1);
  if (last === undefined) return { keyFrequencies: [], rows: [], leads: [] };
  const chart = chartFor(last.network, name);
  const key = keyFrequenciesOf(inChart(last.network, chart), chart);
  const rows = moments.map((moment, i) => {
    const row = progressOf(moment, inChart(moment.network, chart), chart, key, course.precision);
    onRow?.(i + 1, moments.length);
    return row;
  });
  return { keyFrequencies: key, rows, leads: leadsOf(rows, course) };
}

/** The frequencies of a circuit; of a network without one, the three with most power. */
export function keyFrequenciesOf(network: Network, chart: Chart): readonly number[] {
  const found = circuitOf(network, chart).groups.map(({ frequency }) => frequency);
  if (found.length > 0) return found;
  const { shares } = concentrationOf(network.inputs[0]);
  const order = shares.map((_, i) => i).sort((i, j) => shares[j] - shares[i] || i - j);
  return order
    .slice(0, 3)
    .map((i) => i + 1)
    .sort((a, b) => a - b);
}
