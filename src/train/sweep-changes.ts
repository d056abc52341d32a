import { parseText, shownName, UsageError, type Field, type Value } from "../options.ts";
import { entriesFirst, option, withValue } from "./plan.ts";
import { axisName, type Sweep } from "./sweep.ts";

/** More seeds than this are a slip of the pen. */
const maxSeeds = 1_000_000;

/** `0-8`, `3`, `0,2,5-9`: seeds in the order given, each once. @throws UsageError */
export function parseSeeds(text: string, flag = "--seeds"): readonly number[] {
  const wrong = () =>
    new UsageError(
      `${flag}: ${JSON.stringify(text.slice(0, 60))} is not allowed; give whole numbers and ranges, such as 0-8 or 0,2,5-9`,
    );
  const seeds = new Set<number>();
  for (const part of text.split(",")) {
    const [, first, last = first] = /^\s*(\d+)\s*(?:-\s*(\d+)\s*)?$/.exec(part) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (first === undefined || !Number.isSafeInteger(to) || to < from) throw wrong();
    if (to - from >= maxSeeds) throw new UsageError(`${flag}: ${part.trim()} are too many; at most ${maxSeeds} seeds`);
    for (let seed = from; seed <= to; seed++) seeds.add(seed);
  }
  return [...seeds];
}

export const withSeeds = (sweep: Sweep, seeds: readonly number[]): Sweep => ({ ...sweep, seeds });

/**
 * The Sweep with the values of options given anew, as `--set key=v1,v2` does: those of an axis that it has, an axis more
 * (the fastest) for several values of another option, the base itself for one value.
 * @throws UsageError for an unknown option, a value that is not allowed, and an option that points of an axis set
 */
export function withSettings(sweep: Sweep, settings: readonly (readonly [key: string, text: string])[]): Sweep {
  return entriesFirst(settings).reduce(withSetting, sweep);
}

function withSetting(sweep: Sweep, [key, text]: readonly [key: string, text: string]): Sweep {
  const { base, axes } = sweep;
  const { name, field } = option(base, key);
  if (name === "seed") throw new UsageError("--set seed: give --seeds, such as --seeds 0-8");
  const values = listOf(field, text, name);
  for (const axis of axes) {
    const setsIt = "points" in axis && axis.points.some(({ set }) => Object.keys(set).some((k) => same(k, name)));
    if (setsIt) throw new UsageError(`--set ${name}: the points of axis ${shownName(axis.name)} set it already`);
  }
  const at = axes.findIndex((axis) => "option" in axis && axisName(axis, base) === name);
  if (at >= 0) return { ...sweep, axes: axes.with(at, { option: name, values }) };
  if (values.length === 1) return { ...sweep, base: withValue(base, name, values[0]) };
  return { ...sweep, axes: [...axes, { option: name, values }] };
}

/** Whether a key, in full or short, means this option. */
const same = (key: string, name: string): boolean => key === name || name.endsWith(`.${key}`);

/** Values separated by commas; of an option whose value is itself a list, one value. */
function listOf(field: Field, text: string, name: string): readonly Value[] {
  if (field.kind === "ints" || field.kind === "data") return [parseText(field, text, name)];
  const parts = text.split(",");
  return parts.map((part) => {
    if (part.trim() === "" && parts.length > 1) {
      throw new UsageError(`--set ${name}: an empty value in ${JSON.stringify(text)}; give values between commas`);
    }
    return parseText(field, part, name);
  });
}
