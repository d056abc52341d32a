import { basename } from "node:path";
import { isMap, isNode, isScalar, LineCounter, type Node, parseDocument } from "yaml";
import { experiments } from "../../experiments/index.ts";
import { named, quoted, shownName, suggestion, UsageError, type Value } from "../options.ts";
import type { Experiment } from "../train/experiment.ts";
import { plan, withValue } from "../train/plan.ts";
import { expand, type Axis, type AxisPoint, type Sweep } from "../train/sweep.ts";
import { parseSeeds } from "../train/sweep-changes.ts";
import { judge } from "../verdict/index.ts";

/** A sweep as a user's file declares it. */
export interface SweepFile {
  /** The file's name without its ending. */
  readonly name: string;
  readonly sweep: Sweep;
  readonly policy?: string;
}

const keys = ["base", "set", "axes", "seeds", "policy"];

/**
 * Reads a sweep from YAML or JSON:
 *
 * ```yaml
 * base: quick                       # an experiment's name, or its sections in full
 * set: { steps: 2000 }              # changes of the base
 * axes:
 *   weightDecay: [0.01, 0.1]        # an option with its values
 *   rule:                           # or named points that set several options
 *     L1: { optimizer: adam-l1, l1: 1.0e-4 }
 *     L2: { optimizer: adamw }
 * seeds: 0-8
 * ```
 *
 * A `Sweep` as JSON, whose axes are a list, is read, too.
 * @throws UsageError that names file, line and column
 */
export function readSweep(text: string, file: string): SweepFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const wrongAt = (offset: number, why: string): UsageError => {
    const { line, col } = lines.linePos(offset);
    return new UsageError(`${file}, line ${Math.max(1, line)}, column ${Math.max(1, col)}: ${why}`);
  };
  const [first] = document.errors;
  if (first) throw wrongAt(first.pos[0], first.message.split("\n")[0].replace(/\.$/, ""));
  /** At the node of a path, or at the innermost one that there is on the way to it. */
  const wrong = (path: Path, why: string): UsageError => wrongAt(offsetOf(document.contents, path), why);
  const at = <T>(path: Path, read: () => T): T => {
    try {
      return read();
    } catch (error) {
      if (error instanceof UsageError) throw wrong(path, error.message);
      throw error;
    }
  };

  const root: unknown = document.toJS({ maxAliasCount: 100 });
  if (!isRecord(root)) throw wrong([], `give ${keys.slice(0, 4).join(", ")}`);
  for (const key of Object.keys(root)) {
    if (!keys.includes(key)) {
      throw wrong([key], `${shownName(key)}: unknown; known: ${keys.join(", ")}${suggestion(key, keys)}`);
    }
  }
  const base = changed(baseOf(root["base"], at, wrong), root["set"], at, wrong);
  const axes = axesOf(root["axes"], wrong);
  const seeds = seedsOf(root["seeds"], at, wrong);
  // Each axis by itself first: what is wrong with it is told at its line.
  axes.forEach(({ axis, path }) => at(path, () => aloneOrUnknown(base, axis, axes.length > 1)));
  const sweep: Sweep = { base, axes: axes.map(({ axis }) => axis), seeds };
  at(["seeds"], () => expand({ base, axes: [], seeds }));
  at(["axes"], () => expand({ ...sweep, seeds: seeds.slice(0, 1) }));
  const { policy } = root;
  if (policy !== undefined && typeof policy !== "string") throw wrong(["policy"], "policy: give a name");
  if (policy !== undefined) at(["policy"], () => judge([], { ...context, finished: false }, policy));
  const name = basename(file).replace(/\.[^.]+$/, "");
  return { name, sweep, ...(policy !== undefined && { policy }) };
}

const context = { chance: 0.5, numClasses: 2, lossUnit: "nats" } as const;

type Path = readonly (string | number)[];
type At = <T>(path: Path, read: () => T) => T;
type Wrong = (path: Path, why: string) => UsageError;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The key where the path ends in one, which is where a reader looks; the value otherwise. */
function offsetOf(root: Node | null, path: Path): number {
  let node: Node | null = root;
  let offset = root?.range?.[0] ?? 0;
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
      if (!pair) return offset;
      offset = (isNode(pair.key) ? pair.key.range?.[0] : undefined) ?? offset;
      node = isNode(pair.value) ? pair.value : null;
    } else {
      const item: unknown = (node as { items?: readonly unknown[] } | null)?.items?.[Number(key)];
      if (!isNode(item)) return offset;
      offset = item.range?.[0] ?? offset;
      node = item;
    }
  }
  return offset;
}

