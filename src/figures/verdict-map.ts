import {
  labels,
  sweepCounts,
  type Label,
  type SettingCounts,
  type SweepTable,
  type SweptRun,
  type Varied,
} from "../verdict/index.ts";
import { count } from "../verdict/words.ts";
import { chosenAxes, valueWord, type MapAxes } from "./sweep-axes.ts";
import {
  attributesText,
  emptyFrame,
  escapeText,
  fitted,
  fontSizes,
  frame,
  group,
  legend,
  light,
  px,
  shapePath,
  textAt,
  textWidth,
  titleHeight,
  type FigureOptions,
  type Theme,
} from "./svg/index.ts";

export interface VerdictMapOptions extends FigureOptions, MapAxes {
  /** Names of the classes in the legend, e.g. the published ones; the labels by default. */
  readonly words?: Partial<Readonly<Record<Label, string>>> | undefined;
  /** Largest side of a cell in pixels. Default 30. */
  readonly cellSize?: number | undefined;
  /** The cell that a page stands at, by the label of its setting. */
  readonly selected?: string | undefined;
  /** The counts of these very runs, where they are made already. */
  readonly counts?: SweepTable<SettingCounts> | undefined;
}

const gap = 18;
/** From this many runs on, the dots of one class in a cell are one mark: a browser draws the map at every scrub. */
export const manyRuns = 3000;

/**
 * What every run of a sweep did: a facet for each value of one hyperparameter (or combination of several), in it a grid
 * of cells over two others, and in each cell a dot for each seed. Values stand at equal distances in their order: the
 * place of a cell says which value, not how large it is.
 */
export function verdictMap(runs: readonly SweptRun[], options: VerdictMapOptions = {}): string {
  const { width = 720, theme = light, title, words = {} } = options;
  const { varied, rows, total } = options.counts ?? sweepCounts(runs);
  if (rows.length === 0) return emptyFrame("No runs yet", { width, theme, title });
  const { x, y, facets } = chosenAxes(varied, options);
  const byRun = new Map(runs.map((run) => [run.id, run]));
  const panels = facetsOf(rows, facets);
  const columns = Math.max(1, x?.values.length ?? 1);
  const lines = Math.max(1, y?.values.length ?? 1);
  const leftWidth = y ? Math.max(...y.values.map((value) => textWidth(valueWord(value), fontSizes.tick))) + 10 : 6;
  const cell = sizeOf(options, rows, columns, panels.length, width - leftWidth - 24);
  const widest = Math.max(0, ...panels.map(({ name }) => textWidth(name, fontSizes.tick, true)));
  const facetWidth = Math.max(columns * cell, Math.min(widest, 180));
  const head = facets.length > 0 ? 20 : 4;
  const facetHeight = head + lines * cell + (x ? 34 : 8);
  const perRow = Math.max(1, Math.floor((width - leftWidth - 24 + gap) / (facetWidth + gap)));
  const top = titleHeight(title) + (y ? 20 : 6);
  const tilted = x ? x.values.some((value) => textWidth(valueWord(value), fontSizes.tick) > cell + 2) : false;
  const parts = panels.map(({ name, rows: inside }, i) => {
    const left = 12 + leftWidth + (i % perRow) * (facetWidth + gap);
    const upper = top + Math.floor(i / perRow) * (facetHeight + (tilted ? 14 : 0)) + head;
    return [
      facets.length > 0
        ? textAt(left, upper - 6, fitted(name, fontSizes.tick, facetWidth, true), {
            size: fontSizes.tick,
            fill: theme.ink,
            bold: true,
          })
        : "",
      axisWords({ x, y, left, upper, cell, lines, theme, tilted, first: i % perRow === 0 }),
      ...inside.map((row) => cellOf(row, byRun, { x, y, left, upper, cell, lines, theme, selected: options.selected })),
    ].join("");
  });
  const used = top + Math.ceil(panels.length / perRow) * (facetHeight + (tilted ? 14 : 0));
  const present = labels.filter((label) => total.counts[label] > 0);
  const key = legend(
    present.map((label) => ({ text: `${words[label] ?? label} (${total.counts[label]})`, mark: theme.classes[label] })),
    { x: 12, y: used, width: width - 24, theme },
  );
  const yLabel = y ? textAt(12, top - 6, y.short, { size: fontSizes.tick, fill: theme.muted }) : "";
  return frame(
    { width, height: used + key.height + 8, label: describe(rows, total, words), title, theme },
    yLabel,
    parts,
    key.svg,
  );
}

