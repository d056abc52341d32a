import type { SweepFigure, SweepSubject } from "../../figures/sweep-figures.ts";
import type { FigureOptions } from "../../figures/svg/index.ts";
import { named, parseText, quoted, resolve, UsageError, type Value } from "../../options.ts";
import type { Store } from "../../runs/store.ts";
import type { StoredRun } from "../../runs/swept.ts";
import { referenceOption } from "../reference-option.ts";
import { contextOfPlan } from "../run-context.ts";
import { readSweep, type FoundSweep, type SweepAsked } from "../sweep-data.ts";

/** Curves of more runs than this would be a wall, not a figure. */
const mostCurves = 200;

export interface SweepFigureAsked extends SweepAsked {
  /** `key=value`, options of the figure. */
  readonly set?: readonly string[] | undefined;
  readonly look: FigureOptions;
  /** File of curves to draw behind. */
  readonly reference?: string | undefined;
  readonly cwd: string;
}

/** A figure of a sweep as SVG text. @throws UsageError for a figure, option or cell that is not there */
export async function drawSweepFigure(
  store: Store,
  found: FoundSweep,
  name: string | undefined,
  asked: SweepFigureAsked,
): Promise<{ readonly name: string; readonly svg: string }> {
  const { sweepFigures } = await import("../../figures/sweep-figures.ts");
  const figure = named(sweepFigures, name ?? sweepFigures[0].name, "figure of a sweep");
  const options = optionsOf(figure, asked);
  const { runs } = await readSweep(store, found, asked);
  const subject = await subjectOf(store, runs, figure.needsCurves);
  const where = (asked.where ?? []).map((part) => part.replace("=", " ")).join(", ");
  const title = where === "" ? found.name : `${found.name}: ${where}`;
  return { name: figure.name, svg: figure.draw(subject, options, { title, ...asked.look }) };
}

function optionsOf(figure: SweepFigure, { set = [], reference, cwd }: SweepFigureAsked) {
  const { fields, name } = figure;
  const given = set.map((text): readonly [string, Value] => {
    const at = text.indexOf("=");
    if (at < 1) throw new UsageError(`--set ${quoted(text)}: give key=value`);
    const [key, value] = [text.slice(0, at).trim(), text.slice(at + 1)];
    return [key, Object.hasOwn(fields, key) ? parseText(fields[key], value, `${name}.${key}`) : value];
  });
  return resolve(fields, { ...Object.fromEntries(given), ...referenceOption(figure, reference, cwd) }, name);
}

async function subjectOf(store: Store, runs: readonly StoredRun[], needsCurves: boolean): Promise<SweepSubject> {
  const { chance, lossUnit } = contextOfPlan(runs[0].plan, false);
  const stored = runs.filter(({ record }) => record);
  if (needsCurves && stored.length > mostCurves) {
    throw new UsageError(
      `figure: curves of ${stored.length} runs; choose a cell of at most ${mostCurves} with --where key=value`,
    );
  }
  const curves = [];
  for (const { id, plan, verdict } of needsCurves ? stored : [])
    curves.push({ id, seed: plan.seed, label: verdict?.label, evals: await store.evals(id) });
  return { runs, curves, chance, lossUnit: lossUnit === "nats" ? "nats per example" : "nats per example and class" };
}
