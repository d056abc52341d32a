import type { FigureSample } from "../../../test/contracts/figure.ts";
import { chartsOf } from "../../analyses/charts.ts";
import { circuitOf } from "../../analyses/circuit.ts";
import { constructedNetwork, constructedRows } from "../../analyses/constructed.ts";
import type { InterferenceRows } from "../../analyses/interference.ts";
import type { Lead } from "../../analyses/leads.ts";
import type { Matrix } from "../../analyses/network.ts";
import type { ProgressRow } from "../../analyses/progress.ts";
import { spectrum } from "../../analyses/spectrum.ts";
import type { Eval } from "../../train/eval.ts";
import { ablations } from "../ablations.ts";
import { announcements } from "../announcements.ts";
import { circleSum } from "../circle-sum.ts";
import { constructionError } from "../construction-error.ts";
import { embeddingMap } from "../embedding-map.ts";
import { embeddingPlane } from "../embedding-plane.ts";
import { frequencyLogits } from "../frequency-logits.ts";
import { neuronCircle } from "../neuron-circle.ts";
import { neuronComponents } from "../neuron-components.ts";
import { numberCircle } from "../number-circle.ts";
import { parityWeights } from "../parity-weights.ts";
import { progressMeasures } from "../progress-measures.ts";
import { reluWrap } from "../relu-wrap.ts";
import { logitRows } from "../run-figures.ts";
import { languageSamples } from "./language-samples.ts";
import { runGallery } from "../run-gallery.ts";
import { spectrumMaps } from "../spectrum-maps.ts";
import { stars } from "../stars.ts";
import { trainingCurves } from "../training-curves.ts";
import { waves } from "../waves.ts";
import { weightMaps } from "../weight-maps.ts";
import { weightTrajectories } from "../weight-trajectories.ts";

/** A network made by hand: modulo 23, two frequencies of five neurons each. */
const network = constructedNetwork(
  23,
  [
    { frequency: 3, neurons: 5, rotation: 0.2, amplitude: 2 },
    { frequency: 7, neurons: 5, rotation: 0.5 },
  ],
  "relu",
);
const circuit = circuitOf(network, chartsOf(23)[0]);
const groups = circuit.groups.map(({ frequency, neurons }) => ({
  frequency,
  neurons: neurons.map(({ index }) => index),
}));
const one = constructedNetwork(23, [{ frequency: 1, neurons: 5, rotation: 0.3 }], "relu");

/** A course that memorizes at 1,000 and knows the rule at 6,000. */
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const steps = Array.from({ length: 41 }, (_, i) => i * 250);
const evals: readonly Eval[] = steps.map((step) => ({
  step,
  train: { loss: 0.0628 * 10 ** (-5 * sigmoid((step - 900) / 250)), accuracy: sigmoid((step - 600) / 150) },
  test: { loss: 0.9 * 10 ** (-6 * sigmoid((step - 6000) / 400)), accuracy: sigmoid((step - 6000) / 250) },
  normL1: 900 + 100 * sigmoid((step - 900) / 300) - 500 * sigmoid((step - 5500) / 900),
  normL2: 40 + 12 * sigmoid((step - 900) / 300) - 20 * sigmoid((step - 5500) / 900),
}));
const marks = [
  { step: 1250, label: "fitted 1,250" },
  { step: 7000, label: "generalized 7,000" },
];

const progress: readonly ProgressRow[] = evals.map(({ step, train, test, normL1, normL2 }) => {
  const formed = sigmoid((step - 4500) / 700);
  return {
    step,
    norms: {},
    normL1,
    normL2,
    giniInput: 0.1 + 0.8 * formed,
    giniOutput: 0.1 + 0.75 * formed,
    participationInput: 0.1 + 0.8 * formed,
    participationOutput: 0.1 + 0.7 * formed,
    activeFrequencies: Math.round(11 - 9 * formed),
    fittingNeurons: Math.round(10 * formed),
    phaseDefect: 90 - 86 * formed,
    restrictedLoss: 3 * 10 ** (-4 * formed),
    restrictedAccuracy: formed,
    excludedLoss: 1e-4 * 10 ** (3 * formed),
    heldOutSums: formed,
    zeroGradient: 0.4 * sigmoid((step - 1500) / 300),
    logitScale: 5 + 20 * sigmoid((step - 1500) / 500),
    trainLoss: train.loss,
    testLoss: test.loss,
    trainAccuracy: train.accuracy,
    testAccuracy: test.accuracy,
  };
});

