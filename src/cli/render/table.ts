import { padEnd, padStart, width, wrapped } from "./text.ts";
import type { Style } from "./style.ts";

export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
}

export interface TableOptions {
  readonly style: Style;
  /** Columns of the page: the last column of the table is wrapped to fit. Absent: as wide as its text. */
  readonly columns?: number;
  readonly indent?: number;
}

const gap = 2;
/** A wrapped column narrower than this is worse than a line that is too long. */
const narrowest = 20;

/** A table as lines of text: titles, then rows; the last column takes what is left and breaks between words. */
export function table(
  titles: readonly Column[],
  rows: readonly (readonly string[])[],
  { style, columns, indent = 0 }: TableOptions,
): readonly string[] {
  const head = titles.map(({ title }) => title);
  const hasTitles = head.some((title) => title !== "");
  const all = hasTitles ? [head, ...rows] : rows;
  const last = titles.length - 1;
  const widths = titles.map((_, i) => Math.max(0, ...all.map((row) => width(row[i] ?? ""))));
  const used = widths.slice(0, last).reduce((sum, w) => sum + w + gap, indent);
  const room = columns === undefined ? Infinity : Math.max(narrowest, columns - used);
  const lines = all.flatMap((row, r) => {
    const cells = titles.map(({ align }, i) => {
      const text = row[i] ?? "";
      if (i === last) return text;
      return align === "right" ? padStart(text, widths[i]) : padEnd(text, widths[i]);
    });
    const isTitle = hasTitles && r === 0;
    const end = titles[last]?.align === "right" ? padStart(cells[last] ?? "", widths[last]) : (cells[last] ?? "");
    const parts = width(end) <= room ? [end] : wrapped(end, room);
    const before = cells.slice(0, last).map((cell) => cell + " ".repeat(gap)).join(""); // prettier-ignore
    return parts.map((part, i) => {
      const line = " ".repeat(indent) + (i === 0 ? before : " ".repeat(used - indent)) + part;
      return isTitle ? style.dim(line.trimEnd()) : line.trimEnd();
    });
  });
  return lines;
}

/** What stands beside a name: text that may be broken between words, lines of it, or lines to be pasted as they are. */
export type PairValue = string | readonly string[] | { readonly verbatim: readonly string[] };

/** Names and values under each other: `label  value`. Values keep their own lines. */
export function pairs(
  entries: readonly (readonly [name: string, value: PairValue])[],
  style: Style,
  columns = Infinity,
): readonly string[] {
  const widest = Math.max(0, ...entries.map(([name]) => width(name)));
  const room = Math.max(narrowest, columns - widest - gap);
  const linesOf = (value: PairValue): readonly string[] => {
    if (typeof value === "object" && "verbatim" in value) return value.verbatim;
    return (typeof value === "string" ? [value] : value).flatMap((line) => wrapped(line, room));
  };
  return entries.flatMap(([name, value]) =>
    linesOf(value).map((line, i) => `${style.dim(padEnd(i === 0 ? name : "", widest))}${" ".repeat(gap)}${line}`),
  );
}
