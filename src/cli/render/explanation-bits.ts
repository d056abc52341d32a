import type { BitExplanation } from "../../analyses/explain-bits.ts";
import type { Section } from "./explanation.ts";
import { percent, shortAccuracy, shortLoss, steps } from "./numbers.ts";
import { sparkline } from "./sparkline.ts";
import type { Style } from "./style.ts";
import { pairs, table } from "./table.ts";

/** What there is to say of a network on bits. Digits are counted from 1, as a reader counts. */
export function bitSections(explanation: BitExplanation, style: Style, columns: number): readonly Section[] {
  return [
    { title: "digits", lines: digits(explanation, style, columns) },
    { title: "neurons that are needed", lines: neurons(explanation, style) },
    { title: "over the run", lines: course(explanation, style) },
  ];
}

function digits({ parity, trajectories }: BitExplanation, style: Style, columns: number): readonly string[] {
  const strongest = [...parity.inputs].sort((x, y) => y.influence - x.influence || x.digit - y.digit);
  const shown = strongest.slice(0, Math.max(4, parity.digits.length + 1));
  const named = shown.map(({ digit, influence }) => `${digit + 1}: ${shortAccuracy(influence)}`).join(", ");
  const fall = trajectories?.lastDistraction;
  const left = trajectories === null ? "" : `largest left ${shortLoss(trajectories.distractionLeft)}`;
  const { size, accuracy } = parity.subnetwork;
  return pairs(
    [
      ["  influence", `${named}: share of answers that change when one digit is turned over`],
      ["  truth table", `${parity.right} of ${parity.assignments} assignments of the digits get their parity`],
      [
        "  accuracy",
        `${shortAccuracy(parity.network.test)} on held-out strings; ${shortAccuracy(parity.pruned.test)} with all other weights removed`,
      ],
      ...(trajectories === null
        ? []
        : [["  distractions", fall === null || fall === undefined ? `have not all fallen: ${left}` : `the last one falls at step ${steps(fall)}; ${left}`] as const]), // prettier-ignore
      ["  sub-network", `${size} of ${parity.neurons.length} neurons answer alike, ${shortAccuracy(accuracy)} right`],
    ],
    style,
    columns,
  );
}

function neurons({ parity }: BitExplanation, style: Style): readonly string[] {
  const needed = parity.neurons.filter(({ survives }) => survives);
  if (needed.length === 0 || parity.digits.length === 0 || parity.digits.length > 6) return [];
  const titles = [
    { title: "neuron", align: "right" },
    ...parity.digits.map((digit) => ({ title: `digit ${digit + 1}`, align: "right" as const })),
    { title: "bias", align: "right" },
    { title: "output", align: "right" },
    { title: "bias / weight", align: "right" },
    { title: "balance L2", align: "right" },
    { title: "L1", align: "right" },
    { title: "" },
  ] as const;
  const rows = needed.map((neuron) => [
    String(neuron.index),
    ...neuron.weights.map((weight) => weight.toFixed(2)),
    neuron.bias.toFixed(2),
    neuron.output.toFixed(2),
    neuron.biasRatio.toFixed(2),
    neuron.balanceL2.toFixed(2),
    neuron.balanceL1.toFixed(2),
    neuron.known ? style.green("known form") : style.dim("other form"),
  ]);
  return [
    ...table(titles, rows, { style, indent: 2 }),
    style.dim(
      "  balance: |output| by the length (L2) or the sum (L1) of the input weights; decay drives one of them to 1",
    ),
  ];
}

function course({ trajectories }: BitExplanation, style: Style): readonly string[] {
  if (trajectories === null) return [];
  const titles = [
    { title: "" },
    { title: "first", align: "right" },
    { title: "" },
    { title: "last", align: "right" },
  ] as const;
  const line = (name: string, values: readonly number[], text: (value: number) => string) => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const scaled = values.map((x) => (high > low ? (x - low) / (high - low) : 0));
    return [name, text(values[0]), style.cyan(sparkline(scaled, 44, style)), text(values[values.length - 1])];
  };
  const { roles, digitShare, moved } = trajectories;
  return table(
    titles,
    [
      ...roles.map(({ role, largest }) => line(`largest ${role}`, largest, shortLoss)),
      line("digits' share of power", digitShare, percent),
      line("moved since the start", moved, shortLoss),
    ],
    { style, indent: 2 },
  );
}
