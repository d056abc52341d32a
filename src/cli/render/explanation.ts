import type { Explained, Source } from "../../analyses/explanation.ts";
import type { Evidence, Mechanism } from "../../analyses/mechanism.ts";
import type { StageRows } from "../../analyses/stages.ts";
import type { Session } from "../session.ts";
import { bitSections } from "./explanation-bits.ts";
import { networkSections } from "./explanation-network.ts";
import { number, percent, shortAccuracy, shortLoss, steps } from "./numbers.ts";
import type { Style } from "./style.ts";
import { pairs, table } from "./table.ts";
import { wrapped } from "./text.ts";
import { verdictLine } from "./verdict.ts";

/** A part of the page: a title and lines under it. */
export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

/** An explanation as a page of text: what it is, the evidence, the parts, what is left open. */
export function explanationLines(explained: Explained, { out, io }: Session): readonly string[] {
  const columns = Math.min(io.stdout.columns ?? 100, 100);
  const { mechanism } = explained.explanation;
  const sections: readonly Section[] = [
    { title: "evidence", lines: evidence(mechanism, out) },
    { title: "evidence for the split", lines: splitEvidence(explained.source, out) },
    ...(explained.explanation.kind === "modular"
      ? networkSections(explained.explanation, out, columns)
      : bitSections(explained.explanation, out, columns)),
    { title: "stages", lines: stageLines(explained.explanation.stages, out, columns) },
    { title: "unexplained", lines: mechanism.unexplained.flatMap((line) => item(line, columns, out)) },
  ];
  return [
    ...wrapped(paint(mechanism.label)(out)(out.bold(mechanism.sentence)), columns),
    "",
    ...pairs([...sourcePairs(explained.source, out), ["carried", carried(mechanism)]], out, columns),
    ...sections.filter(({ lines }) => lines.length > 0).flatMap(({ title, lines }) => ["", out.bold(title), ...lines]),
  ];
}

const paint = (label: Mechanism["label"]) => (style: Style) =>
  ({ "fourier-circuit": style.green, parity: style.green, "memorized-table": style.yellow, unexplained: style.dim })[
    label
  ];

function sourcePairs(source: Source, style: Style): readonly (readonly [string, string | readonly string[]])[] {
  if (source.kind === "weights") {
    return [
      ["weights", style.bold(source.file)],
      ["read as", source.reading],
      ["split", source.split],
    ];
  }
  const checkpoints = `${steps(source.checkpoints.length)} ${source.checkpoints.length === 1 ? "checkpoint" : "checkpoints"}`;
  return [
    ["run", `${style.bold(source.id)} at step ${steps(source.step)}, ${checkpoints}`],
    ["verdict", verdictLine(source.verdict, style)],
  ];
}

function carried({ carried: share, label }: Mechanism): string {
  if (share === null) return "nothing was rebuilt";
  const what = label === "parity" ? "the named digits alone" : "the circuit rebuilt from its waves";
  return `${what} ${label === "parity" ? "give" : "gives"} ${percent(share)} of the network's held-out answers`;
}

/** The numbers of the mechanism that is named; of an unexplained network, those of all that were asked for. */
function evidence({ label, candidates }: Mechanism, style: Style): readonly string[] {
  return candidates
    .filter((each) => label === "unexplained" || each.label === label)
    .flatMap(({ label: name, evidence }) => [
      ...(label === "unexplained" ? [`  ${style.bold(name)}`] : []),
      ...evidenceTable(evidence, style),
    ]);
}

function evidenceTable(evidence: readonly Evidence[], style: Style): readonly string[] {
  const titles = [{ title: "" }, { title: "" }, { title: "found", align: "right" }, { title: "needed" }] as const;
  const rows = evidence.map((each) => [
    mark(each, style),
    each.name,
    shownValue(each, each.value),
    `${each.relation === ">=" ? "at least" : "at most"} ${shownValue(each, each.threshold)}`,
  ]);
  return table(titles, rows, { style, indent: 2 });
}

/** What it computed with at each turning point of its test loss. */
function stageLines(rows: StageRows | null, style: Style, columns: number): readonly string[] {
  if (rows === null || rows.stages.length === 0) return [];
  const titles = [
    { title: "" },
    { title: "to step", align: "right" },
    { title: "train", align: "right" },
    { title: "test", align: "right" },
    { title: "test loss", align: "right" },
    { title: "rebuilt", align: "right" },
    { title: "works by" },
  ] as const;
  const lines = rows.stages.map(({ trend, to, train, test, mechanism, rebuilt }) => [
    trend,
    steps(to),
    shortAccuracy(train.accuracy),
    shortAccuracy(test.accuracy),
    shortLoss(test.loss),
    rebuilt === null ? "-" : shortAccuracy(rebuilt),
    mechanism.parts.length === 0
      ? mechanism.label.replace("-", " ")
      : `${mechanism.label.replace("-", " ")} ${mechanism.parts.map((part) => part + (mechanism.label === "parity" ? 1 : 0)).join(", ")}`,
  ]);
  const what = `a stage ends where the test loss turns around by a factor of ${rows.factor} or more; losses as the run evaluates them`;
  return [
    ...table(titles, lines, { style, indent: 2 }),
    ...wrapped(what, columns - 4).map((line) => style.dim(`  ${line}`)),
  ];
}

/** What there is for an inferred split, or was missed. */
const splitEvidence = (source: Source, style: Style): readonly string[] =>
  source.kind === "weights" && source.splitEvidence.length > 0 ? evidenceTable(source.splitEvidence, style) : [];

const mark = ({ holds }: Evidence, style: Style): string => {
  const signs = style.unicode ? ["✓", "✗"] : ["+", "-"];
  return holds ? style.green(signs[0]) : style.red(signs[1]);
};

function shownValue({ unit }: Evidence, value: number): string {
  if (!Number.isFinite(value)) return "none";
  if (unit === "share") return shortAccuracy(value);
  return unit === "degrees" ? degrees(value) : number(Number(value.toPrecision(3)));
}

/** `2.7°`; its argument in degrees. */
export const degrees = (value: number): string => `${Number(value.toFixed(1))}°`;

/** A sentence of a list, its lines under each other. */
function item(text: string, columns: number, style: Style): readonly string[] {
  const sign = style.unicode ? "·" : "-";
  return wrapped(text, columns - 4).map((line, i) => `  ${i === 0 ? style.dim(sign) : " "} ${line}`);
}
