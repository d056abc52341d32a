import type { Value } from "../options.ts";
import type { Eval } from "../train/eval.ts";
import { bySection, planOptions, valueText } from "../train/settings.ts";
import { evalToRow, measureNames, seriesColumns } from "./series.ts";
import type { RunRecord } from "./store.ts";

/** A run with its curves, read from a store. */
export interface RunCurves {
  readonly record: RunRecord;
  readonly evals: readonly Eval[];
}

/** A column with its values, one per row. `integer` holds safe integers only. */
export type Column =
  | { readonly name: string; readonly type: "text"; readonly values: readonly (string | null)[] }
  | { readonly name: string; readonly type: "integer" | "number"; readonly values: readonly (number | null)[] }
  | { readonly name: string; readonly type: "bool"; readonly values: readonly (boolean | null)[] };

/**
 * One row per evaluation: `run`, `seed`, with several runs every option of their Plans (`task.p`, `optimizer.weightDecay`),
 * then `step`, losses, accuracies, norms, and whatever else any of the runs measured.
 * @param shown names of the options that have a column, in place of all
 */
export function evalTable(runs: readonly RunCurves[], shown?: readonly string[]): readonly Column[] {
  const perRow = <T>(value: (run: RunCurves) => T): T[] => runs.flatMap((run) => run.evals.map(() => value(run)));
  const metrics = runs.flatMap(({ evals }) => evals.map(evalToRow));
  const options = runs.map(({ record }) => planOptions(record.plan));
  const at = new Map(runs.map((run, i) => [run, options[i]]));
  const all = runs.length > 1 ? [...new Set(options.flatMap((option) => [...option.keys()]))].sort(bySection) : [];
  const names = shown ?? all;
  return [
    { name: "run", type: "text", values: perRow(({ record }) => record.id) },
    { name: "seed", type: "integer", values: perRow(({ record }) => record.plan.seed) },
    ...names.map((name) =>
      typed(
        name,
        perRow((run) => at.get(run)?.get(name) ?? null),
      ),
    ),
    ...seriesColumns.map((name, i) => ({
      name,
      type: name === "step" ? ("integer" as const) : ("number" as const),
      values: metrics.map((row) => row[i]),
    })),
    ...measureNames(runs.flatMap(({ evals }) => evals)).map((name) => ({
      name,
      type: "number" as const,
      values: runs.flatMap(({ evals }) => evals.map((e) => e.measures?.[name] ?? null)),
    })),
  ];
}

/** The narrowest type that holds every value; lists become text. */
export function typed(name: string, values: readonly (Value | null)[]): Column {
  const given = values.filter((value) => value !== null);
  if (given.every((value) => typeof value === "boolean")) {
    return { name, type: "bool", values: values as (boolean | null)[] };
  }
  if (given.every((value) => typeof value === "number")) {
    // An option that is a whole number in one run may be a fraction in the next: 1 is a number like 0.1.
    const type = given.every((value) => Number.isSafeInteger(value)) ? "integer" : "number";
    return { name, type, values: values as (number | null)[] };
  }
  return { name, type: "text", values: values.map((value) => (value === null ? null : valueText(value))) };
}
