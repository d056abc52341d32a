import type { TimedPoint } from "./law.ts";
import { lifetimeOf, type Timed } from "./spread.ts";
import { valueReader } from "./sweep-cells.ts";
import type { SweptRun } from "./sweep-table.ts";

/** Every watched run against a hyperparameter whose values are numbers; others are left out. */
export function timedPoints(runs: readonly SweptRun[], of: Timed, axis: string): readonly TimedPoint[] {
  const at = valueReader(runs, axis);
  return runs.flatMap((run) => {
    const x = at(run);
    const life = run.verdict && lifetimeOf(run.verdict, of);
    return typeof x === "number" && life ? [{ x, time: life.step, observed: life.observed }] : [];
  });
}