const leads: readonly Lead[] = [
  { measure: "phase defect", rule: "at most 45 degrees", step: 4750, value: 40, lead: 2250, ratio: 0.68, hindsight: false },
  { measure: "restricted accuracy", rule: "at least .5", step: 5000, value: 0.6, lead: 2000, ratio: 0.7, hindsight: true },
  { measure: "test accuracy", rule: "a tenth of the way from chance to 1", step: 5750, value: 0.2, lead: 1250, ratio: 0.8, hindsight: false },
  { measure: "zero gradients", rule: "at least .5", step: null, value: null, lead: null, ratio: null, hindsight: false },
]; // prettier-ignore

const scored = (accuracy: number) => ({ train: { loss: 0, accuracy }, test: { loss: 0, accuracy } });
const interference: InterferenceRows = {
  network: scored(1),
  circuit: scored(1),
  frequencies: [
    { frequency: 3, neurons: 5, kept: scored(0.42), removed: scored(0.3) },
    { frequency: 7, neurons: 5, kept: scored(0.3), removed: scored(0.42) },
  ],
  margins: [],
};

/** Parity of digits 0, 1 and 3 of 8, with a bias, from four neurons; the fifth is dead. */
const digits = [0, 1, 3];
const parityNetwork = {
  bias: true,
  input: matrix(9, 5, (input, j) => (j === 4 ? 0 : input === 8 ? [0, 1, -1, 0][j] : digits.includes(input) ? [1, -1, 1, -1][j] * 1.2 : 0.02 * (j - 2))), // prettier-ignore
  output: Float64Array.of(2, -2, 1.7, -1.7, 0),
};
const trajectories = {
  steps,
  weights: Array.from({ length: 9 * 5 }, (_, i) => {
    const [input, neuron] = [Math.floor(i / 5), i % 5];
    const role =
      input === 8 ? ("bias" as const) : digits.includes(input) ? ("digit" as const) : ("distraction" as const);
    const end = parityNetwork.input.data[i];
    const start = 0.4 * Math.sin(2.3 * i + 1);
    const values = steps.map((step) => start + (end - start) * sigmoid((step - 4000 - 40 * i) / 500));
    return { input, neuron, role, values };
  }),
};

function matrix(rows: number, cols: number, value: (row: number, col: number) => number): Matrix {
  return {
    rows,
    cols,
    data: Float64Array.from({ length: rows * cols }, (_, i) => value(Math.floor(i / cols), i % cols)),
  };
}

const circle = matrix(23, 2, (n, d) => (d === 0 ? Math.cos : Math.sin)((2 * Math.PI * n) / 23) * 0.295);
const construction = { neurons: 5, modulus: 23, activation: "relu", rotation: 0.15 } as const;

