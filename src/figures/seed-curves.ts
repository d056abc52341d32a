import type { Eval } from "../train/eval.ts";
import type { CurvedRun } from "./cell-curves.ts";
import {
  axes,
  clip,
  decades,
  el,
  emptyFrame,
  endLabels,
  frame,
  grouped,
  legend,
  light,
  line,
  linear,
  log,
  panelGroup,
  percent,
  px,
  titleHeight,
  xAxisHeight,
  yLabelHeight,
  type FigureOptions,
  type Panel,
} from "./svg/index.ts";

export interface SeedCurvesOptions extends FigureOptions {
  readonly measure?: "accuracy" | "loss" | undefined;
  readonly lossUnit?: string | undefined;
  readonly chance?: number | undefined;
  readonly panelHeight?: number | undefined;
}

/** Median and quartiles over seeds of one half's measure at each evaluated step. */
export interface Band {
  readonly steps: Float64Array;
  readonly q25: Float64Array;
  readonly median: Float64Array;
  readonly q75: Float64Array;
  /** Seeds that were evaluated at the step. */
  readonly n: Int32Array;
}

/** At every step at which at least half of the runs were evaluated; values that are not a number are left out. */
export function bandOf(runs: readonly { readonly evals: readonly Eval[] }[], value: (e: Eval) => number): Band {
  const at = new Map<number, number[]>();
  for (const { evals } of runs)
    for (const e of evals) {
      const v = value(e);
      if (Number.isNaN(v)) continue;
      const known = at.get(e.step);
      if (known) known.push(v);
      else at.set(e.step, [v]);
    }
  const steps = [...at.keys()].filter((step) => 2 * at.get(step)!.length >= runs.length).sort((a, b) => a - b);
  const sorted = steps.map((step) => Float64Array.from(at.get(step)!).sort());
  const column = (share: number) => Float64Array.from(sorted, (values) => quantileOf(values, share));
  return {
    steps: Float64Array.from(steps),
    q25: column(0.25),
    median: column(0.5),
    q75: column(0.75),
    n: Int32Array.from(sorted, (values) => values.length),
  };
}

/** Straight between the two nearest values, as NumPy does. */
function quantileOf(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low === high ? low : low + (high - low) * (at - Math.floor(at));
}

/** Many seeds as one curve: the median of train and test, and the band in which the middle half of the seeds lies. */
export function seedCurves(runs: readonly CurvedRun[], options: SeedCurvesOptions = {}): string {
  const { width = 720, theme = light, title, measure = "accuracy", panelHeight = 220, chance } = options;
  const { lossUnit = "nats per example" } = options;
  const drawn = runs.filter(({ evals }) => evals.length > 0);
  if (drawn.length === 0) return emptyFrame("No curves yet", { width, theme, title });
  const bands = (["train", "test"] as const).map((half) => ({ half, band: bandOf(drawn, (e) => e[half][measure]) }));
  const last = bands.reduce((most, { band }) => Math.max(most, band.steps.at(-1) ?? 0), 1);
  const [left, top] = [52, titleHeight(title) + yLabelHeight + 24];
  const right = width - 48;
  const values = bands.flatMap(({ band }) => [...band.q25, ...band.q75]);
  const y = measure === "accuracy" ? linear([0, 1], [top + panelHeight, top]) : log(decades(values), [top + panelHeight, top]); // prettier-ignore
  const panel: Panel = { left, top, width: right - left, height: panelHeight, x: linear([0, last], [left, right]), y };
  const key = legend(
    bands.map(({ half }) => ({ text: `${half}: median and middle half`, line: { stroke: theme[half], width: half === "test" ? 2.5 : 1.5 } })), // prettier-ignore
    { x: left, y: titleHeight(title) + 2, width: right - left, theme },
  );
  const content = panelGroup(
    panel,
    axes(panel, {
      theme,
      x: { label: "step", format: grouped },
      y: measure === "accuracy" ? { label: "accuracy (share of examples)", format: percent, ticks: [0, 0.25, 0.5, 0.75, 1] } : { label: `loss (${lossUnit})` }, // prettier-ignore
    }),
    clip(
      panel,
      chance === undefined || measure === "loss" ? "" : line([0, last], [chance, chance], panel, { stroke: theme.muted, width: 1, dash: "2 3" }), // prettier-ignore
      bands.map(({ half, band }) =>
        el("path", { d: bandPath(band, panel), fill: theme[half], "fill-opacity": "0.22" }),
      ),
      bands.map(({ half, band }) =>
        line(band.steps, band.median, panel, { stroke: theme[half], width: half === "test" ? 2.5 : 1.5 }),
      ),
    ),
    endLabels(
      bands.map(({ half, band }) => ({ text: half, fill: theme[half], y: y.at(band.median.at(-1) ?? NaN) })),
      right + 6,
      top + 4,
      top + panelHeight - 4,
    ),
  );
  const ends = bands
    .map(({ half, band }) => `${half} ${Number((band.median.at(-1) ?? NaN).toPrecision(3))}`)
    .join(", ");
  const label = `Median ${measure} of ${drawn.length} seeds with the middle half of them, over ${last} steps; at the end ${ends}.`;
  return frame(
    { width, height: top + panelHeight + xAxisHeight(true) + 4, label, title, theme, panel },
    key.svg,
    content,
  );
}

/** Along the upper edge and back along the lower. A value with no place on the axis is taken to its foot. */
function bandPath({ steps, q25, q75 }: Band, { x, y }: Panel): string {
  if (steps.length < 2) return "";
  const foot = Math.max(...y.range);
  const point = (values: Float64Array) => (i: number) => {
    const height = y.at(values[i]);
    return `${px(x.at(steps[i]))} ${px(Number.isFinite(height) ? height : foot)}`;
  };
  const forth = Array.from(steps, (_, i) => point(q75)(i));
  const back = Array.from(steps, (_, i) => point(q25)(steps.length - 1 - i));
  return `M${[...forth, ...back].join("L")}Z`;
}
