import {
  axes,
  clip,
  endLabels,
  grouped,
  line,
  linear,
  panelGroup,
  yLabelHeight,
  type Panel,
  type Theme,
} from "../svg/index.ts";

/** One curve of a panel. */
export interface Series {
  readonly name: string;
  readonly steps: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  readonly stroke: string;
  readonly width?: number;
  readonly dash?: string;
  readonly opacity?: number;
  /** Written at its end. */
  readonly labelled?: boolean;
}

/** A level that curves are read against: a baseline, a floor, chance. */
export interface Level {
  readonly value: number;
  readonly name: string;
}

export interface LinePanelOptions {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly theme: Theme;
  readonly label: string;
  readonly domain?: readonly [number, number];
  readonly format?: (value: number) => string;
  readonly levels?: readonly Level[];
  /** Steps that are pointed out by a line down the panel. */
  readonly steps?: readonly { readonly step: number; readonly dash: string }[];
  readonly xLabel?: string;
}

/** Curves over steps with the levels they are read against: what the figures of language models are made of. */
export function linePanel(series: readonly Series[], options: LinePanelOptions): { svg: string; panel: Panel } {
  const { left, top, width, height, theme, label, levels = [], steps = [], format, xLabel = "step" } = options;
  const y0 = top + yLabelHeight;
  const last = series.reduce((most, { steps: xs }) => Math.max(most, xs[xs.length - 1] ?? 0), 1);
  const domain = options.domain ?? domainOf(series, levels);
  const panel: Panel = {
    ...{ left, top: y0, width, height },
    x: linear([0, last], [left, left + width]),
    y: linear(domain, [y0 + height, y0]),
  };
  const down = (step: number, dash: string): string =>
    line([step, step], domain, panel, { stroke: theme.muted, width: 1, dash });
  const svg = panelGroup(
    panel,
    axes(panel, { theme, x: { label: xLabel, format: grouped }, y: { label, ...(format && { format }) } }),
    clip(
      panel,
      levels.map(({ value }) => line([0, last], [value, value], panel, { stroke: theme.muted, width: 1, dash: "3 3" })),
      steps.map(({ step, dash }) => down(step, dash)),
      series.map(({ steps: xs, values, stroke, width: weight = 1.75, dash, opacity }) =>
        line(xs, values, panel, { stroke, width: weight, dash, opacity }),
      ),
    ),
    endLabels(
      [
        ...series
          .filter(({ labelled, values }) => labelled && values.length > 0)
          .map(({ name, stroke, values }) => ({ text: name, fill: stroke, y: panel.y.at(values[values.length - 1]) })),
        ...levels.map(({ name, value }) => ({ text: name, fill: theme.muted, y: panel.y.at(value) })),
      ],
      left + width + 6,
      y0 + 4,
      y0 + height - 4,
    ),
  );
  return { svg, panel };
}

/** All values and levels, with a little air. */
function domainOf(series: readonly Series[], levels: readonly Level[]): readonly [number, number] {
  let low = Infinity;
  let high = -Infinity;
  const see = (value: number): void => {
    if (!Number.isFinite(value)) return;
    low = Math.min(low, value);
    high = Math.max(high, value);
  };
  for (const { values } of series) Array.from(values).forEach(see);
  for (const { value } of levels) see(value);
  if (low > high) return [0, 1];
  const air = high > low ? 0.06 * (high - low) : 0.5;
  return [low - air, high + air];
}
