import * as Plot from "@observablehq/plot";
import type { Eval } from "../train/eval.ts";
import { palette } from "./palette.ts";
import { plotElement, stacked } from "./svg.ts";

export interface TrainingCurvesOptions {
  readonly title?: string;
  /** Width in pixels. */
  readonly width?: number;
  /** Steps to mark with a line and a word, e.g. where the training set was fitted. */
  readonly marks?: readonly { readonly step: number; readonly label: string }[];
  /** Accuracy of guessing, drawn as a thin line. */
  readonly chance?: number;
  /** Unit of the loss on its axis. */
  readonly lossUnit?: string;
}

interface Point {
  readonly step: number;
  readonly value: number;
  readonly half: "train" | "test";
}

/** Accuracy and, below it on a logarithmic axis, loss, of train and test examples against the step, as SVG text. */
export function trainingCurves(evals: readonly Eval[], options: TrainingCurvesOptions = {}): string {
  const { width = 720, title, marks = [], chance, lossUnit = "nats per example" } = options;
  const last = evals.at(-1);
  if (!last) return stacked([], "No evaluations yet");
  const points = (measure: "loss" | "accuracy"): Point[] =>
    (["train", "test"] as const).flatMap((half) =>
      evals.map((e) => ({ step: e.step, value: e[half][measure], half })).filter((p) => drawable(p.value, measure)),
    );
  const shared = {
    width,
    marginLeft: 64,
    marginRight: 60,
    x: { domain: [0, Math.max(1, last.step)], label: null, ticks: 6, nice: false },
    color: { domain: ["train", "test"], range: [palette.train, palette.test] },
  } satisfies Plot.PlotOptions;
  const accuracy = plotElement({
    ...shared,
    height: 230,
    marginTop: 46,
    y: { domain: [0, 1], tickFormat: "%", label: "accuracy", grid: true },
    marks: [
      ...(chance === undefined ? [] : [Plot.ruleY([chance], { stroke: palette.faint, strokeDasharray: "2,3" })]),
      ...marked(marks),
      ...lines(points("accuracy"), (value) => value),
    ],
  });
  const losses = points("loss");
  const [low, high] = decades(losses);
  const loss = plotElement({
    ...shared,
    height: 230,
    marginBottom: 40,
    x: { ...shared.x, label: "step" },
    y: { type: "log", domain: [low, high], label: `loss (${lossUnit})`, grid: true, ticks: 5, tickFormat: power },
    marks: [...marked(marks, false), ...lines(losses, (value) => Math.log(value / low) / Math.log(high / low))],
  });
  return stacked([accuracy, loss], describe(evals, marks), title);
}

/** Zero has no logarithm, and a diverged run's NaN no place. */
const drawable = (value: number, measure: "loss" | "accuracy"): boolean =>
  Number.isFinite(value) && (measure === "accuracy" || value > 0);

/** The axis from the power of ten below the smallest value to the one above the largest. */
function decades(points: readonly Point[]): [number, number] {
  const exponents = points.map(({ value }) => Math.log10(value));
  const low = exponents.reduce((a, b) => Math.min(a, b), Infinity);
  const high = exponents.reduce((a, b) => Math.max(a, b), -Infinity);
  if (low > high) return [0.1, 1];
  return [10 ** Math.floor(low), 10 ** Math.max(Math.ceil(high), Math.floor(low) + 1)];
}

/** @param height where a value stands on the axis, from 0 at its foot to 1 */
function lines(points: readonly Point[], height: (value: number) => number): Plot.Markish[] {
  // The line of each half is named at its end, so that colour is not the only key. Names that would meet move apart.
  const ends = (["train", "test"] as const).flatMap((half) => points.findLast((p) => p.half === half) ?? []);
  const order = [...ends].sort((a, b) => b.value - a.value);
  const meet = order.length === 2 && height(order[0].value) - height(order[1].value) < 0.08;
  const names = order.map((end, i) =>
    Plot.text([end], {
      x: "step",
      y: "value",
      fill: "half",
      text: "half",
      dx: 8,
      dy: meet ? 12 * i - 6 : 0,
      textAnchor: "start",
    }),
  );
  return [
    Plot.line(points, { x: "step", y: "value", stroke: "half", strokeWidth: 2, strokeLinejoin: "round" }),
    ...names,
  ];
}

function marked(marks: NonNullable<TrainingCurvesOptions["marks"]>, named = true): Plot.Markish[] {
  return [
    Plot.ruleX(marks, { x: "step", stroke: palette.ink, strokeDasharray: "3,3", strokeOpacity: 0.6 }),
    ...(named
      ? [
          Plot.text(marks, {
            x: "step",
            text: "label",
            frameAnchor: "top",
            dy: -14,
            fill: palette.ink,
            lineAnchor: "bottom",
          }),
        ]
      : []),
  ];
}

/** A tick of a logarithmic axis: a power of ten, and nothing at the steps between. */
function power(value: number): string {
  const exponent = Math.round(Math.log10(value));
  if (Math.abs(Math.log10(value) - exponent) > 1e-9) return "";
  if (exponent >= -2 && exponent <= 2) return String(Number((10 ** exponent).toFixed(2)));
  return `1e${exponent}`;
}

function describe(evals: readonly Eval[], marks: NonNullable<TrainingCurvesOptions["marks"]>): string {
  const last = evals.at(-1)!;
  const percent = (share: number): string => (Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : "no number");
  const events = marks.map(({ label, step }) => `${label} at step ${step}`).join(", ");
  return (
    `Accuracy and loss over ${last.step} steps: train accuracy ends at ${percent(last.train.accuracy)}, ` +
    `test accuracy at ${percent(last.test.accuracy)}${events ? `; ${events}` : ""}.`
  );
}
