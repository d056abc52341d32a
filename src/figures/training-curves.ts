import type { Eval } from "../train/eval.ts";
import {
  axes,
  clip,
  cursor,
  decades,
  emptyFrame,
  endLabels,
  frame,
  grouped,
  light,
  line,
  linear,
  log,
  markRows,
  panelGroup,
  percent,
  stepMarks,
  textAt,
  titleHeight,
  xAxisHeight,
  yLabelHeight,
  type FigureOptions,
  type Panel,
  type StepMark,
  type Theme,
} from "./svg/index.ts";

type Measure = "accuracy" | "loss";

export interface TrainingCurvesOptions extends FigureOptions {
  /** Steps to mark with a line and a word, e.g. where the training set was fitted. */
  readonly marks?: readonly StepMark[] | undefined;
  /** Accuracy of guessing, drawn as a thin line. */
  readonly chance?: number | undefined;
  /** Unit of the loss on its axis. */
  readonly lossUnit?: string | undefined;
  /** Which panels, from top to bottom. */
  readonly measures?: readonly Measure[] | undefined;
  /** Show only these steps. */
  readonly steps?: readonly [from: number, to: number] | undefined;
  /** Where the page stands: a solid line. */
  readonly step?: number | undefined;
  /** Height of a panel in pixels. */
  readonly panelHeight?: number | undefined;
}

/** Accuracy and, below it on a logarithmic axis, loss, of train and test examples against the step, as SVG text. */
export function trainingCurves(evals: readonly Eval[], options: TrainingCurvesOptions = {}): string {
  const { width = 720, theme = light, title, marks = [], measures = ["accuracy", "loss"], panelHeight = 150 } = options;
  const last = evals.at(-1);
  if (!last) return emptyFrame("No evaluations yet", { width, theme, title });
  const series: Series = {
    steps: Float64Array.from(evals, ({ step }) => step),
    of: (measure, half) => Float64Array.from(evals, (e) => e[half][measure]),
  };
  const domain = options.steps ?? [0, Math.max(1, last.step)];
  const shown = marks.filter(({ step }) => step >= domain[0] && step <= domain[1]);
  const left = 52;
  const x = linear(domain, [left, width - 46]);
  const parts: string[] = [];
  let first: Panel | undefined;
  let top = titleHeight(title);
  for (const [i, measure] of measures.entries()) {
    const isLast = i === measures.length - 1;
    const y = measure === "accuracy" ? linear([0, 1], [0, 0]) : lossScale(series);
    const placed = { left, top: 0, width: x.range[1] - left, height: panelHeight, x, y };
    top += yLabelHeight + 6 + (i === 0 ? 13 * markRows(shown, placed) : 0);
    const panel = { ...placed, top, y: over(y, top + panelHeight, top) };
    first ??= panel;
    parts.push(onePanel(measure, series, panel, { ...options, theme, marks: shown }, { isFirst: i === 0, isLast }));
    top += panelHeight + xAxisHeight(isLast);
  }
  return frame({ width, height: top + 4, label: describe(evals, marks), title, theme, panel: first }, parts);
}

interface Series {
  readonly steps: Float64Array;
  readonly of: (measure: Measure, half: "train" | "test") => Float64Array;
}

const over = (scale: ReturnType<typeof linear>, bottom: number, top: number) =>
  (scale.kind === "log" ? log : linear)(scale.domain, [bottom, top]);

/** Zero has no logarithm, and a diverged run's NaN no place: they are left out. */
const lossScale = ({ of }: Series) => log(decades([...of("loss", "train"), ...of("loss", "test")]), [0, 0]);

function onePanel(
  measure: Measure,
  series: Series,
  panel: Panel,
  options: TrainingCurvesOptions & { readonly theme: Theme; readonly marks: readonly StepMark[] },
  { isFirst, isLast }: { readonly isFirst: boolean; readonly isLast: boolean },
): string {
  const { theme, marks, chance, lossUnit = "nats per example", step } = options;
  const { left, top, width, height } = panel;
  const label = measure === "accuracy" ? "accuracy (share of examples)" : `loss (${lossUnit})`;
  const halves = (["train", "test"] as const).map((half) => ({ half, values: series.of(measure, half) }));
  const guess = measure === "accuracy" ? chance : undefined;
  const ends = halves.map(({ half, values }) => ({
    text: half,
    fill: theme[half],
    y: panel.y.at(values.findLast((value, i) => Number.isFinite(panel.y.at(value)) && inside(series.steps[i], panel)) ?? NaN),
  })); // prettier-ignore
  return panelGroup(
    panel,
    axes(panel, {
      theme,
      x: { ...(isLast ? { label: "step" } : {}), format: (tick) => grouped(tick) },
      y: { label, ...(measure === "accuracy" ? { format: percent, ticks: [0, 0.25, 0.5, 0.75, 1] } : {}) },
    }),
    guess === undefined
      ? ""
      : line([panel.x.domain[0], panel.x.domain[1]], [guess, guess], panel, {
          stroke: theme.muted,
          width: 1,
          dash: "2 3",
        }),
    stepMarks(marks, panel, theme, { named: isFirst }),
    clip(
      panel,
      halves.map(({ half, values }) =>
        line(series.steps, values, panel, {
          stroke: theme[half],
          // By its weight, too, the line of the examples that matter can be told.
          width: half === "test" ? 2.25 : 1.5,
        }),
      ),
    ),
    endLabels(ends, left + width + 6, top + 4, top + height - 4),
    step === undefined ? "" : cursor(panel, step, theme, isFirst ? grouped(step) : undefined),
    guess === undefined || width < 300
      ? ""
      : textAt(left + width - 4, panel.y.at(guess) - 4, "guessing", { size: 10, fill: theme.muted, anchor: "end" }),
  );
}

const inside = (step: number, { x }: Panel): boolean => step >= x.domain[0] && step <= x.domain[1];

function describe(evals: readonly Eval[], marks: readonly StepMark[]): string {
  const last = evals.at(-1)!;
  const share = (value: number): string => (Number.isFinite(value) ? `${(100 * value).toFixed(1)} %` : "no number");
  const events = marks.map(({ label, step }) => `${label} at step ${step}`).join(", ");
  return (
    `Accuracy and loss over ${last.step} steps: train accuracy ends at ${share(last.train.accuracy)}, ` +
    `test accuracy at ${share(last.test.accuracy)}${events ? `; ${events}` : ""}.`
  );
}
