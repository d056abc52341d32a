import { inChart } from "../../analyses/charts.ts";
import { chartFor } from "../../analyses/chart-choice.ts";
import type { Explained } from "../../analyses/explanation.ts";
import { wrap } from "../../analyses/fourier.ts";
import type { NetworkExplanation } from "../../analyses/explain-network.ts";
import type { Network } from "../../analyses/network.ts";
import type { BothScores } from "../../analyses/score.ts";
import { ablations } from "../ablations.ts";
import { announcements } from "../announcements.ts";
import { frequencyLogits } from "../frequency-logits.ts";
import { progressMeasures } from "../progress-measures.ts";
import { logitRows } from "../run-figures.ts";
import { spectrumMaps } from "../spectrum-maps.ts";
import { stars } from "../stars.ts";
import { waves } from "../waves.ts";
import { weightMaps } from "../weight-maps.ts";
import { marksOf } from "./history.ts";
import { counted, degrees, figure, listed, number, paragraph, percent, subsection, table, text, together, type Html } from "./html.ts"; // prettier-ignore
import type { Story } from "./report.ts";

type ModularExplained = Extract<Explained, { explanation: { kind: "modular" } }>;

/** A network on pairs of numbers: its waves, its stars, and what they add up to. */
export function modularStory(explained: ModularExplained): Story {
  const { explanation, network, source } = explained;
  const chart = chartFor(network, explanation.chart.operation);
  const read = inChart(network, chart);
  const step = source.kind === "run" ? source.step : undefined;
  return {
    learned: [...words(explanation), ...pictures(explanation, read, step)],
    evidence: [
      ...rebuilt(explanation),
      ...frequencies(explanation, network),
      ...phases(explanation),
      ...course(explained),
      ...spectra(explanation),
    ],
  };
}

function words({ mechanism, chart, circuit, p, scores }: NetworkExplanation): readonly Html[] {
  const found = circuit.groups.map(({ frequency }) => frequency);
  const order = chart.order;
  const logarithm =
    chart.generator === null
      ? ""
      : ` First every number is written as a power of ${chart.generator}: its exponent is its logarithm, and to multiply is to add exponents, modulo ${order}. So where numbers are spoken of below, their logarithms are meant.`;
  if (mechanism.label === "fourier-circuit") {
    return [
      paragraph(
        text(
          `Put the ${order} numbers on a circle, evenly spaced, and adding becomes turning: walk a steps, then b steps, and you stand at the answer, because the circle closes after ${order}.${logarithm}`,
        ),
      ),
      paragraph(
        text(
          `The network does this on ${found.length === 1 ? "a single circle" : `${found.length} circles at once`}. On the circle of frequency k a step is k/${order} of a turn; this network uses ${found.length === 1 ? "frequency" : "the frequencies"} ${listed(found)}. The neurons of one circle each look in one direction, spread around it; together their activations point at half of a + b, and what they add to the answers stands at twice their own angle, which undoes the halving. ${found.length > 1 ? "One circle alone cannot tell neighbors well apart; where all circles agree, the right answer stands out." : "Its answers are only as sharp as the one circle."}`,
        ),
      ),
    ];
  }
  if (mechanism.label === "memorized-table") {
    return [
      paragraph(
        text(
          `The network answers ${percent(scores.train.accuracy)} of its training pairs rightly and ${percent(scores.test.accuracy)} of the others; guessing gets ${percent(1 / p)}. Its weights follow no rule that these analyses know: below are the pictures that show a circuit where there is one, and here show none.`,
        ),
      ),
    ];
  }
  return [
    paragraph(
      text(
        `The network answers ${percent(scores.train.accuracy)} of its training pairs rightly and ${percent(scores.test.accuracy)} of the others. ${found.length === 0 ? "No neuron is a wave of one frequency." : `Some neurons are waves, of ${found.length === 1 ? "frequency" : "the frequencies"} ${listed(found)}, but they do not carry its answers.`}`,
      ),
    ),
  ];
}

function pictures(
  { circuit, chart, mechanism }: NetworkExplanation,
  read: Network,
  step: number | undefined,
): readonly Html[] {
  const groups = circuit.groups.map(({ frequency, neurons }) => ({
    frequency,
    neurons: neurons.map(({ index }) => index),
  }));
  const numbers = chart.generator === null ? "number" : `logarithm to base ${chart.generator}`;
  const rows = { input: read.inputs[0], output: read.output };
  const named = mechanism.label === "fourier-circuit";
  const maps = figure(
    (look) => weightMaps(rows, { ...look, order: circuit.sorted, groups, step, numbers }),
    text(
      "The weights of every neuron as a row of colors: input left, output right, red positive, blue negative. Neurons are sorted by frequency and phase; a neuron that is a wave shows as stripes.",
    ),
  );
  if (groups.length === 0) return [maps];
  return [
    figure(
      (look) => waves({ ...rows, groups }, { ...look, step, numbers }),
      text(
        `How strongly each number drives each neuron (left), and how strongly the neuron speaks for each answer (right): a line for every neuron, a row for every frequency.${named ? " Waves, where a list of unrelated numbers could have been." : ""}`,
      ),
    ),
    maps,
    figure(
      (look) => stars(circuit, { ...look, step }),
      text(
        `Each neuron as a point: the direction it looks in, and its strength. The line joins neurons in the order of their input direction. ${named ? "On the way in they stand around a polygon; on the way out every angle is doubled, and the same order draws a star." : "In a circuit they would stand around a polygon on the way in and draw a star on the way out."}`,
      ),
    ),
  ];
}

