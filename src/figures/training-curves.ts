import type { Eval } from "../train/eval.ts";
import {
  emptyFrame,
  light,
  percent,
  stepPanels,
  type StepMark,
  type StepOptions,
  type StepPanel,
} from "./svg/index.ts";

type Measure = "accuracy" | "loss";

export interface TrainingCurvesOptions extends StepOptions {
  /** Accuracy of guessing, drawn as a thin line. */
  readonly chance?: number | undefined;
  /** Unit of the loss on its axis. */
  readonly lossUnit?: string | undefined;
  /** Which panels, from top to bottom. */
  readonly measures?: readonly Measure[] | undefined;
}

/** Accuracy and, below it on a logarithmic axis, loss, of train and test examples against the step, as SVG text. */
export function trainingCurves(evals: readonly Eval[], options: TrainingCurvesOptions = {}): string {
  const { theme = light, marks = [], measures = ["accuracy", "loss"], chance, lossUnit = "nats per example" } = options;
  if (evals.length === 0) return emptyFrame("No evaluations yet", options);
  const halves = (measure: Measure) =>
    (["train", "test"] as const).map((half) => ({
      name: half,
      values: Float64Array.from(evals, (e) => e[half][measure]),
      stroke: theme[half],
      // By its weight, too, the line of the examples that matter can be told.
      width: half === "test" ? 2.25 : 1.5,
    }));
  const panels: Readonly<Record<Measure, StepPanel>> = {
    accuracy: {
      label: "accuracy (share of examples)",
      lines: halves("accuracy"),
      domain: [0, 1],
      ticks: [0, 0.25, 0.5, 0.75, 1],
      format: percent,
      level: chance === undefined ? undefined : { value: chance, text: "guessing" },
    },
    loss: { label: `loss (${lossUnit})`, lines: halves("loss"), log: true },
  };
  const steps = Float64Array.from(evals, ({ step }) => step);
  return stepPanels(measures.map((measure) => panels[measure]), steps, describe(evals, marks, options.step), options); // prettier-ignore
}

/** At the step that is shown, where there is one, and at the end. */
function describe(evals: readonly Eval[], marks: readonly StepMark[], step: number | undefined): string {
  const last = evals.at(-1)!;
  const here = step === undefined ? undefined : evals.findLast((e) => e.step <= step);
  const share = (value: number): string => (Number.isFinite(value) ? `${(100 * value).toFixed(1)} %` : "no number");
  const events = marks.map(({ label, step }) => `${label} at step ${step}`).join(", ");
  const loss = (value: number): string => (Number.isFinite(value) ? String(Number(value.toPrecision(3))) : "no number");
  const now = here
    ? `At step ${here.step}: train accuracy ${share(here.train.accuracy)}, test accuracy ${share(here.test.accuracy)}, ` +
      `train loss ${loss(here.train.loss)}, test loss ${loss(here.test.loss)}. `
    : "";
  return (
    `${now}Accuracy and loss over ${last.step} steps: train accuracy ends at ${share(last.train.accuracy)}, ` +
    `test accuracy at ${share(last.test.accuracy)}${events ? `; ${events}` : ""}.`
  );
}
