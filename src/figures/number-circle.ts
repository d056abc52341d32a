import { el, extent, frame, light, linear, panelGroup, px, textAt, titleHeight, type FigureOptions, type Panel } from "./svg/index.ts"; // prettier-ignore

export interface NumberCircleRows {
  /** Where each number 0 … p - 1 stands. */
  readonly points: readonly { readonly n: number; readonly x: number; readonly y: number }[];
  /** Which frequency's plane this is. */
  readonly frequency: number;
}

export interface NumberCircleOptions extends FigureOptions {
  /** Numbers that are pointed at. */
  readonly highlight?: readonly number[] | undefined;
  /** Small, without axis names: to be shown where the reader points. */
  readonly tooltip?: boolean | undefined;
}

/** The numbers in the plane of one frequency of their embedding, as SVG text: on a circle where they are a clean wave. */
export function numberCircle({ points, frequency }: NumberCircleRows, options: NumberCircleOptions = {}): string {
  const { tooltip = false, theme = light, highlight = [] } = options;
  const { width = tooltip ? 150 : 320, title } = options;
  const [low, high] = extent(points.flatMap(({ x, y }) => [x, y]), [-1, 1]); // prettier-ignore
  const reach = Math.max(Math.abs(low), Math.abs(high)) * 1.22 || 1;
  const margin = tooltip ? 4 : 12;
  const size = Math.min(width - 2 * margin, 440);
  const top = titleHeight(title) + (tooltip ? 18 : 22);
  const panel: Panel = {
    left: margin,
    top,
    width: size,
    height: size,
    x: linear([-reach, reach], [margin, margin + size]),
    y: linear([-reach, reach], [top + size, top]),
  };
  const [cx, cy] = [panel.x.at(0), panel.y.at(0)];
  const radii = points.map(({ x, y }) => Math.hypot(x, y));
  const mean = radii.reduce((sum, r) => sum + r, 0) / Math.max(1, radii.length);
  const every = Math.ceil(points.length / (tooltip ? 10 : 24));
  const chosen = new Set(highlight);
  const dots = points.map(({ x, y }) => `M${px(panel.x.at(x))} ${px(panel.y.at(y))}h0`).join("");
  const names = points
    .filter(({ n }) => n % every === 0 || chosen.has(n))
    .map(({ n, x, y }) => {
      const r = Math.hypot(x, y) || 1;
      const out = 1 + (0.11 * reach) / r;
      return textAt(panel.x.at(x * out), panel.y.at(y * out) + 3.5, String(n), {
        size: chosen.has(n) ? 11 : 9,
        bold: chosen.has(n),
        fill: chosen.has(n) ? theme.correct : theme.muted,
        anchor: "middle",
      });
    });
  const spread =
    Math.sqrt(radii.reduce((sum, r) => sum + (r - mean) ** 2, 0) / Math.max(1, radii.length)) / (mean || 1);
  const label = `${points.length} numbers in the plane of frequency ${frequency}; their distance from the center varies by ${(100 * spread).toFixed(1)} % around its mean.`;
  return frame(
    {
      width,
      height: top + size + margin,
      title,
      theme,
      label,
      panel,
      attributes: { "data-frequency": String(frequency) },
    },
    textAt(margin + 2, top - 6, `frequency ${frequency}`, { size: 11, fill: theme.ink }),
    panelGroup(
      panel,
      el("rect", { x: margin, y: top, width: size, height: size, fill: theme.panel }),
      el("circle", { cx, cy, r: panel.x.at(mean) - cx, fill: "none", stroke: theme.grid, "stroke-width": 1.5 }),
      // A line without a length has round caps: a dot.
      el("path", { d: dots, stroke: theme.categories[0], "stroke-width": tooltip ? 4 : 5, "stroke-linecap": "round" }),
      points
        .filter(({ n }) => chosen.has(n))
        .map(({ x, y }) => el("circle", { cx: panel.x.at(x), cy: panel.y.at(y), r: 5, fill: theme.correct })),
      names,
    ),
  );
}