const scoreColumns = [
  { title: "network" },
  { title: "trained on", number: true },
  { title: "held out", number: true },
  { title: "test loss", number: true },
];
const scoreRow = (name: string, { train, test }: BothScores): readonly Html[] => [
  text(name),
  text(percent(train.accuracy)),
  text(percent(test.accuracy)),
  text(number(test.loss)),
];

function rebuilt({ rebuild, harmonics, circuit }: NetworkExplanation): readonly Html[] {
  if (circuit.groups.length === 0) return [];
  return [
    subsection(
      "The circuit alone, built again",
      paragraph(
        text(
          `Throw the weights away. Keep of ${rebuild.neurons === 1 ? "the one neuron that fits" : `each of the ${counted(rebuild.neurons, "fitting neuron")}`} its frequency, three amplitudes and three phases, and build a network from these. If it still answers as the network does, the circuit is what the network computes with, because nothing else is left. It agrees on ${percent(rebuild.agreement.test)} of the held-out pairs${Number.isNaN(rebuild.agreement.train) ? "" : ` and ${percent(rebuild.agreement.train)} of the trained ones`}. Accuracies on both, and the test loss in nats:`,
        ),
      ),
      table(scoreColumns, [
        scoreRow("as trained", rebuild.network),
        scoreRow("built of its waves", rebuild.rebuilt),
        scoreRow("with constants and second waves", harmonics.withHarmonics),
        scoreRow("with equal amplitudes and exact phases", rebuild.ideal),
      ]),
    ),
  ];
}

function frequencies(
  { circuit, logits, interference, active, p }: NetworkExplanation,
  network: Network,
): readonly Html[] {
  if (circuit.groups.length === 0) return [];
  const rows = circuit.groups.map(({ frequency, neurons }) => {
    const fit = logits.frequencies.find((row) => row.frequency === frequency);
    const effect = active.frequencies.find((row) => row.frequency === frequency);
    return [
      text(String(frequency)),
      text(String(neurons.length)),
      text(number(fit?.r2 ?? NaN)),
      text(number(fit?.amplitude ?? NaN)),
      text(percent(effect?.share ?? NaN)),
      text(effect?.lossRise === null || effect === undefined ? "not tried" : number(effect.lossRise)),
    ];
  });
  const [a, b] = p > 19 ? [13, 19] : [1, Math.min(2, p - 1)];
  return [
    subsection(
      "One frequency at a time",
      paragraph(
        text(
          "The logits that come from the neurons of one frequency should be a cosine whose crest stands at the right answer: R² says how much of their variation that is. Their height is in logits, the power a share of that of all input weights. The test loss (in nats) should rise when the frequency is taken out.",
        ),
      ),
      table(
        [
          { title: "k", number: true },
          { title: "neurons", number: true },
          { title: "R²", number: true },
          { title: "height", number: true },
          { title: "power", number: true },
          { title: "loss rises", number: true },
        ],
        rows,
      ),
      figure(
        (look) => frequencyLogits(logitRows(network, a, b), look),
        text(
          `Logits of every answer to ${a} and ${b}: from each frequency alone, with the cosine they should be dashed, and from all neurons. The right answer is marked.`,
        ),
      ),
      figure(
        (look) => ablations(interference, look),
        text(
          "Held-out accuracy of the neurons of one frequency alone (filled), and of the network without them (hollow): how much each frequency can do, and how far it can be spared.",
        ),
      ),
      ...moreAndMore(interference.margins),
    ),
  ];
}

/** Constructive interference: how far the right answer stands out with more and more frequencies. */
function moreAndMore(margins: NetworkExplanation["interference"]["margins"]): readonly Html[] {
  if (margins.length < 2) return [];
  const columns = [
    { title: "frequencies kept" },
    { title: "margin, mean", number: true },
    { title: "smallest", number: true },
    { title: "mean by spread", number: true },
    { title: "pairs right", number: true },
  ];
  const rows = margins.map(({ frequencies, mean, smallest, relative, accuracy }) => [
    text(listed(frequencies)),
    text(number(mean)),
    text(number(smallest)),
    text(number(relative)),
    text(percent(accuracy)),
  ]);
  return [
    paragraph(
      text(
        "And together: the strongest frequency, the two strongest, and so on. The margin is the logit of the right answer less the largest other one, over all pairs; by the spread of the logits it says how far the answer stands out. Where the waves add up at one answer only, it grows with each of them.",
      ),
    ),
    table(columns, rows),
  ];
}

