import { labels, sweepTable, type Label, type SettingRow, type SweptRun } from "../verdict/index.ts";
import { cellWords } from "./verdict-map.ts";
import {
  el,
  emptyFrame,
  escapeText,
  fitted,
  fontSizes,
  frame,
  group,
  legend,
  light,
  percent,
  px,
  textAt,
  textWidth,
  titleHeight,
  type FigureOptions,
  type Theme,
} from "./svg/index.ts";

export interface ShareBarsOptions extends FigureOptions {
  /** Hyperparameters, full or short, that have a bar for each of their values; all that vary by default. */
  readonly by?: readonly string[] | undefined;
  readonly words?: Partial<Readonly<Record<Label, string>>> | undefined;
}

const barHeight = 18;
const rowHeight = 24;

/**
 * What share of the runs of each setting did what: one bar each, its classes from left to right in one order, each with
 * its count. Below the bar, the share that generalizes with its 95 % interval.
 */
export function shareBars(runs: readonly SweptRun[], options: ShareBarsOptions = {}): string {
  const { width = 720, theme = light, title, by, words = {} } = options;
  const { rows, total } = sweepTable(runs, by);
  const shown = rows.filter(({ n }) => n > 0);
  if (shown.length === 0) return emptyFrame("No verdicts yet", { width, theme, title });
  // With bars of one hyperparameter its name stands once, above their values.
  const only = by?.length === 1 ? `${by[0].slice(by[0].lastIndexOf(".") + 1)} ` : "";
  const heading = only !== "" && shown.every(({ label }) => label.startsWith(only)) ? only.trim() : "";
  const nameOf = ({ label }: SettingRow): string => (heading === "" ? label : label.slice(only.length));
  const widest = Math.max(...shown.map((row) => textWidth(nameOf(row), fontSizes.tick)), textWidth(heading, fontSizes.tick)); // prettier-ignore
  const labelWidth = Math.min(widest + 12, width * 0.4);
  const left = 12 + labelWidth;
  const barWidth = width - left - 16;
  const top = titleHeight(title) + (heading === "" ? 6 : 22);
  const bars = shown.map((row, i) =>
    bar(row, nameOf(row), { left, top: top + i * rowHeight, width: barWidth, labelWidth, theme }),
  );
  const head = textAt(left - 8, top - 8, heading, { size: fontSizes.tick, fill: theme.muted, anchor: "end" });
  const foot = top + shown.length * rowHeight;
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) =>
    textAt(left + share * barWidth, foot + 12, percent(share), {
      size: fontSizes.tick,
      fill: theme.muted,
      anchor: share === 0 ? "start" : share === 1 ? "end" : "middle",
    }),
  );
  const present = labels.filter((label) => total.counts[label] > 0);
  const key = legend(
    present.map((label) => ({ text: words[label] ?? label, mark: theme.classes[label] })),
    { x: 12, y: foot + 20, width: width - 24, theme },
  );
  const best = shown.reduce((a, b) => ((b.generalized.share ?? 0) > (a.generalized.share ?? 0) ? b : a));
  const label =
    `Shares of verdicts in ${shown.length} settings, ${total.n} runs. Most often generalizing: ${best.label}, ` +
    `${best.generalized.k} of ${best.n}.`;
  return frame({ width, height: foot + 28 + key.height, label, title, theme }, head, bars, ticks, key.svg);
}

interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly labelWidth: number;
  readonly theme: Theme;
}

/** Most classes are as light in the dark as in the light; the others follow the page. */
const inkOn = (label: Label, theme: Theme): string =>
  label === "memorize" || label === "undecided" ? theme.ink : light.ink;

function bar(row: SettingRow, called: string, { left, top, width, labelWidth, theme }: Place): string {
  let at = left;
  const parts = labels
    .filter((label) => row.counts[label] > 0)
    .map((label) => {
      const { fill, stroke } = theme.classes[label];
      const wide = (row.counts[label] / row.n) * width;
      const text = String(row.counts[label]);
      const middle = at + wide / 2;
      const rect = el("rect", { x: at, y: top, width: wide, height: barHeight, fill, stroke, "stroke-width": 0.8, "data-class": label }); // prettier-ignore
      at += wide;
      if (wide < textWidth(text, fontSizes.tick) + 4) return rect;
      const name = wide > textWidth(`${text} ${label}`, fontSizes.tick) + 8 ? `${text} ${label}` : text;
      return (
        rect +
        textAt(middle, top + 13, name, {
          size: fontSizes.tick,
          fill: inkOn(label, theme),
          anchor: "middle",
          halo: fill,
        })
      );
    });
  const { interval, share } = row.generalized;
  const x = (value: number) => px(left + value * width);
  const y = px(top + barHeight + 2.5);
  const whisker =
    interval === null || share === null
      ? ""
      : el("path", {
          d: `M${x(interval[0])} ${y}H${x(interval[1])}M${x(share)} ${px(top + barHeight + 0.5)}v4`,
          stroke: theme.ink,
          "stroke-width": 1.25,
        });
  const name = textAt(left - 8, top + 13, fitted(called, fontSizes.tick, labelWidth - 8), {
    size: fontSizes.tick,
    fill: theme.ink,
    anchor: "end",
  });
  return group({ "data-cell": row.label }, `<title>${escapeText(cellWords(row))}</title>`, name, parts, whisker);
}