/** Small enough for two facets beside each other, large enough for its dots. */
function sizeOf(
  { cellSize = 30 }: VerdictMapOptions,
  rows: readonly SettingCounts[],
  columns: number,
  facets: number,
  room: number,
): number {
  const most = Math.max(1, ...rows.map(({ ids }) => ids.length));
  const smallest = Math.max(8, Math.min(cellSize, Math.ceil(Math.sqrt(most)) * 4));
  const fitting = (beside: number) => Math.floor((room - (beside - 1) * gap) / beside / columns);
  for (let beside = facets; beside > 1; beside--)
    if (fitting(beside) >= Math.max(smallest, 20)) return Math.min(cellSize, fitting(beside));
  return Math.max(smallest, Math.min(cellSize, fitting(1)));
}

function facetsOf(rows: readonly SettingCounts[], facets: readonly Varied[]) {
  const found = new Map<string, SettingCounts[]>();
  for (const row of rows) {
    const name = facets
      .map(({ name: option, short }) => {
        const value = row.setting[option];
        return value === null ? `no ${short}` : `${short} ${valueWord(value)}`;
      })
      .join(", ");
    const known = found.get(name);
    if (known) known.push(row);
    else found.set(name, [row]);
  }
  // Rows come in the order of all axes, the first the slowest: facets in the order of their own values.
  const place = (of: readonly SettingCounts[]) =>
    facets.map(({ name, values }) => {
      const value = of[0].setting[name];
      return value === null ? -1 : values.findIndex((one) => JSON.stringify(one) === JSON.stringify(value));
    });
  return [...found]
    .map(([name, inside]) => ({ name, rows: inside, place: place(inside) }))
    .sort((a, b) => a.place.map((at, i) => at - b.place[i]).find((difference) => difference !== 0) ?? 0);
}

interface Grid {
  readonly x: Varied | undefined;
  readonly y: Varied | undefined;
  readonly left: number;
  readonly upper: number;
  readonly cell: number;
  readonly lines: number;
  readonly theme: Theme;
}

/** The values below and beside the cells. The smallest y stands lowest, as on any axis. */
function axisWords({
  x,
  y,
  left,
  upper,
  cell,
  lines,
  theme,
  tilted,
  first,
}: Grid & { tilted: boolean; first: boolean }) {
  const text = { size: fontSizes.tick, fill: theme.muted } as const;
  const below = upper + lines * cell;
  const columns = (x?.values ?? []).map((value, i) => {
    const at = left + (i + 0.5) * cell;
    if (!tilted) return textAt(at, below + 13, valueWord(value), { ...text, anchor: "middle" });
    const rest = { transform: `rotate(-45 ${px(at + 4)} ${px(below + 11)})` };
    return textAt(at + 4, below + 11, valueWord(value), { ...text, anchor: "end", rest });
  });
  const beside = first
    ? (y?.values ?? []).map((value, i) =>
        textAt(left - 6, upper + (lines - i - 0.5) * cell + 4, valueWord(value), { ...text, anchor: "end" }),
      )
    : [];
  const label = x ? textAt(left, below + (tilted ? 40 : 27), x.short, text) : "";
  return group({ "aria-hidden": "true" }, columns, beside, label);
}

