import type { Panel } from "./frame.ts";
import { el, group } from "./markup.ts";
import type { Scale } from "./scale.ts";
import { fontSizes, textAt, textWidth } from "./text.ts";
import type { Theme } from "./theme.ts";

export interface AxisOptions {
  /** With its unit: "loss (nats per example)". */
  readonly label?: string | undefined;
  readonly ticks?: number | readonly number[];
  readonly format?: (tick: number) => string;
  /** Lines across the panel at every tick. */
  readonly grid?: boolean;
  /** Pixels that the label of the y axis is moved up by, where other words stand directly above the panel. */
  readonly lift?: number;
  /** Draw the ticks' numbers. Default true. */
  readonly numbers?: boolean;
}

export interface AxesOptions {
  readonly theme: Theme;
  readonly x?: AxisOptions;
  readonly y?: AxisOptions;
  /** Draw the panel's background. Default true. */
  readonly background?: boolean;
}

/** Below a panel: tick numbers, and the axis label where there is one. */
export const xAxisHeight = (labelled: boolean): number => (labelled ? 36 : 20);
/** Above a panel, where the y axis has its label. */
export const yLabelHeight = 20;

const ticksOf = (scale: Scale, { ticks }: AxisOptions, room: number): readonly number[] =>
  typeof ticks === "object" ? ticks : scale.ticks(ticks ?? Math.max(2, Math.round(room)));

/** How wide the numbers left of a panel are. */
export function yAxisWidth(scale: Scale, options: AxisOptions = {}, height = 150): number {
  const format = options.format ?? ((tick: number) => scale.format(tick));
  const widths = ticksOf(scale, options, height / 40).map((tick) => textWidth(format(tick), fontSizes.tick));
  return Math.ceil(Math.max(14, ...widths)) + 10;
}

/** Background, grid, tick numbers and labels of a panel. The y axis has its label above it, so that no one tilts a head. */
export function axes(panel: Panel, { theme, x = {}, y = {}, background = true }: AxesOptions): string {
  const { left, top, width, height } = panel;
  const right = left + width;
  const bottom = top + height;
  const xFormat = x.format ?? ((tick: number) => panel.x.format(tick));
  const yFormat = y.format ?? ((tick: number) => panel.y.format(tick));
  const xTicks = ticksOf(panel.x, x, width / 70);
  const yTicks = ticksOf(panel.y, y, height / 40);
  const gridPath = [
    ...(x.grid ? xTicks.map((tick) => `M${round(panel.x.at(tick))} ${round(top)}V${round(bottom)}`) : []),
    ...(y.grid === false ? [] : yTicks.map((tick) => `M${round(left)} ${round(panel.y.at(tick))}H${round(right)}`)),
  ].join("");
  const tickText = { size: fontSizes.tick, fill: theme.muted } as const;
  const xNumbers = xTicks.map((tick) => {
    const text = xFormat(tick);
    return text === "" ? "" : textAt(panel.x.at(tick), bottom + 15, text, { ...tickText, anchor: "middle" });
  });
  const yNumbers = yTicks.map((tick) => {
    const text = yFormat(tick);
    return text === "" ? "" : textAt(left - 6, panel.y.at(tick) + 4, text, { ...tickText, anchor: "end" });
  });
  const labelText = { size: fontSizes.tick, fill: theme.muted } as const;
  return group(
    { "aria-hidden": "true" },
    background ? el("rect", { x: left, y: top, width, height, fill: theme.panel }) : "",
    gridPath === "" ? "" : el("path", { d: gridPath, stroke: theme.grid, fill: "none" }),
    x.numbers === false ? [] : xNumbers,
    y.numbers === false ? [] : yNumbers,
    x.label === undefined ? "" : textAt((left + right) / 2, bottom + 31, x.label, { ...labelText, anchor: "middle" }),
    y.label === undefined ? "" : textAt(Math.max(4, left - 40), top - 8 - (y.lift ?? 0), y.label, labelText),
  );
}

const round = (value: number): number => Math.round(value * 100) / 100;
