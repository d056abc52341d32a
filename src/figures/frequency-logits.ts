import {
  axes,
  category,
  el,
  frame,
  largest,
  light,
  line,
  linear,
  panelGroup,
  px,
  textAt,
  titleHeight,
  xAxisHeight,
  type FigureOptions,
  type Panel,
} from "./svg/index.ts";

export interface FrequencyLogitRows {
  readonly a: number;
  readonly b: number;
  /** The right answer. */
  readonly answer: number;
  /** Logits from the neurons of one frequency alone, and last those from all neurons. */
  readonly series: readonly {
    readonly frequency: number | "all";
    readonly logits: ArrayLike<number>;
    /** The cosine that they are expected to be, if there is one. */
    readonly expected?: ArrayLike<number>;
  }[];
}

export interface FrequencyLogitOptions extends FigureOptions {
  /** Logits from -range to range; by default the largest one. */
  readonly range?: number | undefined;
}

/** The logits of every answer for one pair, from each frequency alone and from all together; the right answer marked. */
export function frequencyLogits(rows: FrequencyLogitRows, options: FrequencyLogitOptions = {}): string {
  const { width = 720, theme = light, title } = options;
  const { a, b, answer, series } = rows;
  const range = options.range ?? largest(series.map(({ logits }) => largest(logitsOf(logits), 0)));
  const high = Number((range * 0.85).toPrecision(1));
  const left = 44;
  const columns = Math.max(1, Math.min(series.length, Math.floor(width / 165)));
  const gap = 14;
  const panelWidth = (width - left - 10 - gap * (columns - 1)) / columns;
  const panelHeight = 96;
  const rowHeight = panelHeight + xAxisHeight(false) + 26;
  const start = titleHeight(title) + 24;
  const panels = series.map(({ frequency, logits, expected }, i) => {
    const x0 = left + (i % columns) * (panelWidth + gap);
    const top = start + Math.floor(i / columns) * rowHeight;
    const n = logits.length;
    const panel: Panel = {
      left: x0,
      top,
      width: panelWidth,
      height: panelHeight,
      x: linear([-0.5, n - 0.5], [x0, x0 + panelWidth]),
      y: linear([-range, range], [top + panelHeight, top]),
    };
    const color = frequency === "all" ? theme.ink : category(theme, i);
    const bar = (c: number): string => {
      const [from, to] = [panel.y.at(0), panel.y.at(logits[c])];
      const wide = Math.max(1, panelWidth / n - 0.5);
      return `M${px(panel.x.at(c) - wide / 2)} ${px(from)}h${px(wide)}V${px(to)}h-${px(wide)}z`;
    };
    const others = Array.from({ length: n }, (_, c) => (c === answer ? "" : bar(c))).join("");
    const steps = Float64Array.from({ length: n }, (_, c) => c);
    return panelGroup(
      panel,
      axes(panel, {
        theme,
        x: { ticks: [answer], format: (c) => `answer ${c}` },
        y: { ticks: [-high, 0, high], numbers: i % columns === 0 },
      }),
      el("path", { d: others, fill: color, "fill-opacity": 0.75, "data-frequency": String(frequency) }),
      expected ? line(steps, expected, panel, { stroke: theme.ink, width: 1, dash: "2 2" }) : "",
      el("path", {
        d: bar(answer),
        fill: theme.correct,
        stroke: theme.correct,
        "stroke-width": 1.5,
        "data-answer": String(answer),
      }),
      el("path", {
        d: `M${px(panel.x.at(answer))} ${px(top + panelHeight)}v4`,
        stroke: theme.correct,
        "stroke-width": 2,
      }),
      textAt(x0, top - 6, frequency === "all" ? "all neurons" : `frequency ${frequency}`, {
        size: 11,
        fill: color,
        bold: true,
      }),
    );
  });
  const rowsOfPanels = Math.ceil(series.length / columns);
  const height = start + rowsOfPanels * rowHeight - 4;
  const best = series
    .map(
      ({ frequency, logits }) => `${frequency === "all" ? "all neurons" : `frequency ${frequency}`}: ${bestOf(logits)}`,
    )
    .join(", ");
  const label = `Logits of every answer to ${a} and ${b}; the right answer is ${answer}. Largest by ${best}.`;
  return frame(
    { width, height, title, theme, label, attributes: { "data-a": String(a), "data-b": String(b) } },
    textAt(4, start - 8, "logit", { size: 11, fill: theme.muted }),
    panels,
  );
}

const logitsOf = (logits: ArrayLike<number>): readonly number[] => Array.from(logits);

function bestOf(logits: ArrayLike<number>): number {
  let best = 0;
  for (let c = 1; c < logits.length; c++) if (logits[c] > logits[best]) best = c;
  return best;
}
