import { choice, int, text, type Fields, type Values } from "../options.ts";
import { planOptions } from "../train/settings.ts";
import { fitLaw, sweepTable, timedPoints, type SweptRun } from "../verdict/index.ts";
import { cellCurves, type CurvedRun } from "./cell-curves.ts";
import { seedCurves } from "./seed-curves.ts";
import { runGallery } from "./run-gallery.ts";
import { generalizationCurves } from "./language/generalization-curves.ts";
import { generalizationFields, referenceOf } from "./language/reference.ts";
import { shareBars } from "./share-bars.ts";
import type { FigureOptions } from "./svg/index.ts";
import { timeScatter } from "./time-scatter.ts";
import { verdictMap } from "./verdict-map.ts";

/** What a figure of a sweep is drawn from. */
export interface SweepSubject {
  readonly runs: readonly SweptRun[];
  /** The runs with their curves; empty for a figure that does not need them. */
  readonly curves: readonly CurvedRun[];
  readonly lossUnit: string;
  readonly chance: number;
}

export interface SweepFigure<F extends Fields = Fields> {
  readonly name: string;
  readonly summary: string;
  readonly fields: F;
  readonly needsCurves: boolean;
  readonly draw: (subject: SweepSubject, options: Values<F>, look: FigureOptions) => string;
}

const define = <const F extends Fields>(figure: SweepFigure<F>): SweepFigure => figure as unknown as SweepFigure;

const list = (names: string): readonly string[] | undefined =>
  names === "" ? undefined : names.split(",").map((name) => name.trim());
const given = (name: string): string | undefined => (name === "" ? undefined : name);

/** Figures of sweeps; the first is drawn where none is named. */
export const sweepFigures: readonly SweepFigure[] = [
  define({
    name: "verdict-map",
    summary: "a dot for each seed in a grid of cells: which setting does what",
    fields: {
      x: text("", "hyperparameter along a facet; chosen where it is empty"),
      y: text("", "hyperparameter up a facet"),
      facets: text("", "hyperparameters, separated by commas, with a facet for each combination of their values"),
      cellSize: int(30, "largest side of a cell in pixels", { min: 6, max: 200 }),
    },
    needsCurves: false,
    draw: ({ runs }, { x, y, facets, cellSize }, look) =>
      verdictMap(runs, { ...look, x: given(x), y: given(y), facets: list(facets), cellSize }),
  }),
  define({
    name: "share-bars",
    summary: "shares of verdicts, a bar for each setting, with the interval of the share that generalizes",
    fields: {
      by: text("", "hyperparameters, separated by commas, with a bar for each value; all that vary by default"),
    },
    needsCurves: false,
    draw: ({ runs }, { by }, look) => shareBars(runs, { ...look, by: list(by) }),
  }),
  define({
    name: "times",
    summary: "a time of every run against a hyperparameter, runs cut off marked, with the fitted law",
    fields: {
      of: choice(["delay", "generalizeStep", "fitStep"], "delay", "which time"),
      x: text("", "hyperparameter along x; the first that is a number by default"),
      law: choice(["power", "exponential", "none"], "power", "law that is fitted and drawn"),
    },
    needsCurves: false,
    draw: ({ runs }, { of, x, law }, look) => {
      const axis = given(x) ?? sweepTable(runs).varied.find(({ values }) => values.every((v) => typeof v === "number"))?.name; // prettier-ignore
      const points = axis === undefined ? [] : timedPoints(runs, of, axis);
      const events = points.filter(({ observed, time }) => observed && time > 0);
      const fits = law !== "none" && events.length >= 3 && new Set(events.map((point) => point.x)).size >= 2;
      return timeScatter(runs, { ...look, of, x: axis, law: fits ? fitLaw(points, law) : undefined });
    },
  }),
  define({
    name: "cell-curves",
    summary: "train and test loss of each seed of a cell as small multiples",
    fields: {},
    needsCurves: true,
    draw: ({ curves, lossUnit }, _, look) => cellCurves(curves, { ...look, lossUnit }),
  }),
  define({
    name: "run-gallery",
    summary: "every run as small loss curves on the same axes, with its seed and verdict",
    fields: {},
    needsCurves: true,
    draw: ({ runs, curves, lossUnit }, _, look) => {
      const { varied } = sweepTable(runs);
      const valuesOf = ({ plan, setting }: SweptRun) => {
        const all = setting === undefined ? planOptions(plan) : new Map(Object.entries(setting));
        return varied.map(({ name }) => String(all.get(name)));
      };
      const settings = new Map(runs.map((run) => [run.id, valuesOf(run)]));
      const shown = curves
        .filter(({ evals }) => evals.length > 0)
        .map(({ id, seed, label, evals }) => ({
          id,
          title: [...(settings.get(id) ?? []), `seed ${seed}`, label ?? "open"].join(", "),
          steps: evals.map(({ step }) => step),
          train: evals.map(({ train }) => train.loss),
          test: evals.map(({ test }) => test.loss),
        }));
      return runGallery(shown, { ...look, lossUnit });
    },
  }),
  define({
    name: "generalization-curves",
    summary: "in-domain accuracy against generalization of language models, every seed and the median",
    fields: generalizationFields,
    needsCurves: true,
    draw: ({ curves, chance }, { stopAt, reference }, look) =>
      generalizationCurves(curves, { ...look, chance, stopAt, reference: referenceOf(reference) }),
  }),
  define({
    name: "seed-curves",
    summary: "all seeds as one curve: the median and the band of the middle half",
    fields: { measure: choice(["accuracy", "loss"], "accuracy", "what is drawn against the step") },
    needsCurves: true,
    draw: ({ curves, lossUnit, chance }, { measure }, look) =>
      seedCurves(curves, { ...look, measure, lossUnit, chance }),
  }),
];
