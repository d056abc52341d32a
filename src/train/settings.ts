import { canonicalJson } from "./plan.ts";
import type { Plan } from "./experiment.ts";
import type { Value } from "../options.ts";

const sections = ["task", "split", "model", "optimizer", "training"] as const;

/** A page asks for the same Plans at every move of a slider. */
const known = new WeakMap<Plan, ReadonlyMap<string, Value>>();

/** The options of a Plan by their full name (`optimizer.weightDecay`, `task`), without the seed. */
export function planOptions(plan: Plan): ReadonlyMap<string, Value> {
  const found = known.get(plan);
  if (found) return found;
  const options = new Map(
    sections.flatMap((section) =>
      Object.entries(plan[section]).map(
        ([name, value]) => [name === "name" ? section : `${section}.${name}`, value] as const,
      ),
    ),
  );
  known.set(plan, options);
  return options;
}

/** Section by section, as a Plan has them: Plans with different options still show each section's side by side. */
export const bySection = (a: string, b: string): number => sectionAt(a) - sectionAt(b);
const sectionAt = (name: string): number => sections.findIndex((section) => name.split(".")[0] === section);

/** Full names of the options that are not the same in all Plans, in the order of the sections; the seed is none. */
export function varyingOptions(plans: readonly Plan[]): readonly string[] {
  const all = plans.map(planOptions);
  const names = [...new Set(all.flatMap((options) => [...options.keys()]))];
  const text = (value: Value | undefined) => (value === undefined ? "" : canonicalJson(value));
  const same = (a: Value | undefined, b: Value | undefined) => a === b || text(a) === text(b);
  return names.filter((name) => all.some((options) => !same(options.get(name), all[0].get(name)))).sort(bySection);
}

/** `optimizer.weightDecay` as `weightDecay`, unless another of the names would then be called the same. */
export function shortNames(names: readonly string[]): ReadonlyMap<string, string> {
  const last = (name: string) => name.slice(name.lastIndexOf(".") + 1);
  const uses = (short: string) => names.filter((name) => last(name) === short).length;
  return new Map(names.map((name) => [name, uses(last(name)) > 1 ? name : last(name)]));
}

/** Numbers by size, everything else as text, after them. */
export function compareValues(a: Value, b: Value): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "number" || typeof b === "number") return typeof a === "number" ? -1 : 1;
  return valueText(a) < valueText(b) ? -1 : valueText(a) > valueText(b) ? 1 : 0;
}

/** A value as `--set` takes it. */
export const valueText = (value: Value): string => (typeof value === "object" ? value.join(",") : String(value));

/**
 * Whether these values are spaced for a logarithmic axis: at least three positive numbers over a factor of eight or
 * more, whose steps are more alike as ratios than as differences.
 */
export function isLogSpaced(values: readonly Value[]): boolean {
  const numbers = values.filter((value) => typeof value === "number").sort((a, b) => a - b);
  if (numbers.length < values.length || numbers.length < 3 || !(numbers[0] > 0)) return false;
  if (numbers.at(-1)! / numbers[0] < 8) return false;
  const steps = (of: (low: number, high: number) => number) => {
    const found = numbers.slice(1).map((high, i) => of(numbers[i], high));
    return Math.max(...found) / Math.min(...found);
  };
  // A ratio r of neighbors counts by r - 1, which orders ratios as their logarithms do.
  return steps((low, high) => high / low - 1) <= steps((low, high) => high - low);
}
