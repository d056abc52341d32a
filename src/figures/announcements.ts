import type { Lead } from "../analyses/leads.ts";
import {
  axes,
  emptyFrame,
  fitted,
  frame,
  grouped,
  light,
  linear,
  panelGroup,
  px,
  shapePath,
  stepMarks,
  markRows,
  textAt,
  titleHeight,
  xAxisHeight,
  type FigureOptions,
  type Panel,
  type StepMark,
} from "./svg/index.ts";

export interface AnnouncementOptions extends FigureOptions {
  readonly marks?: readonly StepMark[] | undefined;
  /** The last step of the run. */
  readonly steps: number;
}

/**
 * When each progress measure would have announced that the run generalizes, as SVG text: filled where it knew only what
 * had happened by then, hollow where it looks back with what the end knows. Earliest first; those that never did are last.
 */
export function announcements(leads: readonly Lead[], options: AnnouncementOptions): string {
  const { width = 720, theme = light, title, marks = [], steps } = options;
  if (leads.length === 0) return emptyFrame("No measures to compare", options);
  const sorted = [...leads].sort((x, y) => (x.step ?? Infinity) - (y.step ?? Infinity));
  const left = width < 480 ? 132 : 160;
  const rowHeight = 19;
  const height = sorted.length * rowHeight;
  const x = linear([0, Math.max(1, steps)], [left, width - 20]);
  const placed = { left, top: 0, width: width - 20 - left, height, x, y: linear([sorted.length, 0], [height, 0]) };
  const top = titleHeight(title) + 12 + 13 * markRows(marks, placed);
  const panel: Panel = { ...placed, top, y: linear([sorted.length, 0], [top + height, top]) };
  const rows = sorted.map(({ measure, rule, step, hindsight }, i) => {
    const y = panel.y.at(i + 0.5);
    const name = textAt(left - 6, y + 4, fitted(measure, 11, left - 10), { size: 11, fill: theme.ink, anchor: "end" });
    if (step === null) return name + textAt(left + 6, y + 4, "never", { size: 11, fill: theme.muted });
    const at = panel.x.at(step);
    const fill = hindsight ? theme.paper : theme.categories[0];
    const dot = `<path d="${shapePath(hindsight ? "diamond" : "circle", at, y, 5)}" fill="${fill}" stroke="${theme.categories[0]}" stroke-width="1.5"/>`;
    const line = `<path d="M${px(left)} ${px(y)}H${px(at)}" stroke="${theme.faint}" stroke-opacity="0.5"/>`;
    const inside = at < left + placed.width * 0.72;
    const words = inside
      ? textAt(at + 9, y + 4, fitted(`${grouped(step)}: ${rule}`, 10, left + placed.width - at - 12), { size: 10, fill: theme.muted, halo: theme.panel }) // prettier-ignore
      : textAt(at - 9, y + 4, grouped(step), { size: 10, fill: theme.muted, anchor: "end", halo: theme.panel });
    return name + line + dot + words;
  });
  const names = sorted
    .map(({ measure, step }) => `${measure} ${step === null ? "never" : `at step ${step}`}`)
    .join(", ");
  const label = `When each measure would have announced that the run generalizes: ${names}.`;
  return frame(
    { width, height: top + height + xAxisHeight(true) + 4, title, theme, label, panel },
    panelGroup(
      panel,
      axes(panel, { theme, x: { label: "step", format: grouped }, y: { numbers: false, grid: false } }),
      stepMarks(marks, panel, theme),
      rows,
    ),
  );
}