/** Every figure of a run or of nothing, of planted rows: what the contract, the snapshots and the gallery draw. */
export const samples: readonly FigureSample[] = [
  {
    name: "training-curves",
    caption: "Accuracy and loss of train and test examples; the steps of the verdict are marked.",
    draw: (look) => trainingCurves(evals, { marks, chance: 1 / 23, ...look }),
  },
  {
    name: "weights",
    caption: "Input and output weights of every neuron for every number, neurons sorted by frequency and phase.",
    draw: (look) => weightMaps({ input: network.inputs[0], output: network.output }, { order: circuit.sorted, groups, step: 10_000, ...look }), // prettier-ignore
  },
  {
    name: "waves",
    caption: "The same weights as curves, a row for each frequency.",
    draw: (look) => waves({ input: network.inputs[0], output: network.output, groups }, { step: 10_000, ...look }),
  },
  {
    name: "spectrum",
    caption: "Fourier components of every neuron: cosine and sine of a frequency stand side by side.",
    draw: (look) =>
      spectrumMaps(
        {
          input: spectrum.run(network, { matrix: "a" }).components,
          output: spectrum.run(network, { matrix: "output" }).components,
        },
        { order: circuit.sorted, ...look },
      ),
  },
  {
    name: "stars",
    caption: "Neurons by cosine and sine, joined in the order of their input phase: polygons in, stars out.",
    draw: (look) => stars(circuit, look),
  },
  {
    name: "neuron-circle",
    command: "neuron-circle --set edges=no",
    caption: "The neurons of a network with one circle.",
    draw: (look) => neuronCircle(circuitOf(one, chartsOf(23)[0]), look),
  },
  {
    name: "neuron-star",
    command: "neuron-circle",
    caption: "The same, with edges in the order of the input phase.",
    draw: (look) => neuronCircle(circuitOf(one, chartsOf(23)[0]), { edges: true, ...look }),
  },
  {
    name: "neuron-components",
    caption: "The cosine and sine part of every neuron's weights: all there is where the embedding is a fixed circle.",
    draw: (look) => neuronComponents(circuitOf(one, chartsOf(23)[0]), { step: 10_000, ...look }),
  },
  {
    name: "logits",
    caption: "Logits of every answer to one pair, by frequency and of all neurons; the right answer is marked.",
    draw: (look) => frequencyLogits(logitRows(network, 13, 19), look),
  },
  {
    name: "embedding",
    caption: "An embedding as colors, a row for each dimension.",
    draw: (look) => embeddingMap(circle, { names: ["cos", "sin"], ...look }),
  },
  {
    name: "embedding-circle",
    caption: "The numbers in the plane of one frequency of their embedding.",
    draw: (look) => numberCircle(embeddingPlane(circle, 1, chartsOf(23)[0]), { highlight: [3], ...look }),
  },
  {
    name: "embedding-tooltip",
    caption: "The same, small: shown where the reader points.",
    draw: (look) => numberCircle(embeddingPlane(circle, 1, chartsOf(23)[0]), { tooltip: true, ...look }),
  },
  {
    name: "progress",
    caption: "Norms and progress measures of every checkpoint on one axis of steps.",
    draw: (look) => progressMeasures(progress, { marks, ...look }),
  },
  {
    name: "announcements",
    caption: "When each progress measure would have announced that the run generalizes.",
    draw: (look) => announcements(leads, { steps: 10_000, marks, ...look }),
  },
  {
    name: "ablations",
    caption: "Held-out accuracy of each frequency alone (filled) and of the network without it (hollow).",
    draw: (look) => ablations(interference, look),
  },
  {
    name: "parity-weights",
    caption: "Weights of every neuron for every digit, and its output weight; the digits that decide are marked.",
    draw: (look) => parityWeights(parityNetwork, { relevant: digits, step: 10_000, ...look }),
  },
  {
    name: "weight-trajectories",
    caption: "Every input weight against the step, by what its digit is for.",
    draw: (look) =>
      weightTrajectories(trajectories, { marks: [{ step: 6000, label: "last distraction falls" }], ...look }),
  },
  {
    name: "run-gallery",
    caption: "Many runs as small loss curves on the same axes.",
    draw: (look) =>
      runGallery(
        Array.from({ length: 9 }, (_, i) => ({
          id: `run "${i}" <&>`,
          title: `${3 + i}, ${9 + i}`,
          steps,
          train: evals.map(({ train }) => train.loss * (1 + 0.1 * i)),
          test: steps.map((step) => 0.9 * 10 ** (-6 * sigmoid((step - 3000 - 800 * i) / 400))),
        })),
        { selected: 'run "4" <&>', ...look },
      ),
  },
  {
    name: "circle-sum",
    caption: "Addition on a circle: the midpoint of a chord points at half the sum, so every answer stands twice.",
    draw: (look) => circleSum({ modulus: 23, a: 2, b: 12 }, look),
  },
  {
    name: "relu-wrap",
    caption: "Five directions add two numbers: pulls at twice the angle, their sum, and the right answer.",
    draw: (look) => reluWrap({ ...construction, a: 2, b: 12 }, look),
  },
  {
    name: "construction-error",
    caption: "What the construction answers to every pair (i, i), and its error in tokens.",
    draw: (look) => constructionError(constructedRows(construction), { selected: 7, ...look }),
  },
  ...languageSamples,
];
