import {
  labels,
  type Label,
  type SettingCounts,
  type SweepTable,
  type SweptRun,
  type Timed,
  type Varied,
} from "../verdict/index.ts";
import { count } from "../verdict/words.ts";
import { facetHead, type FacetHead } from "./map-facets.ts";
import { mapCounts, mapLayout, valueWord, type MapAxes, type MapLayout } from "./sweep-axes.ts";
import { timeShades } from "./time-shades.ts";
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
  wrapped,
  type FigureOptions,
  type Theme,
} from "./svg/index.ts";

export interface VerdictMapOptions extends FigureOptions, MapAxes {
  /** Names of the classes in the legend, e.g. the published ones; the labels by default. */
  readonly words?: Partial<Readonly<Record<Label, string>>> | undefined;
  /** Largest side of a cell in pixels. Default 30, and up to 72 where a cell holds many runs. */
  readonly cellSize?: number | undefined;
  /** Colors the dots by when something happened, and not by their class, which their shape still tells. */
  readonly shade?: Timed | undefined;
  /** The cell that a page stands at, by the label of its setting. */
  readonly selected?: string | undefined;
  /** Cells and counts of these very runs, where they are made already: the axes are the layout's. */
  readonly made?: { readonly layout: MapLayout; readonly counts: SweepTable<SettingCounts> } | undefined;
}

const gap = 18;
/** From this many runs on, the dots of one class in a facet are one mark: a browser draws the map at every scrub. */
export const manyRuns = 3000;

/** Names of values beside and below the cells are cut at this width; their titles are whole. */
const longestWord = 110;

/**
 * What every run of a sweep did: a facet for each value of one hyperparameter (or combination of two), in it a grid of
 * cells over two others, and in each cell a dot for each seed. Values stand at equal distances in their order: the place of
 * a cell says which value, not how large it is. Hyperparameters without a place are pooled: a cell holds all their runs,
 * sorted by class.
 */
export function verdictMap(runs: readonly SweptRun[], options: VerdictMapOptions = {}): string {
  const { width = 720, theme = light, title, words = {} } = options;
  const layout = options.made?.layout ?? mapLayout(runs, options);
  const { rows, total } = options.made?.counts ?? mapCounts(layout, runs);
  if (rows.length === 0) return emptyFrame("No runs yet", { width, theme, title });
  const { x, y, facets, pooled } = layout.axes;
  const columns = Math.max(1, x?.values.length ?? 1);
  const lines = Math.max(1, y?.values.length ?? 1);
  const leftWidth = y ? Math.min(longestWord, widestOf(y)) + 10 : 6;
  const room = width - leftWidth - 24;
  const panels = layout.facets.map(({ names, cells }) => ({ ...facetHead(names, room), cells }));
  const named = Math.max(0, ...panels.map((panel) => panel.width));
  const cell = sizeOf(options, rows, columns, panels.length, named, room);
  const facetWidth = Math.max(columns * cell, named);
  const headLines = Math.max(0, ...panels.map((panel) => panel.lines.length));
  const head = facets.length > 0 ? 6 + headLines * lineHeight : 4;
  const tilted = x ? widestOf(x) > cell + 2 : false;
  const below = x ? 34 + (tilted ? Math.max(14, Math.min(longestWord, widestOf(x)) * Math.SQRT1_2 - 4) : 0) : 8;
  const facetHeight = head + lines * cell + below;
  const perRow = besideEachOther(Math.floor((room + gap) / (facetWidth + gap)), panels.length, facets);
  const top = titleHeight(title) + (y ? 20 : 6);
  const shades = options.shade && timeShades(runs, options.shade, theme);
  const dotOf = (run: SweptRun): Dot => {
    const label = run.verdict?.label;
    const shade = shades?.shadeOf(run);
    return { label, paint: (shade === undefined ? undefined : shades?.paints[shade]) ?? paintOf(label, theme) };
  };
  const parts = panels.map((panel, i) => {
    const left = 12 + leftWidth + (i % perRow) * (facetWidth + gap);
    const upper = top + Math.floor(i / perRow) * facetHeight + head;
    const words = axisWords({ x, y, left, upper, cell, lines, theme, tilted, below, first: i % perRow === 0 });
    const placed = panel.cells.map((at): PlacedCell => {
      const { column, line } = layout.grid[at];
      const row = rows[at];
      const dots = row.ids.map((id) => dotOf(runs[layout.places.get(id) ?? 0]));
      return { row, dots, left: left + column * cell, top: upper + (lines - 1 - line) * cell, side: cell };
    });
    const cells =
      runs.length < manyRuns
        ? placed.map((one) => dottedCell(one, theme, one.row.label === options.selected)).join("")
        : manyDots(placed, theme);
    return `${headOf(panel, left, upper, theme)}${words}${cells}`;
  });
  const used = top + Math.ceil(panels.length / perRow) * facetHeight;
  const times = shades?.legend ?? [];
  const present = labels.filter((label) => total.counts[label] > 0);
  const key = legend(
    [
      ...times,
      ...present.map((label) => ({
        text: `${words[label] ?? label} (${total.counts[label]})`,
        mark: shades ? { ...theme.classes[label], fill: "none", stroke: theme.muted } : theme.classes[label],
      })),
    ],
    { x: 12, y: used, width: width - 24, theme },
  );
  const muted = { size: fontSizes.tick, fill: theme.muted } as const;
  const yLabel = y ? textAt(12, top - 6, y.short, muted) : "";
  const over = pooled.length > 0 ? wrapped(`A cell holds every ${listed(pooled)}.`, fontSizes.tick, width - 24) : [];
  const note = over.map((line, i) => textAt(12, used + key.height + 14 + i * lineHeight, line, muted));
  const height = used + key.height + 8 + (over.length > 0 ? 4 + over.length * lineHeight : 0);
  const label = describe(rows, total, words, pooled);
  return frame({ width, height, label, title, theme }, yLabel, parts, key.svg, note);
}

