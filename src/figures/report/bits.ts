import type { Explained } from "../../analyses/explanation.ts";
import { parityWeights } from "../parity-weights.ts";
import { weightTrajectories } from "../weight-trajectories.ts";
import { marksOf } from "./history.ts";
import { counted, figure, listed, number, paragraph, percent, subsection, table, text, whole, type Html } from "./html.ts"; // prettier-ignore
import type { Story } from "./report.ts";

type BitsExplained = Extract<Explained, { explanation: { kind: "bits" } }>;

/** A network on strings of bits: which digits it reads, with which neurons, and how the others fell away. */
export function bitsStory(explained: BitsExplained): Story {
  return {
    learned: [...words(explained), ...pictures(explained)],
    evidence: [...digits(explained), ...neurons(explained)],
  };
}

/** As people count. */
const named = (digits: readonly number[]): string => listed(digits.map((digit) => digit + 1));

function words({ explanation }: BitsExplained): readonly Html[] {
  const { mechanism, parity } = explanation;
  const { digits, subnetwork, network } = parity;
  if (mechanism.label === "parity") {
    return [
      paragraph(
        text(
          `The answer depends on ${digits.length === 1 ? "digit" : "digits"} ${named(digits)}: whether the number of ones among them is ${parity.inverted ? "even" : "odd"}. The network found out which, and gives the others no weight. ${counted(subnetwork.size, "neuron")} of ${whole(parity.neurons.length)} are enough to answer as it does.`,
        ),
      ),
      paragraph(
        text(
          "No single neuron can tell odd from even. A few together can: each adds the digits up with equal weights, some with a negative sign, and starts to speak only above its own threshold, so that their sum goes up and down as the number of ones grows.",
        ),
      ),
    ];
  }
  const influence = digits.length === 0 ? "No digit changes half of its answers when it is turned over." : `Turning over digit ${named(digits)} changes at least half of its answers.`; // prettier-ignore
  return [
    paragraph(
      text(
        `The network answers ${percent(network.train)} of its training examples rightly and ${percent(network.test)} of the others; guessing gets half. ${influence}`,
      ),
    ),
  ];
}

function pictures(explained: BitsExplained): readonly Html[] {
  const { explanation, network, source } = explained;
  const { parity, trajectories } = explanation;
  const step = source.kind === "run" ? source.step : undefined;
  const order = parity.neurons.map(({ index }) => index);
  const fallen = trajectories?.lastDistraction ?? null;
  const marks = [...marksOf(explained), ...(fallen === null ? [] : [{ step: fallen, label: `distractions gone ${whole(fallen)}` }])]; // prettier-ignore
  return [
    figure(
      (look) =>
        parityWeights(network, { ...look, width: Math.min(look.width, 520), relevant: parity.digits, order, step }),
      text(
        "Every neuron is a row, the strongest first: its weight for each digit, and on the right what it adds to the answer 1. Red is positive, blue negative. The digits that decide are marked.",
      ),
    ),
    ...(trajectories === null || trajectories.steps.length < 2
      ? []
      : [
          figure(
            (look) => weightTrajectories(trajectories, { ...look, marks }),
            text(
              `Every input weight over the updates. ${fallen === null ? `At the end the largest weight of a distracting digit is ${number(trajectories.distractionLeft)}.` : `From step ${whole(fallen)} on no distracting digit has a weight above .05.`}`,
            ),
          ),
        ]),
  ];
}

function digits({ explanation }: BitsExplained): readonly Html[] {
  const { parity } = explanation;
  const { inputs, assignments, right, pruned, network, agreement } = parity;
  const top = [...inputs].sort((x, y) => y.influence - x.influence || y.strength - x.strength).slice(0, Math.max(6, parity.digits.length + 3)); // prettier-ignore
  const shown = top.map(({ digit, influence, strength }) => [
    text(String(digit + 1)),
    text(percent(influence)),
    text(number(strength)),
    parity.digits.includes(digit) ? '<span class="yes">✓ yes</span>' : "no",
  ]);
  const kept =
    parity.digits.length === 0
      ? ""
      : paragraph(
          text(
            `Take every weight away but those of ${parity.digits.length === 1 ? "digit" : "digits"} ${named(parity.digits)} and the bias: the network is then right on ${percent(pruned.test)} of the held-out examples (as trained ${percent(network.test)}), and answers as before on ${percent(agreement)} of them. Of the ${counted(assignments, "assignment")} of these digits ${whole(right)} get their parity.`,
          ),
        );
  return [
    subsection(
      "Digits, turned over one at a time",
      paragraph(text("If a digit decides, turning it over changes every answer; if not, none.")),
      table(
        [
          { title: "digit", number: true },
          { title: "answers changed", number: true },
          { title: "strength of its weights", number: true },
          { title: "decides" },
        ],
        shown,
      ),
      kept,
    ),
  ];
}

/** At most so many neurons are listed. */
const mostNeurons = 16;

function neurons({ explanation }: BitsExplained): readonly Html[] {
  const { parity } = explanation;
  if (parity.digits.length === 0) return [];
  const needed = parity.neurons.filter(({ survives }) => survives);
  const rows = needed
    .slice(0, mostNeurons)
    .map(({ index, weights, bias, output, equality, biasRatio, known }) => [
      text(String(index)),
      text(weights.map((weight) => number(weight)).join(", ")),
      text(number(bias)),
      text(number(output)),
      text(number(equality)),
      text(number(biasRatio)),
      known ? '<span class="yes">✓ yes</span>' : '<span class="no">✗ no</span>',
    ]);
  const curve = parity.subnetwork.curve.slice(0, parity.subnetwork.size + 2);
  return [
    subsection(
      "The neurons that are needed",
      paragraph(
        text(
          `Neurons were kept in order of their size until the answers were those of the network: ${counted(parity.subnetwork.size, "neuron")}${needed.length > mostNeurons ? `, of which the first ${mostNeurons} are listed` : ""}. In the known solutions the digits' weights are equal in size, and the bias is 0, 1, −1 or −2 times as large.`,
        ),
      ),
      table(
        [
          { title: "neuron", number: true },
          { title: `weights of ${parity.digits.length === 1 ? "digit" : "digits"} ${named(parity.digits)}` },
          { title: "bias", number: true },
          { title: "output", number: true },
          { title: "smallest by largest", number: true },
          { title: "bias by weight", number: true },
          { title: "known form" },
        ],
        rows,
      ),
      paragraph(text(`Accuracy on held-out examples with the first ${curve.length > 1 ? `0 to ${curve.length - 1}` : "0"} neurons: ${curve.map(({ accuracy }) => percent(accuracy)).join(", ")}.`)), // prettier-ignore
    ),
  ];
}