function baseOf(given: unknown, at: At, wrong: Wrong): Experiment {
  if (typeof given === "string") return at(["base"], () => named(experiments, given, "experiment").experiment);
  if (!isRecord(given)) {
    throw wrong(["base"], "base: give the name of an experiment, or its task, model and optimizer");
  }
  try {
    plan(given as unknown as Experiment);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    // Messages begin with the option: `task.p: …`.
    const [, section = "", name = ""] = /^(?:experiment\.)?(\w+)(?:\.(\w+))?/.exec(error.message) ?? [];
    throw wrong(["base", section, name], error.message);
  }
  return given as unknown as Experiment;
}

function changed(base: Experiment, set: unknown, at: At, wrong: Wrong): Experiment {
  if (set === undefined) return base;
  if (!isRecord(set)) throw wrong(["set"], "set: give options with their values");
  return Object.entries(set).reduce(
    (experiment, [key, value]) => at(["set", key], () => withValue(experiment, key, value as Value)),
    base,
  );
}

interface PlacedAxis {
  readonly axis: Axis;
  readonly path: Path;
}

function axesOf(given: unknown, wrong: Wrong): readonly PlacedAxis[] {
  if (given === undefined) return [];
  if (Array.isArray(given)) {
    return given.map((axis: unknown, i) => ({ axis: listedAxis(axis, ["axes", i], wrong), path: ["axes", i] }));
  }
  if (!isRecord(given)) throw wrong(["axes"], "axes: give options with their values, such as weightDecay: [0.01, 0.1]");
  return Object.entries(given).map(([name, values]): PlacedAxis => {
    const path = ["axes", name];
    if (Array.isArray(values)) return { axis: { option: name, values: values as Value[] }, path };
    if (!isRecord(values)) throw wrong(path, `${shownName(name)}: give a list of values, or named points`);
    const points = Object.entries(values).map(([label, set]): AxisPoint => {
      if (!isRecord(set)) throw wrong([...path, label], `point ${shownName(label)}: give options with their values`);
      return { label, set: set as Record<string, Value> };
    });
    return { axis: { name, points }, path };
  });
}

/** An axis as a `Sweep` in JSON has it. */
function listedAxis(axis: unknown, path: Path, wrong: Wrong): Axis {
  const what = "give { option, values } or { name, points: [{ label, set }] }";
  if (!isRecord(axis)) throw wrong(path, `an axis: ${what}`);
  const known = "option" in axis ? ["option", "values"] : ["name", "points"];
  for (const key of Object.keys(axis)) {
    if (!known.includes(key)) throw wrong([...path, key], `${quoted(key)}: unknown in an axis; ${what}`);
  }
  if (typeof axis[known[0]] !== "string" || !Array.isArray(axis[known[1]])) throw wrong(path, `an axis: ${what}`);
  if ("points" in axis) {
    (axis["points"] as unknown[]).forEach((point, i) => {
      const whole = isRecord(point) && typeof point["label"] === "string" && isRecord(point["set"]);
      if (!whole) throw wrong([...path, "points", i], "a point: give { label, set }");
    });
  }
  return axis as unknown as Axis;
}

function seedsOf(given: unknown, at: At, wrong: Wrong): readonly number[] {
  if (given === undefined) return [0];
  if (typeof given === "number") return [given];
  if (typeof given === "string") return at(["seeds"], () => parseSeeds(given, "seeds"));
  if (Array.isArray(given)) return given as number[];
  throw wrong(["seeds"], "seeds: give whole numbers and ranges, such as 0-8, or a list");
}

/** Checks an axis without the others. An option of an entry that another axis may choose cannot be known here. */
function aloneOrUnknown(base: Experiment, axis: Axis, others: boolean): void {
  try {
    expand({ base, axes: [axis], seeds: [0] });
  } catch (error) {
    if (others && error instanceof UsageError && error.message.startsWith("unknown option")) {
      const known = "option" in axis && !axis.option.includes(".");
      if (!known) return;
    }
    throw error;
  }
}