function cellOf(
  row: SettingCounts,
  byRun: ReadonlyMap<string, SweptRun>,
  { x, y, left, upper, cell, lines, theme, selected }: Grid & { selected: string | undefined },
): string {
  const index = (varied: Varied | undefined): number => {
    const value = varied && row.setting[varied.name];
    if (value === undefined || value === null) return 0;
    return varied!.values.findIndex((one) => JSON.stringify(one) === JSON.stringify(value));
  };
  const at = left + index(x) * cell;
  const above = upper + (lines - 1 - index(y)) * cell;
  const { place, r } = dotsOf(row.ids.length, cell);
  const marks = new Map<Label | undefined, string>();
  let dots = "";
  for (const [i, id] of row.ids.entries()) {
    const label = byRun.get(id)?.verdict?.label;
    const [dx, dy] = place(i);
    // A run without a verdict is a speck: there is a place for it, and nothing to say yet.
    const shape = shapePath(label ? theme.classes[label].shape : "circle", at + dx, above + dy, label ? r : 0.7);
    if (byRun.size < manyRuns) dots += `<path d="${shape}" ${paintOf(label, theme)} data-run="${escapeText(id)}"/>`;
    else marks.set(label, (marks.get(label) ?? "") + shape);
  }
  for (const [label, shapes] of marks) dots += `<path d="${shapes}" ${paintOf(label, theme)}/>`;
  const chosen = row.label === selected;
  const box = attributesText({
    x: at + 0.5,
    y: above + 0.5,
    width: cell - 1,
    height: cell - 1,
    fill: theme.panel,
    stroke: chosen ? theme.ink : theme.grid,
    "stroke-width": chosen ? 2 : 1,
  });
  return `<g data-cell="${escapeText(row.label)}" stroke-width="0.8"><title>${escapeText(cellWords(row))}</title><rect${box}/>${dots}</g>`;
}

const paintOf = (label: Label | undefined, { classes, faint }: Theme): string =>
  label ? `fill="${classes[label].fill}" stroke="${classes[label].stroke}"` : `fill="${faint}"`;

/** Where the dots of so many runs are in a cell of so many pixels, from its upper left, and how large. */
function dotsOf(n: number, cell: number) {
  const side = Math.ceil(Math.sqrt(n));
  const pitch = (cell - 5) / side;
  const place = (i: number) => [2.5 + ((i % side) + 0.5) * pitch, 2.5 + (Math.floor(i / side) + 0.5) * pitch] as const;
  return { place, r: Math.max(0.8, pitch * 0.38) };
}

/** Which of a cell's runs has its dot at this place, in pixels from the cell's upper left; undefined between dots. */
export function dotAt(n: number, cell: number, x: number, y: number): number | undefined {
  const { place, r } = dotsOf(n, cell);
  const reach = r + 0.8; // its outline belongs to it
  return Array.from({ length: n }, (_, i) => i).find((i) => {
    const [dx, dy] = place(i);
    return Math.abs(x - dx) <= reach && Math.abs(y - dy) <= reach;
  });
}

/** `dMlp 64, weightDecay 0.1: 8 of 9 grok, 1 memorize` */
export function cellWords({ label, n, open, failed, counts }: SettingCounts): string {
  const found = labels.filter((name) => counts[name] > 0).sort((a, b) => counts[b] - counts[a]);
  const parts = found.map((name, i) => (i === 0 ? `${counts[name]} of ${n} ${name}` : `${counts[name]} ${name}`));
  const rest = [...(open > 0 ? [`${count(open, "run")} to come`] : []), ...(failed > 0 ? [`${failed} failed`] : [])];
  return `${label}: ${[...parts, ...rest].join(", ")}`;
}

function describe(
  rows: readonly SettingCounts[],
  total: SettingCounts,
  words: Partial<Readonly<Record<Label, string>>>,
): string {
  const counts = labels
    .filter((label) => total.counts[label] > 0)
    .map((label) => `${total.counts[label]} ${words[label] ?? label}`)
    .join(", ");
  const agreeing = rows.filter(({ n, k }) => n > 1 && k === n).length;
  const open = total.open + total.failed > 0 ? `; ${total.open + total.failed} without a verdict` : "";
  return `Verdicts of ${count(total.n, "run")} in ${count(rows.length, "setting")}: ${counts || "none yet"}${open}. All seeds agree in ${count(agreeing, "setting")}.`;
}
