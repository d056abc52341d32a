import type { BitNetwork } from "../analyses/bit-network.ts";
import { colorBar, columnTicks, frame, grouped, largest, light, mapPanel, mapPanelExtra, textAt, titleHeight, type FigureOptions } from "./svg/index.ts"; // prettier-ignore

export interface ParityWeightOptions extends FigureOptions {
  /** Digits that the answer depends on: their numbers are marked. */
  readonly relevant?: readonly number[] | undefined;
  /** The neurons from top to bottom. */
  readonly order?: readonly number[] | undefined;
  readonly range?: number | undefined;
  readonly step?: number | undefined;
  readonly highlight?: number | undefined;
}

/** Input weights of every neuron for each digit, and beside them its output weight, as SVG text. */
export function parityWeights(
  { input, output, bias }: Pick<BitNetwork, "input" | "output" | "bias">,
  options: ParityWeightOptions = {},
): string {
  const { width = 420, theme = light, title, relevant = [], step, highlight } = options;
  const { rows: digits, cols: n, data } = input;
  const neurons = options.order ?? Array.from({ length: n }, (_, j) => j);
  const range = options.range ?? largest(data);
  // The way out has its own scale: its weights are larger, and would leave the others pale.
  const outRange = options.range ?? largest(output);
  const rowHeight = Math.max(2, Math.min(16, Math.round(220 / Math.max(1, neurons.length))));
  const height = rowHeight * neurons.length;
  const [left, right] = [34, 52];
  const outWidth = Math.max(14, Math.min(24, width / 20));
  const mapWidth = width - left - right - outWidth - 44;
  const top = titleHeight(title) + 14 + mapPanelExtra.top;
  const shared = { rowHeight, neurons, range, theme, highlight, top };
  const weights = Float64Array.from(neurons.flatMap((j) => Array.from({ length: digits }, (_, d) => data[d * n + j])));
  const at = step === undefined ? "" : `, step ${grouped(step)}`;
  return frame(
    {
      width,
      height: top + height + mapPanelExtra.bottom + 4,
      title,
      theme,
      label: `Weights of ${neurons.length} neurons for ${digits} inputs and their output weights${at}; red is positive, blue negative, full color at ${Number(range.toPrecision(3))}, for the output at ${Number(outRange.toPrecision(3))}.${relevant.length > 0 ? ` The answer depends on digits ${relevant.map((digit) => digit + 1).join(", ")}.` : ""}`,
      attributes: { "data-range": String(range), ...(step === undefined ? {} : { "data-step": String(step) }) },
    },
    textAt(4, top - mapPanelExtra.top - 2, "neuron", { size: 11, fill: theme.muted }),
    mapPanel({
      ...shared,
      left,
      width: mapWidth,
      cells: { rows: neurons.length, cols: digits, data: weights },
      title: `input weights${at}`,
      xLabel: "digit",
      xTicks: digitTicks(digits, bias, relevant, mapWidth),
      named: true,
    }),
    mapPanel({
      ...shared,
      left: left + mapWidth + 24,
      width: outWidth,
      cells: { rows: neurons.length, cols: 1, data: Float64Array.from(neurons, (j) => output[j]) },
      title: "output",
      range: outRange,
      xLabel: "",
      xTicks: [{ at: 0, text: `±${Number(outRange.toPrecision(2))}` }],
    }),
    colorBar({ left: width - right + 8, top, width: 10, height: Math.min(height, 120), range, theme }),
  );
}

/** The relevant digits and the bias have their names; of the others, those with room. */
function digitTicks(digits: number, bias: boolean, relevant: readonly number[], width: number) {
  const cell = width / digits;
  const named = [
    ...runs(relevant, cell < 16).map(([from, to]) => ({
      at: (from + to) / 2,
      // Counted from one, as people do.
      text: from === to ? String(from + 1) : `${from + 1}–${to + 1}`,
      strong: true,
    })),
    ...(bias ? [{ at: digits - 1, text: "bias", strong: true }] : []),
  ];
  const near = (at: number): boolean => named.some((tick) => Math.abs(tick.at - at) * cell < 24);
  return [
    ...named,
    ...columnTicks(digits + 1, width)
      .map(({ at, text }) => ({ at: at - 1, text }))
      .filter(({ at }) => at >= 0 && !near(at)),
  ];
}

/** Numbers that follow each other as one run where their names would touch: 0, 1, 2 as 0–2. */
function runs(numbers: readonly number[], joined: boolean): readonly (readonly [from: number, to: number])[] {
  const found: [number, number][] = [];
  for (const n of [...numbers].sort((a, b) => a - b)) {
    const last = found.at(-1);
    if (joined && last && n === last[1] + 1) last[1] = n;
    else found.push([n, n]);
  }
  return found;
}
