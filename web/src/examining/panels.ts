import type { BitNetwork } from "../../../src/analyses/bit-network.ts";
import { chartOf, chartsOf, inChart } from "../../../src/analyses/charts.ts";
import { circuitOf } from "../../../src/analyses/circuit.ts";
import { normsOf } from "../../../src/analyses/course.ts";
import { explainBits } from "../../../src/analyses/explain-bits.ts";
import { explainNetwork } from "../../../src/analyses/explain-network.ts";
import type { Mechanism } from "../../../src/analyses/mechanism.ts";
import type { Network } from "../../../src/analyses/network.ts";
import { digitCount } from "../../../src/analyses/parity.ts";
import { progress } from "../../../src/analyses/progress.ts";
import { spectrum } from "../../../src/analyses/spectrum.ts";
import type { Subject } from "../../../src/analyses/subject.ts";
import { parityWeights } from "../../../src/figures/parity-weights.ts";
import { progressMeasures } from "../../../src/figures/progress-measures.ts";
import { spectrumMaps } from "../../../src/figures/spectrum-maps.ts";
import { stars } from "../../../src/figures/stars.ts";
import { adaptive } from "../../../src/figures/svg/index.ts";
import { waves } from "../../../src/figures/waves.ts";
import { weightMaps } from "../../../src/figures/weight-maps.ts";
import type { ExamineRequest, Examined, PanelName } from "./messages.ts";

type Shown = Pick<Examined, "groups" | "figures" | "mechanism" | "missing">;
type Asked = Pick<ExamineRequest, "params" | "step" | "width" | "panels" | "course" | "plan">;

/** The figures and words of the panels that are asked for. */
export function panelsOf(subject: Subject, asked: Asked): Shown {
  if (subject.kind === "none") {
    return { groups: [], figures: {}, missing: `${subject.why.charAt(0).toUpperCase()}${subject.why.slice(1)}.` };
  }
  return subject.kind === "network" ? ofNetwork(subject.read, asked) : ofBits(subject.read(asked.params), asked);
}

function ofNetwork(read: (weights: Asked["params"]) => Network, asked: Asked): Shown {
  const { params, step, width, panels } = asked;
  const network = read(params);
  const chart = chartOf(network.p, network.examples) ?? chartsOf(network.p)[0];
  const inOrder = inChart(network, chart);
  const circuit = circuitOf(inOrder, chart);
  const options = { width, theme: adaptive, step };
  const groups = circuit.groups.map(({ frequency, neurons }) => ({
    frequency,
    neurons: neurons.map(({ index }) => index),
  }));
  const matrices = { input: inOrder.inputs[0], output: inOrder.output };
  const draw: Readonly<Record<PanelName, () => readonly string[]>> = {
    predictions: () => [],
    weights: () => [weightMaps(matrices, { ...options, order: circuit.sorted, groups })],
    spectrum: () => {
      const of = (matrix: "a" | "output") => spectrum.run(network, { matrix, chart: chart.operation }).components;
      return [
        spectrumMaps({ input: of("a"), output: of("output") }, { width, theme: adaptive, order: circuit.sorted }),
      ];
    },
    waves: () => [waves({ ...matrices, groups }, options)],
    stars: () => [stars(circuit, { ...options, names: "network" })],
    progress: () => [progressFigure(read, asked)],
    mechanism: () => [],
  };
  return {
    groups,
    figures: Object.fromEntries(panels.map((name) => [name, draw[name]()])),
    mechanism: panels.includes("mechanism") ? words(explainNetwork(network).mechanism) : undefined,
  };
}

/** Progress measures of the weights kept on the way. */
function progressFigure(read: (weights: Asked["params"]) => Network, { course, plan, width }: Asked): string {
  const moments = course.map(({ step, params }) => ({ step, network: read(params), norms: normsOf(params) }));
  const precision = plan.training["precision"] === "float64" ? "float64" : "float32";
  const { rows } = progress.run({ moments, evals: [], fitStep: null, generalizeStep: null, precision });
  const panels = ["accuracy", "loss", "norms", "sparsity", "frequencies", "phase"] as const;
  return progressMeasures(rows, { width, theme: adaptive, panels });
}

function ofBits(network: BitNetwork, { step, width, panels, plan }: Asked): Shown {
  const relevant = Array.from(
    { length: Math.min(digitCount(network), Number(plan.task["k"] ?? 0)) },
    (_, digit) => digit,
  );
  const only = "Waves are of networks on two numbers; this one reads digits. Its weights and its mechanism are shown.";
  const isOther = panels.some((name) => ["spectrum", "waves", "stars", "progress"].includes(name));
  return {
    groups: [],
    figures: panels.includes("weights")
      ? { weights: [parityWeights(network, { width, theme: adaptive, step, relevant })] }
      : {},
    mechanism: panels.includes("mechanism") ? words(explainBits(network).mechanism) : undefined,
    missing: isOther ? only : undefined,
  };
}

function words({ sentence, candidates, unexplained }: Mechanism): NonNullable<Examined["mechanism"]> {
  return {
    sentence,
    notes: unexplained,
    evidence: candidates.flatMap(({ label, evidence }) =>
      evidence.map(({ name, value, relation, threshold, unit, holds }) => ({
        name: `${label}: ${name}`,
        value,
        threshold: `${relation === ">=" ? "at least" : "at most"} ${threshold}${unit === "degrees" ? "°" : ""}`,
        holds,
      })),
    ),
  };
}
