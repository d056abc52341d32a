import { axes, xAxisHeight, yLabelHeight } from "./axes.ts";
import { clip, frame, panelGroup, titleHeight, type FigureOptions, type Panel } from "./frame.ts";
import { line } from "./lines.ts";
import { cursor, endLabels, markRows, stepMarks, type StepMark } from "./marks.ts";
import { decades, extent, grouped, linear, log, type Scale } from "./scale.ts";
import { fontSizes, textAt, textWidth } from "./text.ts";
import { light, type Theme } from "./theme.ts";

/** One quantity over the steps. NaN, and zero on a logarithmic axis, have no place and are left out. */
export interface StepLine {
  readonly name: string;
  readonly values: ArrayLike<number>;
  readonly stroke: string;
  readonly width?: number;
  readonly dash?: string;
}

export interface StepPanel {
  /** With its unit. */
  readonly label: string;
  readonly lines: readonly StepLine[];
  readonly log?: boolean;
  /** Default: what the values span. */
  readonly domain?: readonly [number, number];
  readonly ticks?: number | readonly number[];
  readonly format?: (tick: number) => string;
  /** A thin line at a value that means something, with its name. */
  readonly level?: { readonly value: number; readonly text: string } | undefined;
}

export interface StepOptions extends FigureOptions {
  /** Steps to mark with a line and a word. */
  readonly marks?: readonly StepMark[] | undefined;
  /** Show only these steps. */
  readonly steps?: readonly [from: number, to: number] | undefined;
  /** Where the page stands: a solid line. */
  readonly step?: number | undefined;
  /** Height of a panel in pixels. */
  readonly panelHeight?: number | undefined;
}

/** Panels one below the other over one axis of steps. */
export function stepPanels(
  panels: readonly StepPanel[],
  steps: ArrayLike<number>,
  label: string,
  options: StepOptions,
): string {
  const { width = 720, theme = light, title, marks = [], panelHeight = 150 } = options;
  const domain = options.steps ?? [0, Math.max(1, steps[steps.length - 1] ?? 1)];
  const shown = marks.filter(({ step }) => step >= domain[0] && step <= domain[1]);
  const longest = Math.max(
    0,
    ...panels.flatMap(({ lines }) => lines.map(({ name }) => textWidth(name, fontSizes.label))),
  );
  const left = 52;
  const x = linear(domain, [left, width - Math.ceil(longest) - 12]);
  const parts: string[] = [];
  let first: Panel | undefined;
  let top = titleHeight(title);
  for (const [i, of] of panels.entries()) {
    const isLast = i === panels.length - 1;
    const placed = { left, top: 0, width: x.range[1] - left, height: panelHeight, x, y: x };
    const lift = i === 0 ? 13 * markRows(shown, placed) : 0;
    top += yLabelHeight + (i === 0 ? 6 : 2) + lift;
    const panel: Panel = { ...placed, top, y: verticalScale(of, top, panelHeight) };
    first ??= panel;
    parts.push(onePanel(of, steps, panel, theme, { marks: shown, step: options.step, isFirst: i === 0, isLast, lift }));
    top += panelHeight + (isLast ? xAxisHeight(true) : 4);
  }
  return frame({ width, height: top + 4, label, title, theme, panel: first }, parts);
}

function verticalScale(of: StepPanel, top: number, height: number): Scale {
  const values = of.lines.flatMap(({ values }) => Array.from(values));
  const range = [top + height, top] as const;
  return of.log ? log(of.domain ?? decades(values), range) : linear(of.domain ?? aired(extent(values)), range);
}

/** A line should not lie on the edge. */
const aired = ([low, high]: readonly [number, number]): readonly [number, number] => {
  const air = (high - low) * 0.06;
  return [low >= 0 && low < high / 3 ? 0 : low - air, high + air];
};

function onePanel(
  { label, lines, level, ticks, format }: StepPanel,
  steps: ArrayLike<number>,
  panel: Panel,
  theme: Theme,
  at: {
    readonly marks: readonly StepMark[];
    readonly step: number | undefined;
    readonly isFirst: boolean;
    readonly isLast: boolean;
    readonly lift: number;
  },
): string {
  const { left, top, width, height, x, y } = panel;
  const names = lines.map(({ name, values, stroke }) => ({ text: name, fill: stroke, y: endOf(values, steps, panel) }));
  return panelGroup(
    panel,
    axes(panel, {
      theme,
      x: at.isLast ? { label: "step", format: grouped } : { numbers: false, grid: false },
      y: { label, lift: at.lift, ...(ticks === undefined ? {} : { ticks }), ...(format ? { format } : {}) },
    }),
    level ? line(x.domain, [level.value, level.value], panel, { stroke: theme.muted, width: 1, dash: "2 3" }) : "",
    stepMarks(at.marks, panel, theme, { named: at.isFirst }),
    clip(
      panel,
      lines.map(({ values, stroke, width: weight, dash }) =>
        line(steps, values, panel, { stroke, width: weight ?? 1.75, dash }),
      ),
    ),
    endLabels(names, left + width + 6, top + 4, top + height - 4),
    at.step === undefined ? "" : cursor(panel, at.step, theme, at.isFirst ? grouped(at.step) : undefined),
    level
      ? textAt(left + width - 4, y.at(level.value) - 4, level.text, { size: 10, fill: theme.muted, anchor: "end" })
      : "",
  );
}

/** Where a line is last seen. */
function endOf(values: ArrayLike<number>, steps: ArrayLike<number>, { x, y }: Panel): number {
  for (let i = Math.min(values.length, steps.length) - 1; i >= 0; i--) {
    const height = y.at(values[i]);
    if (Number.isFinite(height) && steps[i] >= x.domain[0] && steps[i] <= x.domain[1]) return height;
  }
  return NaN;
}
