import type { Eval } from "../../train/eval.ts";
import { category, dash, emptyFrame, frame, light, percent, titleHeight, xAxisHeight, yLabelHeight, type FigureOptions } from "../svg/index.ts"; // prettier-ignore
import { linePanel } from "./line-panel.ts";

export interface ConstructionCurvesOptions extends FigureOptions {
  readonly half?: "train" | "test" | undefined;
}

/** Accuracy by construction: the whole hides that one kind of sentence is learned before another. */
export function constructionCurves(evals: readonly Eval[], options: ConstructionCurvesOptions = {}): string {
  const { width = 720, theme = light, title, half = "test" } = options;
  const prefix = `${half}.accuracy.`;
  const names = [
    ...new Set(
      evals.flatMap(({ measures }) => Object.keys(measures ?? {}).filter((measure) => measure.startsWith(prefix))),
    ),
  ].sort();
  if (names.length === 0) return emptyFrame("No accuracy by construction", { width, theme, title });
  const steps = evals.map(({ step }) => step);
  const top = titleHeight(title) + 6;
  const { svg, panel } = linePanel(
    names.map((measure, i) => ({
      name: measure.slice(prefix.length),
      steps,
      values: evals.map(({ measures }) => measures?.[measure] ?? NaN),
      stroke: category(theme, i),
      dash: dash(Math.floor(i / theme.categories.length) + (i % 3)),
      labelled: true,
    })),
    {
      ...{ left: 52, top, width: width - 190, height: 260, theme, domain: [0, 1], format: percent },
      label: half === "test" ? "generalization accuracy" : "in-domain accuracy",
    },
  );
  const last = evals[evals.length - 1];
  const ends = names.map((measure) => `${measure.slice(prefix.length)} ${percent(last.measures?.[measure] ?? NaN)}`);
  const label = `Accuracy by construction over ${last.step} steps; at the end ${ends.join(", ")}.`;
  const height = top + yLabelHeight + 260 + xAxisHeight(true) + 4;
  return frame({ width, height, label, title, theme, panel }, svg);
}
