import type { Matrix } from "../analyses/network.ts";
import {
  colorBar,
  columnTicks,
  el,
  frame,
  grouped,
  largest,
  light,
  mapPanel,
  mapPanelExtra,
  shownNeurons,
  textAt,
  titleHeight,
  type FigureOptions,
  type Theme,
} from "./svg/index.ts";

/** What the weight maps show: a network multiplied out. */
export interface WeightMapRows {
  /** From numbers to neurons, [p, n]. */
  readonly input: Matrix;
  /** From neurons to answers, [n, p]. */
  readonly output: Matrix;
}

export interface WeightMapOptions extends FigureOptions {
  /** The neurons from top to bottom; by default as they are in the network. */
  readonly order?: readonly number[] | undefined;
  /** Neurons of one frequency, in the order's order: named at the side. */
  readonly groups?: readonly { readonly frequency: number; readonly neurons: readonly number[] }[] | undefined;
  /** The weight that gets the full color; by default the largest one. Fix it to compare steps. */
  readonly range?: number | undefined;
  readonly step?: number | undefined;
  /** What the columns are: numbers (default), or their logarithms. */
  readonly numbers?: string | undefined;
  readonly highlight?: number | undefined;
}

/** Input and output weights of every neuron over the numbers, as SVG text: one row for each neuron, the same in both. */
export function weightMaps(rows: WeightMapRows, options: WeightMapOptions = {}): string {
  const { width = 720, theme = light, title, step, highlight, groups = [] } = options;
  const { input, output } = rows;
  const p = input.rows;
  const { neurons, note } = shownNeurons(options.order ?? Array.from({ length: input.cols }, (_, j) => j));
  const range = options.range ?? largest([largest(input.data), largest(output.data)]);
  const rowHeight = Math.max(2, Math.min(22, Math.round(220 / neurons.length)));
  const height = rowHeight * neurons.length;
  const left = 34;
  const right = groups.length > 0 ? 92 : 52;
  const stacked = width < 480;
  const mapWidth = stacked ? width - left - right : (width - left - right - 16) / 2;
  const top = titleHeight(title) + 14 + mapPanelExtra.top;
  const below = top + height + mapPanelExtra.bottom + mapPanelExtra.top + 8;
  const second = stacked ? { left, top: below } : { left: left + mapWidth + 16, top };
  const shared = { width: mapWidth, rowHeight, neurons, range, theme, highlight, xTicks: columnTicks(p, mapWidth) };
  const at = step === undefined ? "" : `, step ${grouped(step)}`;
  const bottom = second.top + height + mapPanelExtra.bottom + 4;
  const barLeft = width - right + 8;
  const panels = [
    mapPanel({ ...shared, left, top, cells: byNeuron(neurons, p, (j, n) => input.data[n * input.cols + j]), title: `input weights${at}`, xLabel: `input ${options.numbers ?? "number"}`, named: true }),
    mapPanel({ ...shared, ...second, cells: byNeuron(neurons, p, (j, c) => output.data[j * p + c]), title: `output weights${at}`, xLabel: `output ${options.numbers ?? "number"}`, named: stacked }),
  ]; // prettier-ignore
  return frame(
    {
      width,
      height: bottom,
      title,
      theme,
      label: `Weights of ${neurons.length} neurons${note} for each of ${p} input and ${p} output numbers${at}; red is positive, blue negative, full color at ${Number(range.toPrecision(3))}.`,
      attributes: { "data-range": String(range), ...(step === undefined ? {} : { "data-step": String(step) }) },
    },
    textAt(4, top - mapPanelExtra.top - 2, `neuron${note}`, { size: 11, fill: theme.muted }),
    panels,
    groupNames(groups, neurons, { x: barLeft, top: second.top, rowHeight, theme }),
    colorBar({
      left: groups.length > 0 ? width - 48 : barLeft,
      top,
      width: 10,
      height: Math.min(height, 120),
      range,
      theme,
    }),
  );
}

/** The shown neurons as rows. */
function byNeuron(neurons: readonly number[], cols: number, weight: (neuron: number, column: number) => number) {
  const data = new Float64Array(neurons.length * cols);
  neurons.forEach((j, row) => {
    for (let c = 0; c < cols; c++) data[row * cols + c] = weight(j, c);
  });
  return { rows: neurons.length, cols, data };
}

/** A bracket beside the neurons of each frequency, with its name. */
function groupNames(
  groups: NonNullable<WeightMapOptions["groups"]>,
  neurons: readonly number[],
  {
    x,
    top,
    rowHeight,
    theme,
  }: { readonly x: number; readonly top: number; readonly rowHeight: number; readonly theme: Theme },
): readonly string[] {
  return groups.map(({ frequency, neurons: members }) => {
    const places = members.map((neuron) => neurons.indexOf(neuron)).filter((place) => place >= 0);
    if (places.length === 0) return "";
    const from = top + Math.min(...places) * rowHeight + 1;
    const to = top + (Math.max(...places) + 1) * rowHeight - 1;
    return (
      el("path", { d: `M${x - 6} ${from}h4V${to}h-4`, fill: "none", stroke: theme.muted }) +
      textAt(x + 1, (from + to) / 2 + 4, `k=${frequency}`, {
        size: 10,
        fill: theme.ink,
        rest: { "data-frequency": String(frequency) },
      })
    );
  });
}
