import { el, group, px } from "./markup.ts";
import { heat } from "./heat.ts";
import { fontSizes, textAt } from "./text.ts";
import type { Theme } from "./theme.ts";

/** A heat map with one row for each neuron, its axis numbers, and a place to point at for every row. */
export interface MapPanel {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly rowHeight: number;
  /** [neurons shown, columns], row-major. */
  readonly cells: { readonly rows: number; readonly cols: number; readonly data: Float64Array };
  /** Which neuron each row is. */
  readonly neurons: readonly number[];
  readonly range: number;
  readonly theme: Theme;
  readonly title: string;
  readonly xLabel: string;
  readonly xTicks: readonly { readonly at: number; readonly text: string; readonly strong?: boolean }[];
  /** Numbers of the neurons at the left. */
  readonly named?: boolean;
  /** Neuron that is pointed at: the others are dimmed. */
  readonly highlight?: number | undefined;
}

/** Below and above the cells. */
export const mapPanelExtra = { top: 18, bottom: 34 } as const;

export function mapPanel(panel: MapPanel): string {
  const { left, top, width, rowHeight, cells, neurons, range, theme, title, xLabel, xTicks, named, highlight } = panel;
  const { rows, cols } = cells;
  const [cellWidth, height] = [width / cols, rows * rowHeight];
  const bottom = top + height;
  const muted = { size: fontSizes.tick, fill: theme.muted } as const;
  const every = Math.max(1, Math.ceil(11 / rowHeight));
  const places = neurons.map((neuron, row) => {
    const y = top + row * rowHeight;
    return `<rect x="${px(left)}" y="${px(y)}" width="${px(width)}" height="${px(rowHeight)}" fill="transparent" data-neuron="${neuron}"><title>neuron ${neuron}</title></rect>`;
  });
  const at = highlight === undefined ? -1 : neurons.indexOf(highlight);
  const dim = (from: number, to: number): string =>
    to <= from ? "" : el("rect", { x: left, y: top + from * rowHeight, width, height: (to - from) * rowHeight, fill: theme.paper, "fill-opacity": 0.7 }); // prettier-ignore
  return group(
    {
      "data-plot": [left, top, width, height].map(px).join(","),
      "data-x-domain": `0,${cols}`,
      "data-x-scale": "linear",
    },
    textAt(left, top - 6, title, { size: fontSizes.tick, fill: theme.ink }),
    el("rect", { x: left, y: top, width, height, fill: theme.panel }),
    heat(cells, { left, top, cellWidth, cellHeight: rowHeight, range, theme }),
    at < 0 ? "" : [dim(0, at), dim(at + 1, rows)],
    xTicks.map(({ at: column, text, strong }) =>
      textAt(left + (column + 0.5) * cellWidth, bottom + 14, text, {
        ...muted,
        anchor: "middle",
        ...(strong ? { fill: theme.correct, bold: true } : {}),
      }),
    ),
    textAt(left + width / 2, bottom + 29, xLabel, { ...muted, anchor: "middle" }),
    named
      ? neurons.map((neuron, row) =>
          row % every === 0
            ? textAt(left - 4, top + (row + 0.5) * rowHeight + 4, String(neuron), {
                size: 10,
                fill: theme.muted,
                anchor: "end",
              })
            : "",
        )
      : "",
    places,
  );
}

/** Ticks at round numbers along the columns of a map, with the last one where it stands apart. */
export function columnTicks(count: number, width: number): readonly { readonly at: number; readonly text: string }[] {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((every) => (count / every) * 30 <= width) ?? 1000;
  return Array.from({ length: Math.ceil(count / step) }, (_, i) => ({ at: i * step, text: String(i * step) }));
}

/** At most this many rows are drawn; of more neurons, every n-th. */
const mostRows = 160;

/** Which neurons a map shows, and a word about those it leaves out. */
export function shownNeurons(order: readonly number[]): { readonly neurons: readonly number[]; readonly note: string } {
  const every = Math.ceil(order.length / mostRows);
  if (every <= 1) return { neurons: order, note: "" };
  return { neurons: order.filter((_, i) => i % every === 0), note: `, every ${every}th of ${order.length}` };
}
