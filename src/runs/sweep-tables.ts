import type { Value } from "../options.ts";
import { bySection, planOptions } from "../train/settings.ts";
import type { Eval } from "../train/eval.ts";
import type { StoredRun } from "./swept.ts";
import { evalTable, typed, type Column } from "./table.ts";

/**
 * One row per run: where it stands on the axes (`setting.<axis>` for named points), every option of its Plan, seed,
 * status, verdict with its steps, the extremes that `pair` decides by, and the last evaluation. An absent value is null,
 * a value that is not a number NaN.
 */
export function runsTable(runs: readonly StoredRun[]): readonly Column[] {
  const options = runs.map(({ plan }) => planOptions(plan));
  const names = [...new Set(options.flatMap((option) => [...option.keys()]))].sort(bySection);
  const axes = [...new Set(runs.flatMap(({ setting }) => Object.keys(setting)))].filter(
    (axis) => !names.includes(axis),
  );
  const text = (name: string, of: (run: StoredRun) => string | null | undefined): Column => ({
    name,
    type: "text",
    values: runs.map((run) => of(run) ?? null),
  });
  const number = (
    type: "integer" | "number",
    name: string,
    of: (run: StoredRun) => number | null | undefined,
  ): Column => ({
    name,
    type,
    values: runs.map((run) => of(run) ?? null),
  });
  const value = (name: string, of: (i: number) => Value | undefined): Column =>
    typed(name, runs.map((_, i) => of(i) ?? null)); // prettier-ignore
  const infinite = (of: number | null | undefined) => (of === null ? Infinity : of);
  return [
    text("run", ({ id }) => id),
    number("integer", "seed", ({ plan }) => plan.seed),
    ...axes.map((axis) => value(`setting.${axis}`, (i) => runs[i].setting[axis])),
    ...names.map((name) => value(name, (i) => options[i].get(name))),
    text("status", ({ record }) => record?.status ?? "missing"),
    number("integer", "steps", ({ record }) => record?.step),
    number("number", "seconds", ({ record }) => record?.seconds),
    text("label", ({ verdict }) => verdict?.label),
    text("class", ({ verdict }) => verdict?.className),
    text("policy", ({ verdict }) => verdict?.policy),
    number("integer", "fitStep", ({ verdict }) => verdict?.fitStep),
    number("integer", "generalizeStep", ({ verdict }) => verdict?.generalizeStep),
    number("integer", "delay", ({ verdict }) => verdict?.delay),
    number("number", "ratio", ({ verdict }) => verdict?.ratio),
    number("integer", "lastStep", ({ verdict }) => verdict?.lastStep),
    number("integer", "divergedAt", ({ verdict }) => verdict?.divergedAt),
    { name: "robust", type: "bool", values: runs.map(({ verdict }) => verdict?.robust ?? null) },
    number("integer", "slingshots", ({ verdict }) => verdict?.slingshots),
    number("number", "minTrain", ({ verdict }) => verdict?.extremes && infinite(verdict.extremes.minTrain)),
    number("number", "minTest", ({ verdict }) => verdict?.extremes && infinite(verdict.extremes.minTest)),
    number("number", "maxRatio", ({ verdict }) => verdict?.extremes && infinite(verdict.extremes.maxRatio)),
    number("number", "lastTrainLoss", ({ record }) => record?.last?.train.loss),
    number("number", "lastTrainAccuracy", ({ record }) => record?.last?.train.accuracy),
    number("number", "lastTestLoss", ({ record }) => record?.last?.test.loss),
    number("number", "lastTestAccuracy", ({ record }) => record?.last?.test.accuracy),
    number("number", "lastNormL2", ({ record }) => record?.last?.normL2),
    text("weightsHash", ({ record }) => record?.weightsHash),
    text("note", ({ record }) => record?.note),
    text("updatedAt", ({ record }) => record?.updatedAt),
  ];
}

/**
 * One row per evaluation of every run that has any: `run`, `seed`, the options that vary, `step` and what was measured.
 * The table of runs says the rest.
 */
export function sweepEvalsTable(
  runs: readonly { readonly run: StoredRun; readonly evals: readonly Eval[] }[],
  varying: readonly string[],
): readonly Column[] {
  const curves = runs.flatMap(({ run, evals }) => (run.record ? [{ record: run.record, evals }] : []));
  return evalTable(curves, varying);
}
