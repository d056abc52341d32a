import type { Circuit } from "../analyses/circuit.ts";
import {
  colorBar,
  emptyFrame,
  frame,
  grouped,
  largest,
  light,
  mapPanel,
  mapPanelExtra,
  textAt,
  titleHeight,
  type FigureOptions,
} from "./svg/index.ts";

export interface NeuronComponentOptions extends FigureOptions {
  /** The component that gets the full color; by default 1.2 times the largest one. */
  readonly range?: number | undefined;
  readonly step?: number | undefined;
  readonly highlight?: number | undefined;
}

/**
 * The cosine and sine part of each neuron's input and output weights at its frequency, as colors: where the embedding is
 * a fixed circle, these are all weights that there are. As SVG text.
 */
export function neuronComponents({ groups }: Pick<Circuit, "groups">, options: NeuronComponentOptions = {}): string {
  const { width = 340, theme = light, title, step, highlight } = options;
  const neurons = groups.flatMap((group) => group.neurons).sort((x, y) => x.index - y.index);
  if (neurons.length === 0) return emptyFrame("No neuron is a wave of one frequency", options);
  const parts = (side: "a" | "output"): Float64Array =>
    Float64Array.from(
      neurons.flatMap(({ [side]: { norm, phase } }) => [norm * Math.cos(phase), norm * Math.sin(phase)]),
    );
  const [input, output] = [parts("a"), parts("output")];
  const range = options.range ?? 1.2 * largest([largest(input), largest(output)]);
  const rowHeight = Math.max(4, Math.min(24, Math.round(240 / neurons.length)));
  const height = rowHeight * neurons.length;
  const left = 34;
  const mapWidth = Math.min(96, (width - left - 52 - 24) / 2);
  const top = titleHeight(title) + 14 + mapPanelExtra.top;
  const shared = {
    top,
    width: mapWidth,
    rowHeight,
    neurons: neurons.map(({ index }) => index),
    range,
    theme,
    highlight,
    xLabel: "part",
    xTicks: ["cos", "sin"].map((text, at) => ({ at, text })),
  };
  const cells = (data: Float64Array) => ({ rows: neurons.length, cols: 2, data });
  const right = left + mapWidth + 24;
  const at = step === undefined ? "" : ` at step ${grouped(step)}`;
  return frame(
    {
      width,
      height: Math.max(top + height + mapPanelExtra.bottom, top + 60) + 4,
      title,
      theme,
      label: `Cosine and sine parts of the input and output weights of ${neurons.length} neurons${at}; red is positive, blue negative, full color at ${Number(range.toPrecision(3))}.`,
      attributes: { "data-range": String(range), ...(step === undefined ? {} : { "data-step": String(step) }) },
    },
    textAt(4, top - mapPanelExtra.top - 2, "neuron", { size: 11, fill: theme.muted }),
    mapPanel({ ...shared, left, cells: cells(input), title: "input", named: true }),
    mapPanel({ ...shared, left: right, cells: cells(output), title: "output" }),
    colorBar({
      left: right + mapWidth + 10,
      top,
      width: 10,
      height: Math.max(48, Math.min(height, 120)),
      range,
      theme,
    }),
  );
}
