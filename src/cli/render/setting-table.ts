import { valueText } from "../../train/settings.ts";
import { labels, type Label, type SettingRow, type Spread, type SweepTable } from "../../verdict/index.ts";
import { percent, steps } from "./numbers.ts";
import { labelPaint } from "./phase-words.ts";
import type { Style } from "./style.ts";
import { table, type Column } from "./table.ts";
import { uncolored, width } from "./text.ts";

interface Cell {
  readonly title: string;
  readonly align: "left" | "right";
  readonly text: (row: SettingRow) => string;
  /** Columns with a larger number are left out first where the terminal is too narrow; 0: never. */
  readonly rank: number;
}

/**
 * A sweep in the terminal: one line per setting with the values that vary, how many seeds got each label, the share that
 * generalizes with its interval, and when. What does not fit is left out from the right, the least important first; the
 * last resort is one column of counts.
 */
export function settingTable({ varied, rows, total }: SweepTable, style: Style, columns = Infinity): readonly string[] {
  const present = labels.filter((label) => total.counts[label] > 0);
  const all = [...rows, ...(rows.length > 1 ? [total] : [])];
  const settings: readonly Cell[] =
    varied.length === 0
      ? [{ title: "setting", align: "left", rank: 0, text: () => "all" }]
      : varied.map(({ name, short }, i) => ({
          title: short,
          align: "right" as const,
          rank: 0,
          text: (row) => settingValue(row, name, i === 0),
        }));
  const open = total.open + total.failed > 0;
  const counts: readonly Cell[] = present.map((label) => ({
    title: label,
    align: "right",
    rank: 0,
    text: (row) => countText(row, label, style),
  }));
  const rest: readonly Cell[] = [
    ...(open ? [{ title: "to come", align: "right" as const, rank: 2, text: openText }] : []),
    { title: "generalizes (95 %)", align: "left", rank: 4, text: shareText },
    { title: "generalize step", align: "right", rank: 3, text: (row) => medianText(row.generalizeStep) },
    { title: "quartiles", align: "left", rank: 6, text: (row) => quartileText(row.generalizeStep) },
    { title: "delay", align: "right", rank: 5, text: (row) => medianText(row.delay) },
    { title: "fit step", align: "right", rank: 7, text: (row) => medianText(row.fitStep) },
  ];
  const packed: Cell = { title: "verdicts", align: "left", rank: 0, text: (row) => packedCounts(row, present, style) };
  for (const labelled of [counts, [packed]]) {
    let shown: readonly Cell[] = [...settings, ...labelled, ...rest];
    while (true) {
      const lines = drawn(shown, all, style);
      const worst = Math.max(...shown.map(({ rank }) => rank));
      if (lines.every((line) => width(line) <= columns)) return lines;
      if (worst === 0) break;
      shown = shown.filter(({ rank }) => rank < worst);
    }
  }
  return drawn([...settings, packed], all, style);
}

function drawn(cells: readonly Cell[], rows: readonly SettingRow[], style: Style): readonly string[] {
  const titles: readonly Column[] = cells.map(({ title, align }) => ({ title, align }));
  const texts = rows.map((row) => cells.map(({ text }) => text(row)));
  return table(titles, texts, { style });
}

function settingValue({ setting }: SettingRow, name: string, first: boolean): string {
  if (!(name in setting)) return first ? "all" : "";
  const value = setting[name];
  return value === null ? "-" : valueText(value);
}

function countText(row: SettingRow, label: Label, style: Style): string {
  const n = row.counts[label];
  if (n === 0) return style.dim("·");
  return n === row.n ? labelPaint[label](style)(style.bold(String(n))) : labelPaint[label](style)(String(n));
}

const openText = ({ open, failed }: SettingRow): string =>
  [...(open > 0 ? [String(open)] : []), ...(failed > 0 ? [`${failed} failed`] : [])].join(", ");

function shareText({ generalized: { k, share, interval }, n }: SettingRow): string {
  if (share === null || interval === null) return "-";
  const [low, high] = interval.map((end) => Math.round(100 * end));
  return `${k}/${n} ${percent(Math.round(100 * share) / 100)} (${low}-${high})`;
}

/** A median that censoring leaves open is later than what was watched. */
const medianText = ({ median, observed, censored }: Spread): string =>
  observed + censored === 0 ? "-" : median === null ? "open" : steps(median);

const quartileText = ({ q25, q75, observed }: Spread): string =>
  observed === 0 ? "" : `${q25 === null ? "open" : steps(q25)}-${q75 === null ? "open" : steps(q75)}`;

/** `7 grok 2 mem`: the same counts where the terminal has no room for a column each. */
const packedCounts = (row: SettingRow, present: readonly Label[], style: Style): string =>
  present
    .filter((label) => row.counts[label] > 0)
    .map((label) => labelPaint[label](style)(`${row.counts[label]} ${label.slice(0, 4)}`))
    .join(" ") || uncolored(style.dim("-"));
