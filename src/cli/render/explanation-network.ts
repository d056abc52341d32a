import type { NetworkExplanation } from "../../analyses/explain-network.ts";
import { wrap } from "../../analyses/fourier.ts";
import type { ProgressRow } from "../../analyses/progress.ts";
import { degrees, type Section } from "./explanation.ts";
import { count, number, percent, shortAccuracy, shortLoss, steps } from "./numbers.ts";
import { sparkline } from "./sparkline.ts";
import type { Style } from "./style.ts";
import { pairs, table } from "./table.ts";
import { wrapped } from "./text.ts";

/** What there is to say of a network on pairs of numbers. */
export function networkSections(explanation: NetworkExplanation, style: Style, columns: number): readonly Section[] {
  return [
    { title: "frequencies", lines: frequencies(explanation, style, columns) },
    { title: "neurons", lines: neurons(explanation, style) },
    { title: "rebuilt", lines: rebuilt(explanation, style, columns) },
    { title: "read as", lines: reading(explanation, style, columns) },
    { title: "over the run", lines: course(explanation, style) },
    { title: "what announced it", lines: leads(explanation, style) },
  ];
}

const inDegrees = (angle: number): string => degrees((180 / Math.PI) * angle);

function frequencies(
  { circuit, logits, interference }: NetworkExplanation,
  style: Style,
  columns: number,
): readonly string[] {
  if (circuit.groups.length === 0) return [];
  const titles = ["frequency", "neurons", "weight", "R2", "height", "alone", "without", "defect", "gaps", "turns"];
  const rows = circuit.groups.map((group, i) => {
    const fit = logits.frequencies[i];
    const alone = interference.frequencies[i];
    return [
      style.bold(String(group.frequency)),
      String(group.neurons.length),
      percent(group.weight),
      fit.r2.toFixed(3),
      number(Number(fit.amplitude.toPrecision(3))),
      shortAccuracy(alone.kept.test.accuracy),
      shortAccuracy(alone.removed.test.accuracy),
      `${inDegrees(group.meanDefect)} (${inDegrees(group.maxDefect)})`,
      group.gaps.length === 0 ? "-" : `${inDegrees(Math.min(...group.gaps))} to ${inDegrees(Math.max(...group.gaps))}`,
      circuit.tied ? String(group.winding) : "-",
    ];
  });
  const sum = interference.frequencies.reduce((total, { kept }) => total + kept.test.accuracy, 0);
  const together = shortAccuracy(interference.circuit.test.accuracy);
  const margins = interference.margins.map(({ frequencies: kept, relative }) => `${relative.toFixed(2)} with ${kept.join(", ")}`); // prettier-ignore
  const explained = [
    ...(circuit.groups.length > 1
      ? [`alone they answer ${percent(sum)} of the held-out pairs in sum, together ${together}`]
      : []),
    ...(margins.length > 1 ? [`margin by the spread of the logits: ${margins.join("; ")}`] : []),
    "defect: output phase less the input phases, mean (largest)",
    ...(circuit.tied ? ["turns: of the output phase in one turn of the input phase"] : []),
  ];
  return [
    ...table(
      titles.map((title) => ({ title, align: "right" as const })),
      rows,
      { style, indent: 2 },
    ),
    ...wrapped(explained.join("; "), columns - 4).map((line) => style.dim(`  ${line}`)),
  ];
}

/** Angles and norms neuron by neuron, where there are few: a network with one circle. */
function neurons({ circuit }: NetworkExplanation, style: Style): readonly string[] {
  const { groups, tied } = circuit;
  if (groups.length !== 1 || groups[0].neurons.length > 12) return [];
  const titles = ["neuron", "input angle", "norm", "output angle", tied ? "twice the input" : "sum of both", "off by", "norm"]; // prettier-ignore
  const rows = groups[0].neurons.map(({ index, a, b, output, defect }) => [
    String(index),
    tied ? inDegrees(wrap(a.phase)) : `${inDegrees(wrap(a.phase))}, ${inDegrees(wrap(b.phase))}`,
    number(Number(a.norm.toPrecision(4))),
    inDegrees(wrap(output.phase)),
    inDegrees(wrap(a.phase + b.phase)),
    inDegrees(defect),
    number(Number(output.norm.toPrecision(4))),
  ]);
  return table(
    titles.map((title) => ({ title, align: "right" as const })),
    rows,
    { style, indent: 2 },
  );
}

