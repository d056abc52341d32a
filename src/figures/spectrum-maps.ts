import {
  colorBar,
  frame,
  largest,
  light,
  mapPanel,
  mapPanelExtra,
  shownNeurons,
  textAt,
  titleHeight,
  type FigureOptions,
} from "./svg/index.ts";

/** Signed Fourier components, [component][neuron]: 0 the constant, 2k - 1 the cosine and 2k the sine of frequency k. */
export type Components = readonly (readonly number[])[];

export interface SpectrumMapOptions extends FigureOptions {
  /** The neurons from top to bottom. */
  readonly order?: readonly number[] | undefined;
  readonly range?: number | undefined;
  readonly highlight?: number | undefined;
}

/** How each neuron's input and output weights are made of waves, as SVG text: cosine and sine of a frequency side by side. */
export function spectrumMaps(
  { input, output }: { readonly input: Components; readonly output: Components },
  options: SpectrumMapOptions = {},
): string {
  const { width = 720, theme = light, title, highlight } = options;
  const count = input[0]?.length ?? 0;
  const { neurons, note } = shownNeurons(options.order ?? Array.from({ length: count }, (_, j) => j));
  const components = input.length;
  const range = options.range ?? largest([...input, ...output].map((row) => largest(row, 0)));
  const rowHeight = Math.max(2, Math.min(22, Math.round(220 / Math.max(1, neurons.length))));
  const height = rowHeight * neurons.length;
  const [left, right] = [34, 52];
  const stacked = width < 480;
  const mapWidth = stacked ? width - left - right : (width - left - right - 16) / 2;
  const top = titleHeight(title) + 14 + mapPanelExtra.top;
  const below = top + height + mapPanelExtra.bottom + mapPanelExtra.top + 8;
  const second = stacked ? { left, top: below } : { left: left + mapWidth + 16, top };
  const shared = {
    width: mapWidth,
    rowHeight,
    neurons,
    range,
    theme,
    highlight,
    xLabel: "frequency (cosine, sine)",
    xTicks: ticks(components, mapWidth),
  };
  const cells = (rows: Components) => ({
    rows: neurons.length,
    cols: components,
    data: Float64Array.from(neurons.flatMap((j) => rows.map((row) => row[j]))),
  });
  return frame(
    {
      width,
      height: second.top + height + mapPanelExtra.bottom + 4,
      title,
      theme,
      label: `Fourier components of the input and output weights of ${neurons.length} neurons${note}; strongest by neuron: ${strongest(input)}.`,
    },
    textAt(4, top - mapPanelExtra.top - 2, `neuron${note}`, { size: 11, fill: theme.muted }),
    mapPanel({ ...shared, left, top, cells: cells(input), title: "spectrum of the input weights", named: true }),
    mapPanel({ ...shared, ...second, cells: cells(output), title: "spectrum of the output weights", named: stacked }),
    colorBar({ left: width - right + 8, top, width: 10, height: Math.min(height, 120), range, theme }),
  );
}

/** A frequency's number stands between its cosine and its sine. */
function ticks(components: number, width: number) {
  const frequencies = Math.floor(components / 2);
  const step = [1, 2, 5, 10, 20, 50, 100].find((every) => (frequencies / every) * 30 <= width) ?? 200;
  const found = [{ at: 0, text: "0" }];
  for (let k = step; k <= frequencies; k += step) found.push({ at: 2 * k - 0.5, text: String(k) });
  return found;
}

function strongest(components: Components): string {
  const counts = new Map<number, number>();
  for (let j = 0; j < (components[0]?.length ?? 0); j++) {
    let [best, power] = [0, 0];
    for (let k = 1; 2 * k - 1 < components.length; k++) {
      const here = components[2 * k - 1][j] ** 2 + (components[2 * k]?.[j] ?? 0) ** 2;
      if (here > power) [best, power] = [k, here];
    }
    if (best > 0) counts.set(best, (counts.get(best) ?? 0) + 1);
  }
  const most = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, 6);
  return most.map(([k, n]) => `frequency ${k} in ${n}`).join(", ") || "none";
}
