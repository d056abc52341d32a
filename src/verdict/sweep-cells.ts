import { UsageError, suggestion, type Value } from "../options.ts";
import { planOptions } from "../train/settings.ts";
import type { Cells } from "./sweep-claims.ts";
import type { SweptRun } from "./sweep-table.ts";

/** The runs in these cells, in their order. @throws UsageError for a hyperparameter that no run has */
export function runsInCells(runs: readonly SweptRun[], cells: Cells): readonly SweptRun[] {
  const wanted = Object.entries(cells).map(([name, values]) => ({
    name,
    values: (Array.isArray(values) ? values : [values]) as readonly Value[],
    at: valueReader(runs, name),
  }));
  return runs.filter((run) =>
    wanted.every(({ values, at }) => {
      const value = at(run);
      return value !== undefined && values.some((one) => sameValue(one, value));
    }),
  );
}

/**
 * Reads where a run stands on a hyperparameter, by the name of an axis or an option, in full or short where only one has
 * it, or `seed`.
 * @throws UsageError where no run has it, with the nearest name
 */
export function valueReader(runs: readonly SweptRun[], name: string): (run: SweptRun) => Value | undefined {
  if (name === "seed") return ({ plan }) => plan.seed;
  const names = new Set(runs.flatMap(({ setting }) => Object.keys(setting ?? {})));
  for (const option of groupFirsts(runs).flatMap(({ plan }) => [...planOptions(plan).keys()])) names.add(option);
  const known = [...names];
  const full = known.includes(name) ? name : known.filter((one) => one.endsWith(`.${name}`)).at(0);
  if (full === undefined) {
    throw new UsageError(
      `${name}: no hyperparameter of this sweep; known: ${known.join(", ")}${suggestion(name, known)}`,
    );
  }
  // Seeds of a setting share everything but the seed: its options are read once.
  const cache = new Map<string, Value | undefined>();
  return ({ id, plan, setting }) => {
    if (setting && full in setting) return setting[full];
    const key = id.replace(/-s\d+$/, "");
    if (!cache.has(key)) cache.set(key, planOptions(plan).get(full));
    return cache.get(key);
  };
}

const groupFirsts = (runs: readonly SweptRun[]): readonly SweptRun[] => [
  ...new Map(runs.map((run) => [run.id.replace(/-s\d+$/, ""), run])).values(),
];

export const sameValue = (a: Value, b: Value): boolean => JSON.stringify(a) === JSON.stringify(b);
