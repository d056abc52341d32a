import type { Eval } from "../../train/eval.ts";
import { emptyFrame, frame, light, titleHeight, xAxisHeight, yLabelHeight, type FigureOptions } from "../svg/index.ts";
import { linePanel } from "./line-panel.ts";

/** Exact entropy of question formation as released, in nats per predicted token: no network can do better in domain. */
export const questionFormationFloor = 0.996;

/** The floor of the loss of this task, where it is known. */
export const floorOf = (task: Readonly<Record<string, unknown>>): number | undefined =>
  task["name"] === "question-formation" && task["declaratives"] === "all" && task["mix"] === "as-released"
    ? questionFormationFloor
    : undefined;

export interface TrainingLossOptions extends FigureOptions {
  /** Entropy of the source: what the loss cannot fall below. */
  readonly floor?: number | undefined;
}

/** Loss per token: of the updates (with dropout), in domain, and on the generalization set. */
export function trainingLoss(evals: readonly Eval[], options: TrainingLossOptions = {}): string {
  const { width = 720, theme = light, title, floor } = options;
  if (evals.length === 0) return emptyFrame("No losses yet", { width, theme, title });
  const steps = evals.map(({ step }) => step);
  const top = titleHeight(title) + 6;
  const { svg, panel } = linePanel(
    [
      { name: "updates", steps, values: evals.map(({ measures }) => measures?.["batchLoss"] ?? NaN), stroke: theme.faint, dash: "4 2", labelled: true }, // prettier-ignore
      { name: "in-domain", steps, values: evals.map(({ train }) => train.loss), stroke: theme.train, labelled: true },
      { name: "generalization", steps, values: evals.map(({ test }) => test.loss), stroke: theme.test, labelled: true },
    ],
    {
      ...{ left: 52, top, width: width - 170, height: 240, theme, label: "loss (nats per token)" },
      levels: floor === undefined ? [] : [{ value: floor, name: `floor ${floor}` }],
    },
  );
  const last = evals[evals.length - 1];
  const label = `Loss per token over ${last.step} steps: in domain ${last.train.loss.toFixed(3)}, generalization ${last.test.loss.toFixed(3)} at the end${floor === undefined ? "" : `; the floor is ${floor}`}.`; // prettier-ignore
  const height = top + yLabelHeight + 240 + xAxisHeight(true) + 4;
  return frame({ width, height, label, title, theme, panel }, svg);
}