function rebuilt(
  { rebuild, harmonics, scores, circuit }: NetworkExplanation,
  style: Style,
  columns: number,
): readonly string[] {
  if (circuit.groups.length === 0) return [];
  const titles = [
    { title: "" },
    { title: "train", align: "right" },
    { title: "test", align: "right" },
    { title: "test loss", align: "right" },
    { title: "" },
  ] as const;
  const row = (name: string, { train, test }: typeof scores, what: string) => [
    name,
    // Weights from elsewhere may have no half that is known to be trained on.
    Number.isNaN(train.accuracy) ? "-" : shortAccuracy(train.accuracy),
    shortAccuracy(test.accuracy),
    shortLoss(test.loss),
    style.dim(what),
  ];
  const { frequencies } = harmonics;
  const mean = (of: (row: (typeof frequencies)[number]) => number) =>
    frequencies.reduce((sum, row) => sum + of(row), 0) / frequencies.length;
  const size = `${percent(mean(({ constant }) => constant))} and ${percent(mean(({ second }) => second))} of the amplitude`;
  return table(
    titles,
    [
      row("the network", scores, ""),
      row("its waves", rebuild.rebuilt, "a frequency, three amplitudes and phases each"),
      row("with second waves", harmonics.withHarmonics, `and a constant: ${size}`),
      row("ideal circles", rebuild.ideal, "equal amplitudes, phases exactly doubled"),
    ],
    { style, indent: 2, columns },
  );
}

function reading(explanation: NetworkExplanation, style: Style, columns: number): readonly string[] {
  const { chart, bases, active, circuit, logits } = explanation;
  const over = chart.generator === null ? "" : `, logarithms to base ${chart.generator} modulo ${chart.order}`;
  const concentration = bases.map(({ basis, participation }) => `${basis} ${participation.toFixed(2)}`).join(", ");
  const rule = (name: string) => {
    const found = active.rules.find((each) => each.rule === name)?.frequencies ?? [];
    if (found.length === active.frequencies.length) return `all ${found.length}`;
    return found.length === 0 ? "none" : found.join(", ");
  };
  const fitting = circuit.groups.reduce((sum, { neurons }) => sum + neurons.length, 0);
  return pairs(
    [
      [
        "  operation",
        `${chart.operation} modulo ${explanation.p}${over}${chart.obeyed ? "" : ", which the examples do not obey"}`,
      ],
      ["  concentration", `${concentration} (1: every neuron has one frequency)`],
      ["  active", `${rule("causal")} by loss when removed; ${rule("share")} by 1 % of the power`],
      ["  neurons", `${fitting} of ${count(fitting + circuit.unfit.length, "neuron")} are waves of one frequency`],
      [
        "  logits",
        `${percent(logits.explained)} explained by cosines of a + b - c, ${percent(logits.explainedFlat)} with one height for all pairs`,
      ],
    ],
    style,
    columns,
  );
}

/** Measures whose course a reader looks for, with the range that is drawn. */
const drawn: readonly (readonly [string, (row: ProgressRow) => number, (value: number) => string, share: boolean])[] = [
  ["test accuracy", (row) => row.testAccuracy, shortAccuracy, true],
  ["restricted accuracy", (row) => row.restrictedAccuracy, shortAccuracy, true],
  ["held-out sums", (row) => row.heldOutSums, shortAccuracy, true],
  ["Gini, input", (row) => row.giniInput, (value) => value.toFixed(2), true],
  ["participation, input", (row) => row.participationInput, (value) => value.toFixed(2), true],
  ["active frequencies", (row) => row.activeFrequencies, String, false],
  ["excluded loss", (row) => row.excludedLoss, shortLoss, false],
  ["L2 norm", (row) => row.normL2, shortLoss, false],
];

function course({ progress }: NetworkExplanation, style: Style): readonly string[] {
  if (progress === null) return [];
  const titles = [
    { title: "" },
    { title: "first", align: "right" },
    { title: "" },
    { title: "last", align: "right" },
  ] as const;
  const rows = drawn.map(([name, value, text, share]) => {
    const values = progress.rows.map(value);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    // Shares are drawn from 0 to 1: noise at the bottom stays at the bottom.
    const scaled = share ? values : values.map((x) => (high > low ? (x - low) / (high - low) : 0));
    return [name, text(values[0]), style.cyan(sparkline(scaled, 44, style)), text(values[values.length - 1])];
  });
  return table(titles, rows, { style, indent: 2 });
}

function leads({ progress }: NetworkExplanation, style: Style): readonly string[] {
  // Nothing can be announced where the test data was learned with the training data.
  const found = progress?.leads.filter(({ lead }) => lead !== null) ?? [];
  if (!found.some(({ lead }) => lead! > 0)) return [];
  const titles = [
    { title: "measure" },
    { title: "at step", align: "right" },
    { title: "ahead by", align: "right" },
    { title: "rule" },
  ] as const;
  const rows = [...found]
    .sort((x, y) => y.lead! - x.lead!)
    .map(({ measure, step, lead, rule, hindsight }) => [
      measure,
      steps(step!),
      `${lead! < 0 ? "-" : ""}${steps(Math.abs(lead!))}`,
      `${rule}${hindsight ? style.dim(", looking back") : ""}`,
    ]);
  return table(titles, rows, { style, indent: 2 });
}
