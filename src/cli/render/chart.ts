import { number, steps as stepText } from "./numbers.ts";
import type { Style } from "./style.ts";
import { padStart, width } from "./text.ts";

export interface ChartPoint {
  readonly step: number;
  readonly value: number;
}
export interface ChartSeries {
  readonly name: string;
  readonly points: readonly ChartPoint[];
}

export interface ChartOptions {
  readonly title: string;
  /** Columns of the whole chart, axis included. */
  readonly columns: number;
  /** Rows of the plotting area. */
  readonly rows: number;
  readonly style: Style;
  /** Value axis; `log` shows values above 0 only. */
  readonly scale: "linear" | "log";
  /** Step axis; `log` shows steps above 0 only. */
  readonly stepScale?: "linear" | "log";
  /** Ends of the value axis; by default those of the data. */
  readonly range?: readonly [low: number, high: number];
  readonly tick?: (value: number) => string;
}

/** How each series is drawn: the first as dots, the second, on top of it, as a line. */
const marks = {
  unicode: { dot: "·", flat: "─", up: ["╯", "╭"], down: ["╮", "╰"], stem: "│" },
  ascii: { dot: ".", flat: "*", up: ["*", "*"], down: ["*", "*"], stem: "*" },
};

/**
 * Two curves over the steps as lines of text: the first dotted, the second drawn through. Every column shows the mean of
 * its evaluations (of the logarithms, on a logarithmic axis); a column between two evaluations shows the earlier one.
 */
export function chart([dotted, drawn]: readonly [ChartSeries, ChartSeries], options: ChartOptions): readonly string[] {
  const { style, rows, title, tick = number } = options;
  const toAxis = (value: number) => (options.scale === "log" ? Math.log10(value) : value);
  const fromAxis = (value: number) => (options.scale === "log" ? 10 ** value : value);
  const values = [...dotted.points, ...drawn.points].map(({ value }) => toAxis(value)).filter(Number.isFinite);
  if (values.length === 0) return [title, "no finite value"];
  const ends = options.range?.map(toAxis) ?? [
    Math.min(...spread(values, Math.min)),
    Math.max(...spread(values, Math.max)),
  ];
  const low = ends[0];
  const high = ends[1] > low ? ends[1] : low + 1;
  const ticks = [high, (high + low) / 2, low].map((at) => tick(fromAxis(at)));
  const margin = Math.max(...ticks.map(width));
  const columns = Math.max(10, options.columns - margin - 2);
  const rowOf = (value: number) =>
    Math.round((1 - (Math.min(high, Math.max(low, value)) - low) / (high - low)) * (rows - 1));

  const grid = Array.from({ length: rows }, () => Array.from({ length: columns }, () => " "));
  const stepAxis = axisOf([...dotted.points, ...drawn.points], options.stepScale ?? "linear");
  const rowsOf = (series: ChartSeries) =>
    sampled(series, stepAxis.place, columns, toAxis).map((value) =>
      Number.isFinite(value) ? rowOf(value) : undefined,
    );
  const set = style.unicode ? marks.unicode : marks.ascii;
  rowsOf(dotted).forEach((row, x) => {
    if (row !== undefined) grid[row][x] = style.blue(set.dot);
  });
  let before: number | undefined;
  rowsOf(drawn).forEach((row, x) => {
    if (row !== undefined) drawStep(grid, x, before, row, set, style.yellow);
    before = row;
  });

  const labels = new Map([[0, ticks[0]], [Math.round((rows - 1) / 2), ticks[1]], [rows - 1, ticks[2]]]); // prettier-ignore
  const [wall, corner, floor] = style.unicode ? ["│", "└", "─"] : ["|", "+", "-"];
  const legend = `${style.blue(set.dot)} ${dotted.name}  ${style.yellow(set.flat)} ${drawn.name}`;
  const first = stepAxis.from === undefined ? "" : stepText(stepAxis.from);
  const last = stepAxis.to === undefined ? "" : `step ${stepText(stepAxis.to)}`;
  return [
    `${style.bold(title)}  ${legend}`,
    ...grid.map((cells, y) => `${style.dim(padStart(labels.get(y) ?? "", margin) + wall)}${cells.join("").trimEnd()}`),
    style.dim(" ".repeat(margin) + corner + floor.repeat(columns)),
    style.dim(" ".repeat(margin + 1) + first + padStart(last, Math.max(last.length + 1, columns - first.length))),
  ];
}

/** In chunks: spreading a long array into one call overflows the stack. */
function spread(values: readonly number[], pick: (...chunk: number[]) => number): readonly number[] {
  const picked: number[] = [];
  for (let at = 0; at < values.length; at += 10_000) picked.push(pick(...values.slice(at, at + 10_000)));
  return picked;
}

interface StepAxis {
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** 0 at the left end, 1 at the right; not a number for a step that the axis cannot show. */
  readonly place: (step: number) => number;
}

function axisOf(points: readonly ChartPoint[], scale: "linear" | "log"): StepAxis {
  let from = Infinity;
  let to = -Infinity;
  for (const { step } of points) {
    if (scale === "log" && step <= 0) continue;
    from = Math.min(from, step);
    to = Math.max(to, step);
  }
  if (from > to) return { from: undefined, to: undefined, place: () => 0 };
  const along = scale === "log" ? Math.log : (step: number) => step;
  return { from, to, place: (step) => (to > from ? (along(step) - along(from)) / (along(to) - along(from)) : 0) };
}

/** The value on the axis in each column; an empty column repeats the one before. */
function sampled(
  { points }: ChartSeries,
  place: StepAxis["place"],
  columns: number,
  toAxis: (value: number) => number,
): readonly number[] {
  const sums = new Float64Array(columns);
  const counts = new Int32Array(columns);
  for (const { step, value } of points) {
    const x = Math.round(place(step) * (columns - 1));
    const y = toAxis(value);
    if (!(x >= 0 && x < columns) || !Number.isFinite(y)) continue;
    sums[x] += y;
    counts[x]++;
  }
  let before = NaN;
  return Array.from(counts, (count, x) => (before = count > 0 ? sums[x] / count : before));
}

type Marks = (typeof marks)["unicode"];

/** One column of a line that comes from row `before`, with its corners. Rows count from the top. */
function drawStep(
  grid: string[][],
  x: number,
  before: number | undefined,
  row: number,
  set: Marks,
  paint: (text: string) => string,
): void {
  const put = (y: number, mark: string) => (grid[y][x] = paint(mark));
  if (before === undefined || before === row) {
    put(row, set.flat);
    return;
  }
  const rising = row < before;
  const [start, end] = rising ? set.up : set.down;
  put(before, start);
  put(row, end);
  for (let y = Math.min(before, row) + 1; y < Math.max(before, row); y++) put(y, set.stem);
}
