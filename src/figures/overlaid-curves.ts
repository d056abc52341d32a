import type { Eval } from "../train/eval.ts";
import {
  axes,
  category,
  clip,
  cursor,
  decades,
  emptyFrame,
  frame,
  group,
  grouped,
  legend,
  light,
  line,
  linear,
  log,
  markRows,
  panelGroup,
  percent,
  stepMarks,
  titleHeight,
  xAxisHeight,
  yLabelHeight,
  type FigureOptions,
  type Panel,
  type StepMark,
} from "./svg/index.ts";

/** One of the runs laid over each other. */
export interface OverlaidRun {
  readonly id: string;
  /** As the legend names it. */
  readonly name: string;
  readonly evals: readonly Eval[];
}

export interface OverlaidCurvesOptions extends FigureOptions {
  readonly measures?: readonly ("accuracy" | "loss")[] | undefined;
  /** Which halves of the data. */
  readonly halves?: readonly ("train" | "test")[] | undefined;
  readonly lossUnit?: string | undefined;
  /** A logarithmic axis begins at the first evaluation after step 0. */
  readonly xScale?: "linear" | "log" | undefined;
  /** Steps to mark with a line and a word: where a run was forked. */
  readonly marks?: readonly StepMark[] | undefined;
  /** Where the page stands: a solid line. */
  readonly step?: number | undefined;
  readonly panelHeight?: number | undefined;
}

/** Several runs on the same axes, a color each: test solid, train dashed. */
export function overlaidCurves(runs: readonly OverlaidRun[], options: OverlaidCurvesOptions = {}): string {
  const { width = 720, theme = light, title, panelHeight = 170, xScale = "linear", step } = options;
  const { measures = ["accuracy", "loss"], halves = ["train", "test"], lossUnit = "nats per example" } = options;
  const drawn = runs.filter(({ evals }) => evals.length > 0);
  if (drawn.length === 0) return emptyFrame("No evaluations yet", { width, theme, title });
  const last = drawn.reduce((most, { evals }) => Math.max(most, evals[evals.length - 1].step), 1);
  const left = 52;
  const range = [left, width - 14] as const;
  const x = xScale === "log" ? log([firstStep(drawn), last], range) : linear([0, last], range);
  const key = legend(
    [
      ...drawn.map(({ name }, i) => ({ text: name, line: { stroke: category(theme, i), width: 2.25 } })),
      ...(halves.length < 2 ? [] : [{ text: "dashed: train", line: { stroke: theme.muted, dash: "5 3" } }]),
    ],
    { x: left, y: titleHeight(title) + 2, width: width - left, theme },
  );
  let top = titleHeight(title) + key.height + 4;
  let first: Panel | undefined;
  const marks = (options.marks ?? []).filter((mark) => mark.step >= x.domain[0] && mark.step <= last);
  const panels = measures.map((measure, i) => {
    const placed = { left, top: 0, width: range[1] - left, height: panelHeight, x, y: x };
    const lift = i === 0 ? 13 * markRows(marks, placed) : 0;
    top += yLabelHeight + 6 + lift;
    const y = measure === "loss" ? log(decades(lossesOf(drawn, halves)), [top + panelHeight, top]) : linear([0, 1], [top + panelHeight, top]); // prettier-ignore
    const panel: Panel = { ...placed, top, y };
    const isLast = i === measures.length - 1;
    first ??= panel;
    top += panelHeight + xAxisHeight(isLast);
    const label = measure === "loss" ? `loss (${lossUnit})` : "accuracy";
    const lines = drawn.flatMap(({ id, evals }, n) =>
      halves.map((half) => {
        const shown = evals.filter((e) => e.step >= x.domain[0]);
        const dash = half === "test" ? "" : "5 3";
        return group(
          { "data-run": id },
          line(
            Float64Array.from(shown, (e) => e.step),
            Float64Array.from(shown, (e) => e[half][measure]),
            panel,
            { stroke: category(theme, n), width: half === "test" ? 2 : 1.25, dash },
          ),
        );
      }),
    );
    return panelGroup(
      panel,
      axes(panel, {
        theme,
        x: isLast ? { label: "step" } : {},
        y: { label, lift, grid: true, ...(measure === "accuracy" && { format: percent }) },
      }),
      stepMarks(marks, panel, theme, { named: i === 0 }),
      clip(panel, lines),
      step === undefined || step < x.domain[0] ? "" : cursor(panel, step, theme, i === 0 ? grouped(step) : undefined),
    );
  });
  const ends = drawn.map(({ name, evals }) => `${name}: test accuracy ${percent(evals[evals.length - 1].test.accuracy)} at step ${grouped(evals[evals.length - 1].step)}`); // prettier-ignore
  const events = marks.map((mark) => ` ${mark.label} at step ${grouped(mark.step)}.`).join("");
  const label = `${drawn.length} ${drawn.length === 1 ? "run" : "runs"} over ${grouped(last)} steps. ${ends.join("; ")}.${events}`;
  return frame({ width, height: top + 4, label, title, theme, panel: first }, key.svg, panels);
}

const firstStep = (runs: readonly OverlaidRun[]): number =>
  runs.reduce((least, { evals }) => Math.min(least, evals.find(({ step }) => step > 0)?.step ?? Infinity), 1e9);

const lossesOf = (runs: readonly OverlaidRun[], halves: readonly ("train" | "test")[]): readonly number[] =>
  runs.flatMap(({ evals }) => evals.flatMap((e) => halves.map((half) => e[half].loss)));
