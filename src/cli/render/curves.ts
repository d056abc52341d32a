import type { Eval } from "../../train/eval.ts";
import type { Plan } from "../../train/experiment.ts";
import { chart, type ChartSeries } from "./chart.ts";
import { shortLoss } from "./numbers.ts";
import type { Style } from "./style.ts";

/** Accuracy and loss of both halves over the steps, as two charts under each other. */
export function curves(evals: readonly Eval[], plan: Plan, columns: number, style: Style): readonly string[] {
  const series = (what: "loss" | "accuracy"): readonly [ChartSeries, ChartSeries] => [
    { name: "train", points: evals.map((e) => ({ step: e.step, value: e.train[what] })) },
    { name: "test", points: evals.map((e) => ({ step: e.step, value: e.test[what] })) },
  ];
  // Evaluations that are spread in proportion to the step are read on an axis of that kind.
  const stepScale = (plan.training["evalGrowth"] as number) > 1 ? "log" : "linear";
  const unit = plan.training["loss"] === "nats-per-class" ? "nats per class" : "nats";
  const common = { columns, rows: 7, style, stepScale } as const;
  const percents = (value: number) => `${Math.round(100 * value)} %`.padStart(8);
  const losses = (value: number) => shortLoss(value).padStart(8);
  return [
    ...chart(series("accuracy"), { ...common, title: "accuracy", scale: "linear", range: [0, 1], tick: percents }),
    "",
    ...chart(series("loss"), { ...common, title: `loss (${unit})`, scale: "log", tick: losses }),
  ];
}
