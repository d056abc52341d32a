import type { Matrix } from "../analyses/network.ts";
import {
  axes,
  category,
  emptyFrame,
  frame,
  grouped,
  largest,
  light,
  line,
  linear,
  panelGroup,
  textAt,
  titleHeight,
  xAxisHeight,
  type FigureOptions,
  type Panel,
} from "./svg/index.ts";

export interface WaveRows {
  /** From numbers to neurons, [p, n]. */
  readonly input: Matrix;
  /** From neurons to answers, [n, p]. */
  readonly output: Matrix;
  /** Neurons that belong together, one row of the figure each. */
  readonly groups: readonly { readonly frequency: number; readonly neurons: readonly number[] }[];
}

export interface WaveOptions extends FigureOptions {
  /** Weights from -range to range; by default the largest one. Fix it to compare steps. */
  readonly range?: number | undefined;
  readonly step?: number | undefined;
  /** What the columns are: numbers (default), or their logarithms. */
  readonly numbers?: string | undefined;
  /** Neuron that is pointed at. */
  readonly highlight?: number | undefined;
}

/** The weights of every neuron as a curve over the numbers, a row for each frequency: input left, output right. */
export function waves({ input, output, groups }: WaveRows, options: WaveOptions = {}): string {
  const { width = 720, theme = light, title, step, highlight } = options;
  if (groups.length === 0) return emptyFrame("No neuron is a wave of one frequency", options);
  const p = input.rows;
  const range = options.range ?? largest([largest(input.data), largest(output.data)]) * 1.05;
  const left = 36;
  const gap = 24;
  const columnWidth = (width - left - gap - 12) / 2;
  const rowHeight = groups.length > 6 ? 44 : 60;
  const numbers = Float64Array.from({ length: p }, (_, n) => n);
  let top = titleHeight(title) + 22;
  const parts: string[] = [
    textAt(left, top - 6, step === undefined ? "input weights" : `input weights, step ${grouped(step)}`, { size: 11, fill: theme.ink }),
    textAt(left + columnWidth + gap, top - 6, "output weights", { size: 11, fill: theme.ink }),
  ]; // prettier-ignore
  let first: Panel | undefined;
  groups.forEach(({ frequency, neurons }, g) => {
    const isLast = g === groups.length - 1;
    top += 16;
    const stroke = category(theme, g);
    parts.push(
      textAt(left, top - 4, `frequency ${frequency}: ${count(neurons.length)}`, { size: 11, fill: stroke, bold: true }),
    );
    for (const side of [0, 1] as const) {
      const start = left + side * (columnWidth + gap);
      const panel: Panel = {
        left: start,
        top,
        width: columnWidth,
        height: rowHeight,
        x: linear([0, p - 1], [start, start + columnWidth]),
        y: linear([-range, range], [top + rowHeight, top]),
      };
      first ??= panel;
      const curves = neurons.map((j) => {
        const values = side === 0 ? column(input, j) : output.data.subarray(j * p, (j + 1) * p);
        const chosen = j === highlight;
        return line(numbers, values, panel, {
          stroke: chosen ? theme.highlight : stroke,
          width: chosen ? 3 : 1.25,
          opacity: highlight === undefined || chosen ? 0.85 : 0.25,
          rest: { "data-neuron": String(j) },
        });
      });
      const label = side === 0 ? `input ${options.numbers ?? "number"}` : `output ${options.numbers ?? "number"}`;
      const round = Number((range / 1.05).toPrecision(2));
      parts.push(
        panelGroup(
          panel,
          axes(panel, {
            theme,
            x: { ...(isLast ? { label } : {}), numbers: isLast, ticks: Math.round(columnWidth / 60) },
            y: { ticks: [-round, 0, round], numbers: side === 0 },
          }),
          curves,
        ),
      );
    }
    top += rowHeight + (isLast ? xAxisHeight(true) : 4);
  });
  const found = groups.map(({ frequency, neurons }) => `${frequency} (${count(neurons.length)})`).join(", ");
  const label = `Input and output weights of the neurons as curves over 0 to ${p - 1}, by frequency: ${found}.`;
  return frame(
    { width, height: top + 4, title, theme, label, panel: first, attributes: { "data-range": String(range) } },
    parts,
  );
}

const count = (n: number): string => (n === 1 ? "1 neuron" : `${n} neurons`);

const column = ({ rows, cols, data }: Matrix, j: number): Float64Array =>
  Float64Array.from({ length: rows }, (_, n) => data[n * cols + j]);
