import type { Matrix } from "../analyses/network.ts";
import { colorBar, columnTicks, frame, largest, light, mapPanel, mapPanelExtra, textAt, titleHeight, type FigureOptions } from "./svg/index.ts"; // prettier-ignore

export interface EmbeddingMapOptions extends FigureOptions {
  readonly range?: number | undefined;
  /** Names of the dimensions, such as cos and sin. */
  readonly names?: readonly string[] | undefined;
  /** At most this many dimensions are drawn, the first ones. */
  readonly dimensions?: number | undefined;
}

/** An embedding as colors, as SVG text: a row for each dimension, a column for each number. */
export function embeddingMap(embedding: Matrix, options: EmbeddingMapOptions = {}): string {
  const { width = 420, theme = light, title, names, dimensions = 60 } = options;
  const { rows: p, cols, data } = embedding;
  const shown = Math.min(cols, dimensions);
  const range = options.range ?? largest(data);
  const rowHeight = Math.max(3, Math.min(22, Math.round(220 / shown)));
  const [left, right] = [names ? 40 : 34, 58];
  const mapWidth = width - left - right;
  const top = titleHeight(title) + 14 + mapPanelExtra.top;
  const height = rowHeight * shown;
  const cells = new Float64Array(shown * p);
  for (let d = 0; d < shown; d++) for (let n = 0; n < p; n++) cells[d * p + n] = data[n * cols + d];
  const rowNames = names
    ?.slice(0, shown)
    .map((name, d) =>
      textAt(left - 4, top + (d + 0.5) * rowHeight + 4, name, { size: 10, fill: theme.muted, anchor: "end" }),
    );
  const note = shown < cols ? `, the first ${shown} of ${cols}` : "";
  const label = `Embedding of ${p} numbers in ${cols} dimensions${note}; red is positive, blue negative, full color at ${Number(range.toPrecision(3))}.`;
  return frame(
    { width, height: top + height + mapPanelExtra.bottom + 4, title, theme, label },
    textAt(4, top - mapPanelExtra.top - 2, `dimension${note}`, { size: 11, fill: theme.muted }),
    mapPanel({
      left,
      top,
      width: mapWidth,
      rowHeight,
      cells: { rows: shown, cols: p, data: cells },
      neurons: Array.from({ length: shown }, (_, d) => d),
      range,
      theme,
      title: "embedding",
      xLabel: "number",
      xTicks: columnTicks(p, mapWidth),
      named: names === undefined,
    })
      .replaceAll("data-neuron", "data-dimension")
      .replaceAll("<title>neuron", "<title>dimension"),
    rowNames ?? "",
    colorBar({ left: width - right + 8, top, width: 10, height: Math.max(44, Math.min(height, 120)), range, theme }),
  );
}
