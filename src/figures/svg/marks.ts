import type { Panel } from "./frame.ts";
import { el, group, px, type Attributes } from "./markup.ts";
import { fontSizes, textAt, textWidth } from "./text.ts";
import type { ClassStyle, Shape, Theme } from "./theme.ts";

/** A step that is pointed out in a chart. */
export interface StepMark {
  readonly step: number;
  readonly label: string;
}

/** Rows of 13 px that the labels of these marks need above a panel, so that none covers another. */
export function markRows(marks: readonly StepMark[], panel: Panel): number {
  return 1 + Math.max(-1, ...placeMarks(marks, panel).map(({ row }) => row));
}

function placeMarks(marks: readonly StepMark[], { x, left, width }: Panel) {
  const ends: number[] = [];
  return [...marks]
    .sort((a, b) => a.step - b.step)
    .map((mark) => {
      const wide = textWidth(mark.label, fontSizes.tick);
      const at = x.at(mark.step);
      const start = Math.min(Math.max(at - wide / 2, left), Math.max(left, left + width - wide));
      let row = ends.findIndex((end) => end + 6 <= start);
      if (row < 0) row = ends.length;
      ends[row] = start + wide;
      return { mark, at, start, row };
    });
}

/** A dashed line at each marked step, its label above the panel. */
export function stepMarks(marks: readonly StepMark[], panel: Panel, theme: Theme, { named = true } = {}): string {
  const { top, height } = panel;
  return group(
    {},
    placeMarks(marks, panel).map(({ mark, at, start, row }) => [
      el("path", {
        d: `M${px(at)} ${px(named ? top - 3 - 13 * row : top)}V${px(top + height)}`,
        stroke: theme.ink,
        "stroke-dasharray": "3 3",
        "stroke-opacity": "0.6",
      }),
      named
        ? textAt(start, top - 6 - 13 * row, mark.label, { size: fontSizes.tick, fill: theme.ink, halo: theme.paper })
        : "",
    ]).flat(), // prettier-ignore
  );
}

/** The step that a page stands at: a solid line through the panel. */
export function cursor(panel: Panel, step: number, theme: Theme, label?: string): string {
  const at = panel.x.at(step);
  const { top, height, left, width } = panel;
  const start = at < left + width / 2;
  return group(
    { "data-step": String(step) },
    el("path", { d: `M${px(at)} ${px(top)}V${px(top + height)}`, stroke: theme.ink, "stroke-width": 1 }),
    label === undefined
      ? ""
      : textAt(at + (start ? 4 : -4), top + 12, label, {
          size: fontSizes.tick,
          fill: theme.ink,
          anchor: start ? "start" : "end",
          halo: theme.panel,
        }),
  );
}

export interface EndLabel {
  readonly text: string;
  /** Where the line ends, in pixels. */
  readonly y: number;
  readonly fill: string;
}

/** Names of lines at their right ends, pushed apart where they would meet. @param top, bottom pixels to stay within */
export function endLabels(labels: readonly EndLabel[], x: number, top: number, bottom: number): string {
  const gap = 13;
  const placed = labels.filter(({ y }) => Number.isFinite(y)).sort((a, b) => a.y - b.y);
  const ys = placed.map(({ y }) => Math.min(Math.max(y, top), bottom));
  for (let i = 1; i < ys.length; i++) ys[i] = Math.max(ys[i], ys[i - 1] + gap);
  // What was pushed out below comes back up, and pushes what is above it.
  let limit = bottom;
  for (let i = ys.length - 1; i >= 0; i--) {
    ys[i] = Math.min(ys[i], limit);
    limit = ys[i] - gap;
  }
  return placed.map(({ text, fill }, i) => textAt(x, ys[i] + 4, text, { fill })).join("");
}

/** The outline of a shape around (x, y). @param r half its width */
export function shapePath(shape: Shape, x: number, y: number, r: number): string {
  switch (shape) {
    case "circle":
    case "ring":
      return `M${px(x - r)} ${px(y)}a${px(r)} ${px(r)} 0 1 0 ${px(2 * r)} 0a${px(r)} ${px(r)} 0 1 0 ${px(-2 * r)} 0z`;
    case "square":
      return `M${px(x - r * 0.88)} ${px(y - r * 0.88)}h${px(1.76 * r)}v${px(1.76 * r)}h${px(-1.76 * r)}z`;
    case "diamond":
      return `M${px(x)} ${px(y - 1.25 * r)}L${px(x + 1.25 * r)} ${px(y)}L${px(x)} ${px(y + 1.25 * r)}L${px(x - 1.25 * r)} ${px(y)}z`;
    case "triangle":
      return `M${px(x)} ${px(y - 1.2 * r)}L${px(x + 1.1 * r)} ${px(y + 0.8 * r)}H${px(x - 1.1 * r)}z`;
    case "cross": {
      const [a, b] = [r, r * 0.36];
      return `M${px(x - a)} ${px(y - b)}H${px(x - b)}V${px(y - a)}H${px(x + b)}V${px(y - b)}H${px(x + a)}V${px(y + b)}H${px(x + b)}V${px(y + a)}H${px(x - b)}V${px(y + b)}H${px(x - a)}z`;
    }
  }
}

/** The mark of a class: its shape, filled and outlined. */
export function classMark(style: ClassStyle, x: number, y: number, r: number, rest: Attributes = {}): string {
  return el("path", { d: shapePath(style.shape, x, y, r), fill: style.fill, stroke: style.stroke, ...rest });
}