function phases({ circuit }: NetworkExplanation): readonly Html[] {
  if (circuit.groups.length === 0) return [];
  const rows = circuit.groups.map(({ frequency, neurons, gaps, gapError, meanDefect, maxDefect, starStep }) => [
    text(String(frequency)),
    text(String(neurons.length)),
    together(gaps.map((gap) => ((180 / Math.PI) * gap).toFixed(0)).join(", ")),
    text(gaps.length === 0 ? "" : degrees(gapError)),
    text(degrees(meanDefect)),
    text(degrees(maxDefect)),
    text(starStep === null ? "none" : String(starStep)),
  ]);
  return [
    subsection(
      "Angles",
      paragraph(
        text(
          "The direction in which a neuron speaks should be twice the one in which it listens (or the sum of the two, where the two numbers have weights of their own). The defect is how far it is from that; 90° is what chance gives. Neurons of one frequency should be evenly spread; the gaps are those between neighbors, and the worst is off by so much. A star step of 2 says that the order of the output angles is that of a star.",
        ),
      ),
      table(
        [
          { title: "k", number: true },
          { title: "neurons", number: true },
          { title: "gaps (°)" },
          { title: "worst off", number: true },
          { title: "defect", number: true },
          { title: "largest", number: true },
          { title: "star step", number: true },
        ],
        rows,
      ),
      everyNeuron(circuit),
    ),
  ];
}

/** Angle and length of each neuron's waves, and what its output angle should be. */
function everyNeuron({ groups, tied }: NetworkExplanation["circuit"]): Html {
  const angle = (radians: number): Html => text(degrees(wrap(radians)));
  const rows = groups.flatMap(({ frequency, neurons }) =>
    neurons.map(({ index, a, b, output, defect }) => [
      text(String(index)),
      text(String(frequency)),
      angle(a.phase),
      ...(tied ? [] : [angle(b.phase)]),
      text(number(tied ? a.norm : Math.hypot(a.norm, b.norm))),
      angle(a.phase + b.phase),
      angle(output.phase),
      angle(defect),
      text(number(output.norm)),
    ]),
  );
  const columns = [
    { title: "neuron", number: true },
    { title: "k", number: true },
    { title: tied ? "input angle" : "angle to a", number: true },
    ...(tied ? [] : [{ title: "angle to b", number: true }]),
    { title: "input norm", number: true },
    { title: tied ? "its double" : "their sum", number: true },
    { title: "output angle", number: true },
    { title: "off by", number: true },
    { title: "output norm", number: true },
  ];
  return `<details${rows.length <= 8 ? " open" : ""}><summary>Every neuron's angles and norms</summary>${table(columns, rows)}</details>`;
}

function course(explained: ModularExplained): readonly Html[] {
  const { explanation, source } = explained;
  const { progress } = explanation;
  if (progress === null || progress.rows.length < 2) return [];
  const marks = marksOf(explained);
  const last = progress.rows.at(-1)!.step;
  const announced = source.kind === "run" && source.verdict.generalizeStep !== null;
  return [
    subsection(
      "While it trained",
      figure(
        (look) => progressMeasures(progress.rows, { ...look, marks }),
        text(
          `Measures of every checkpoint. Restricted keeps, excluded takes away what the frequencies ${listed(progress.keyFrequencies)} contribute; held-out sums asks the held-out answers, averaged over each sum. Gini and IPR say how concentrated the waves are. The phase defect is 90° where output and input angles have no relation.`,
        ),
      ),
      announced
        ? figure(
            (look) => announcements(progress.leads, { ...look, marks, steps: last }),
            text(
              `When each measure would have announced that this run generalizes, by a rule that is the same for every run. Circles knew only what had happened by then; diamonds look back with the frequencies of the end.`,
            ),
          )
        : "",
    ),
  ];
}

function spectra({ spectra, circuit, bases }: NetworkExplanation): readonly Html[] {
  const shown = bases.map(({ basis, participation }) => `${number(participation)} in the ${basis} basis`);
  return [
    subsection(
      "Spectra",
      figure(
        (look) =>
          spectrumMaps(
            { input: spectra.a.components, output: spectra.output.components },
            { ...look, order: circuit.sorted },
          ),
        text(
          `How every neuron is made of waves: a row each, cosine and sine of a frequency side by side. A neuron of one frequency is one spot. Concentration: ${shown.join(", ")}, where 1 says that every neuron is one wave, and 2 / ${Math.floor(spectra.a.order / 2)} that it is noise.`,
        ),
      ),
    ),
  ];
}
