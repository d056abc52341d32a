import { trainingCurves } from "../../../../../src/figures/training-curves.ts";
import { adaptive, stepPanels } from "../../../../../src/figures/svg/index.ts";
import type { StoryRun } from "../data/story-run.svelte.ts";
import { number, steps } from "../data/facts.ts";

interface Place {
  readonly width: number;
  readonly height: number;
  /** Accuracy of guessing. */
  readonly chance?: number | undefined;
  /** Name the step at which the run had learned what it was not shown. */
  readonly marks?: boolean;
}

const options = (run: StoryRun, { width, height }: Place) => ({
  ...{ width, theme: adaptive, panelHeight: height, step: run.group.step, steps: run.range },
});

export function accuracy(run: StoryRun, place: Place): string {
  const most = place.marks && place.width > 560 && !run.session ? run.facts?.most : undefined;
  const marks = most === undefined ? [] : [{ step: most, label: `step ${steps(most)}: 95 % of the others, too` }];
  return trainingCurves(run.evals, { ...options(run, place), measures: ["accuracy"], chance: place.chance, marks });
}

export const loss = (run: StoryRun, place: Place): string =>
  trainingCurves(run.evals, { ...options(run, place), measures: ["loss"], lossUnit: "nats per example" });

/** Accuracy and loss: below each other, for both need the width. */
export const both = (run: StoryRun, place: Place): string =>
  trainingCurves(run.evals, { ...options(run, place), lossUnit: "nats per example" });

/** A norm of all weights, in one panel. */
export function norms(run: StoryRun, place: Place & { readonly norm: "normL1" | "normL2" }): string {
  const values = Float64Array.from(run.evals, (e) => e[place.norm]);
  const [name, label] =
    place.norm === "normL1" ? ["Σ|θ|", "sum of the weights' sizes"] : ["‖θ‖", "norm of the weights"];
  const top = values.reduce((most, value) => Math.max(most, value), 0);
  return stepPanels(
    [{ label, lines: [{ name, values, stroke: adaptive.ink }], domain: [0, 1.05 * (top || 1)] }],
    Float64Array.from(run.evals, ({ step }) => step),
    `${label} over ${steps(run.steps)} steps: at most ${number(top)}, at the end ${number(values.at(-1))}.`,
    options(run, place),
  );
}