/** How many facets stand in a row: whole rows of the last hyperparameter's values where they fit, or rows alike. */
function besideEachOther(most: number, panels: number, facets: readonly Varied[]): number {
  if (most >= panels) return panels;
  const inner = facets.length > 1 ? facets.at(-1)!.values.length : panels;
  if (most >= inner) return Math.floor(most / inner) * inner;
  return Math.ceil(panels / Math.ceil(panels / Math.max(1, most)));
}

const lineHeight = 15;
const widestOf = ({ values }: Varied): number =>
  Math.max(...values.map((value) => textWidth(valueWord(value), fontSizes.tick)));

/** `width, learningRate and penalty` */
function listed(varied: readonly Varied[]): string {
  const names = varied.map(({ short }) => short);
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)!}`;
}

/** Small enough for two facets beside each other, large enough for its dots. */
function sizeOf(
  { cellSize }: VerdictMapOptions,
  rows: readonly SettingCounts[],
  columns: number,
  facets: number,
  named: number,
  room: number,
): number {
  const most = Math.max(1, ...rows.map(({ ids }) => ids.length));
  const side = Math.ceil(Math.sqrt(most));
  // Nine dots are read well in 30 pixels.
  const largest = cellSize ?? Math.min(72, Math.max(30, side * 7));
  const smallest = Math.max(8, Math.min(largest, side * 4));
  const fitting = (beside: number) => Math.floor((room - (beside - 1) * gap) / beside / columns);
  for (let beside = facets; beside > 1; beside--)
    if (fitting(beside) >= Math.max(smallest, 20) && fitting(beside) * columns >= named)
      return Math.min(largest, fitting(beside));
  return Math.max(smallest, Math.min(largest, fitting(1)));
}

/** The values of a facet, one line or more each; the whole name is its title. */
function headOf({ name, lines }: FacetHead, left: number, upper: number, theme: Theme): string {
  if (lines.length === 0) return "";
  const style = { size: fontSizes.tick, fill: theme.ink, bold: true } as const;
  const texts = lines.map((line, i) => textAt(left, upper - 6 - (lines.length - 1 - i) * lineHeight, line, style));
  const whole = lines.length === 1 && lines[0] === name;
  return group({}, whole ? "" : `<title>${escapeText(name)}</title>`, texts);
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
  below,
  first,
}: Grid & { tilted: boolean; below: number; first: boolean }) {
  const text = { size: fontSizes.tick, fill: theme.muted } as const;
  const foot = upper + lines * cell;
  const columns = (x?.values ?? []).map((value, i) => {
    const at = left + (i + 0.5) * cell;
    if (!tilted) return textAt(at, foot + 13, valueWord(value), { ...text, anchor: "middle" });
    const rest = { transform: `rotate(-45 ${px(at + 4)} ${px(foot + 11)})` };
    return wordAt(at + 4, foot + 11, valueWord(value), { ...text, anchor: "end", rest });
  });
  const beside = first
    ? (y?.values ?? []).map((value, i) =>
        sideWord(valueWord(value), left - 6, upper + (lines - i - 0.5) * cell, cell, text),
      )
    : [];
  const label = x ? textAt(left, foot + below - 8, x.short, text) : "";
  return group({ "aria-hidden": "true" }, columns, beside, label);
}

/** A value's name beside its cells, on as many lines as they are high. */
function sideWord(
  word: string,
  x: number,
  middle: number,
  cell: number,
  style: { size: number; fill: string },
): string {
  const most = Math.max(1, Math.floor(cell / 13));
  const all = wrapped(word, style.size, longestWord);
  const shown = all.length > most ? [...all.slice(0, most - 1), all.slice(most - 1).join(" ")] : all;
  const first = middle + 4 - ((shown.length - 1) * 13) / 2;
  const texts = shown.map((line, i) =>
    textAt(x, first + i * 13, fitted(line, style.size, longestWord), { ...style, anchor: "end" }),
  );
  return shown.length === 1 && shown[0] === word
    ? texts.join("")
    : group({}, `<title>${escapeText(word)}</title>`, texts);
}

/** A value's name, whole where it is pointed at. */
function wordAt(x: number, y: number, word: string, options: Parameters<typeof textAt>[3]): string {
  const short = fitted(word, fontSizes.tick, longestWord);
  const text = textAt(x, y, short, options);
  return short === word ? text : group({}, `<title>${escapeText(word)}</title>`, text);
}

/** How a run is drawn; without a class it is a speck. */
interface Dot {
  readonly label: Label | undefined;
  readonly paint: string;
}

interface PlacedCell {
  readonly row: SettingCounts;
  /** Of its runs. */
  readonly dots: readonly Dot[];
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/** A cell with an element for each run. */
function dottedCell({ row, dots: found, left, top, side }: PlacedCell, theme: Theme, chosen: boolean): string {
  const { place, r } = dotsOf(row.ids.length, side);
  const dots = row.ids.map((id, i) => {
    const [dx, dy] = place(i);
    const { label, paint } = found[i];
    return `<path d="${dotPath(label, left + dx, top + dy, r, theme)}" ${paint} data-run="${escapeText(id)}"/>`;
  });
  const line = chosen ? `stroke="${theme.ink}" stroke-width="2"` : `stroke="${theme.grid}" stroke-width="1"`;
  return `<g data-cell="${escapeText(row.label)}" stroke-width="0.8"><title>${escapeText(cellWords(row))}</title><rect${boxOf(left, top, side)} fill="${theme.panel}" ${line}/>${dots.join("")}</g>`;
}

/** Thousands of dots: an element for each cell, and one for all dots of a color, which let the pointer through. */
function manyDots(cells: readonly PlacedCell[], theme: Theme): string {
  const marks = new Map<string, string[]>();
  const boxes = cells.map(({ row, dots, left, top, side }) => {
    const { place, r } = dotsOf(row.ids.length, side);
    for (const [i, { label, paint }] of dots.entries()) {
      const [dx, dy] = place(i);
      const shape = dotPath(label, left + dx, top + dy, r, theme);
      const known = marks.get(paint);
      if (known) known.push(shape);
      else marks.set(paint, [shape]);
    }
    return `<rect data-cell="${escapeText(row.label)}"${boxOf(left, top, side)}/>`;
  });
  const drawn = [...marks].map(([paint, shapes]) => `<path d="${shapes.join("")}" ${paint}/>`);
  return `<g fill="${theme.panel}" stroke="${theme.grid}">${boxes.join("")}</g><g stroke-width="0.8" pointer-events="none">${drawn.join("")}</g>`;
}

/** A run without a verdict is a speck: there is a place for it, and nothing to say yet. */
const dotPath = (label: Label | undefined, x: number, y: number, r: number, { classes }: Theme): string =>
  label ? shapePath(classes[label].shape, x, y, r) : shapePath("circle", x, y, 0.7);

const boxOf = (left: number, top: number, side: number): string =>
  attributesText({ x: left + 0.5, y: top + 0.5, width: side - 1, height: side - 1 });

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
  pooled: readonly Varied[],
): string {
  const counts = labels
    .filter((label) => total.counts[label] > 0)
    .map((label) => `${total.counts[label]} ${words[label] ?? label}`)
    .join(", ");
  const agreeing = rows.filter(({ n, k }) => n > 1 && k === n).length;
  const open = total.open + total.failed > 0 ? `; ${total.open + total.failed} without a verdict` : "";
  const verdicts = `Verdicts of ${count(total.n, "run")}`;
  if (pooled.length > 0)
    return `${verdicts} in ${count(rows.length, "cell")}, each over every ${listed(pooled)}: ${counts || "none yet"}${open}. All runs agree in ${count(agreeing, "cell")}.`;
  return `${verdicts} in ${count(rows.length, "setting")}: ${counts || "none yet"}${open}. All seeds agree in ${count(agreeing, "setting")}.`;
}
