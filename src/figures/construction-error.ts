import type { ConstructedRows } from "../analyses/constructed.ts";
import { axes, el, frame, light, line, linear, panelGroup, px, textAt, titleHeight, xAxisHeight, type FigureOptions, type Panel } from "./svg/index.ts"; // prettier-ignore

export interface ConstructionErrorOptions extends FigureOptions {
  /** The pair (i, i) that is pointed at. */
  readonly selected?: number | undefined;
}

/**
 * What a network made by hand answers to every pair (i, i), as SVG text: above, its answer against the right one; below,
 * the difference in tokens, wrapped to half the modulus each way, with the band inside which the nearest answer is right.
 */
export function constructionError(rows: ConstructedRows, options: ConstructionErrorOptions = {}): string {
  const { width = 480, theme = light, title, selected } = options;
  const { neurons, modulus, activation, diagonal, accuracy, maxError } = rows;
  const left = 44;
  const size = width - left - 12;
  const top = titleHeight(title) + 26;
  const across: Panel = {
    left,
    top,
    width: size,
    height: Math.min(size, 240),
    x: linear([0, modulus], [left, left + size]),
    y: linear([0, modulus], [top + Math.min(size, 240), top]),
  };
  const errorTop = top + across.height + xAxisHeight(true) + 26;
  // The scale of the largest error, but never so fine that rounding looks like a mistake.
  const reach = Math.min(modulus / 2, Math.max(0.6, maxError * 1.15));
  const below: Panel = {
    ...across,
    top: errorTop,
    height: 110,
    x: linear([0, modulus], [left, left + size]),
    y: linear([-reach, reach], [errorTop + 110, errorTop]),
  };
  // Beside its target, not a whole turn away: 66.7 of 67 is a bit less than 0.
  const answerOf = ({ target, error }: (typeof diagonal)[number]): number => target + error;
  const at = diagonal.find(({ i }) => i === selected);
  const dots = (
    panel: Panel,
    y: (row: (typeof diagonal)[number]) => number,
    x: (row: (typeof diagonal)[number]) => number,
  ): string => diagonal.map((row) => `M${px(panel.x.at(x(row)))} ${px(panel.y.at(y(row)))}h0`).join("");
  const name = activation === "square" ? "squares" : "ReLU";
  const edge = (value: number): string =>
    Math.abs(value) <= reach ? `M${px(left)} ${px(below.y.at(value))}h${px(size)}` : "";
  const summary = `${(100 * accuracy).toFixed(1)} % of all pairs right, largest error ${maxError.toFixed(3)} tokens`;
  const shown = `${(100 * accuracy).toFixed(1)} % right, at most ${maxError.toFixed(3)}`;
  return frame(
    {
      width,
      height: errorTop + 110 + xAxisHeight(true) + 6,
      title,
      theme,
      panel: across,
      label: `${neurons} directions with ${name}, modulus ${modulus}: ${summary}.`,
      attributes: { "data-modulus": String(modulus) },
    },
    panelGroup(
      across,
      axes(across, {
        theme,
        x: { label: "right answer to (i, i) (token)", grid: true },
        y: { label: "answer of the construction (token)" },
      }),
      line([0, modulus], [0, modulus], across, { stroke: theme.faint, width: 1, dash: "3 3" }),
      el("path", {
        d: dots(across, answerOf, ({ target }) => target),
        stroke: theme.categories[0],
        "stroke-width": 4,
        "stroke-linecap": "round",
      }),
      at
        ? el("circle", {
            cx: across.x.at(at.target),
            cy: across.y.at(answerOf(at)),
            r: 6,
            fill: "none",
            stroke: theme.correct,
            "stroke-width": 2,
          })
        : "",
    ),
    panelGroup(
      below,
      axes(below, { theme, x: { label: "i" }, y: { label: `error (tokens): ${shown}`, ticks: 3 } }),
      el("path", { d: edge(0.5) + edge(-0.5), stroke: theme.muted, "stroke-dasharray": "2 3", fill: "none" }),
      reach >= 0.5
        ? textAt(left + size - 4, below.y.at(0.5) - 3, "beyond ½ the answer is wrong", {
            size: 10,
            fill: theme.muted,
            anchor: "end",
          })
        : "",
      el("path", {
        d: dots(
          below,
          ({ error }) => error,
          ({ i }) => i,
        ),
        stroke: theme.categories[1],
        "stroke-width": 4,
        "stroke-linecap": "round",
      }),
      at
        ? el("circle", {
            cx: below.x.at(at.i),
            cy: below.y.at(at.error),
            r: 6,
            fill: "none",
            stroke: theme.correct,
            "stroke-width": 2,
          })
        : "",
    ),
  );
}
