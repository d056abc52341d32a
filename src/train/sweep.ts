import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { checked, shownName, UsageError, type Value } from "../options.ts";
import type { Experiment, Plan } from "./experiment.ts";
import { canonicalJson, entriesFirst, option, plan, runGroup, seedField, withValue } from "./plan.ts";

/** One direction of a grid: the values that one option takes, or named points that set several options together. */
export type Axis =
  | { readonly option: string; readonly values: readonly Value[] }
  | { readonly name: string; readonly points: readonly AxisPoint[] };

export interface AxisPoint {
  readonly label: string;
  /** Options in full (`optimizer.weightDecay`) or short where only one section has the name. */
  readonly set: Readonly<Record<string, Value>>;
}

/** Many experiments, declared: every combination of the axes (first axis slowest), each with every seed (fastest). Plain JSON. */
export interface Sweep {
  readonly base: Experiment;
  readonly axes: readonly Axis[];
  readonly seeds: readonly number[];
}

/** One run of a sweep. */
export interface SweepRun {
  /** As `runId(plan)`. */
  readonly id: string;
  readonly plan: Plan;
  /** Where it stands in the grid: the value, or the point's label, on each axis by its name. */
  readonly setting: Setting;
}
export type Setting = Readonly<Record<string, Value>>;

/** A sweep, counted out. */
export interface Expansion {
  /** In the order of the sweep; two equal Plans are one run, at the place of the first. */
  readonly runs: readonly SweepRun[];
  /** Axes with more than one value, in order, by the full name of their option or their own name. */
  readonly varying: readonly VaryingAxis[];
  /** How many runs were left out because an equal one stands before them. */
  readonly duplicates: number;
}

export interface VaryingAxis {
  readonly name: string;
  readonly values: readonly Value[];
}

/** More than this many runs are a slip of the pen. */
export const maxRuns = 1_000_000;

/** Every run of a sweep. @throws UsageError that names the axis, the option and what is allowed */
export function expand({ base, axes, seeds }: Sweep): Expansion {
  const chosen = [...new Set(seeds.map((seed) => checked(seedField, seed, "sweep.seeds") as number))];
  if (chosen.length === 0) throw new UsageError("sweep.seeds: no seed; give at least one, such as 0-8");
  const directions = axes.map((axis) => directionOf(axis, base));
  checkNames(directions);
  const total = directions.reduce((product, { choices }) => product * choices.length, chosen.length);
  if (total > maxRuns) throw new UsageError(`sweep: ${total} runs; at most ${maxRuns} are allowed`);

  const runs = new Map<string, SweepRun>();
  for (const point of combinations(directions)) {
    const made = plan({ ...experimentAt(base, directions, point), seed: 0 });
    const group = runGroup(made);
    const setting = Object.fromEntries(directions.map(({ name }, i) => [name, point[i].value]));
    for (const seed of chosen) {
      const id = `${group}-s${seed}`;
      if (!runs.has(id)) runs.set(id, { id, plan: { ...made, seed }, setting });
    }
  }
  return {
    runs: [...runs.values()],
    varying: directions
      .map(({ name, choices }) => ({ name, values: choices.map(({ value }) => value) }))
      .filter(({ values }) => new Set(values.map(canonicalJson)).size > 1),
    duplicates: total - runs.size,
  };
}

/** `<name>-<hash>`: the same name and the same Sweep are the same sweep. */
export const sweepId = (name: string, sweep: Sweep): string =>
  `${name}-${bytesToHex(sha256(utf8ToBytes(canonicalJson(sweep)))).slice(0, 10)}`;

/** An axis with what it is called, and with what each of its choices sets. */
interface Direction {
  readonly name: string;
  readonly choices: readonly Choice[];
  /** Its choices are named points. */
  readonly labelled: boolean;
}
interface Choice {
  /** What stands for it in tables: the value or the label. */
  readonly value: Value;
  readonly set: readonly (readonly [key: string, value: Value])[];
}

/** What an axis is called: the full name of its option, or its own name. */
export const axisName = (axis: Axis, base: Experiment): string =>
  "option" in axis ? fullName(base, axis.option) : axis.name;

/** An option that only another entry of a registry has, which another axis may choose, goes by the name it was given. */
function fullName(base: Experiment, key: string): string {
  try {
    return option(base, key).name;
  } catch (error) {
    if (key.includes(".")) return key;
    throw error;
  }
}

function directionOf(axis: Axis, base: Experiment): Direction {
  const name = axisName(axis, base);
  if (name === "seed") throw new UsageError("sweep: seed is no axis; give sweep.seeds (--seeds on the command line)");
  const labelled = "points" in axis;
  const choices: readonly Choice[] = labelled
    ? axis.points.map(({ label, set }) => ({ value: label, set: Object.entries(set) }))
    : axis.values.map((value) => ({ value, set: [[axis.option, value]] }));
  if (choices.length === 0) throw new UsageError(`sweep: axis ${shownName(name)} is empty; give at least one value`);
  return { name, choices, labelled };
}

function checkNames(directions: readonly Direction[]): void {
  const seen = new Set<string>();
  for (const { name, choices, labelled } of directions) {
    if (seen.has(name)) throw new UsageError(`sweep: two axes are called ${shownName(name)}; make one of them`);
    seen.add(name);
    if (labelled && new Set(choices.map(({ value }) => value)).size < choices.length) {
      throw new UsageError(`sweep: axis ${shownName(name)} has two points of the same label`);
    }
  }
}

/** Every choice of every direction, the last direction fastest. */
function* combinations(directions: readonly Direction[], at = 0): Generator<readonly Choice[]> {
  if (at === directions.length) {
    yield [];
    return;
  }
  for (const choice of directions[at].choices) {
    for (const rest of combinations(directions, at + 1)) yield [choice, ...rest];
  }
}

/** The Experiment at a point of the grid. Entries of a registry come first, on whatever axis they stand. */
function experimentAt(base: Experiment, directions: readonly Direction[], point: readonly Choice[]): Experiment {
  const all = point.flatMap(({ set }, i) => set.map(([key, value]) => [key, value, directions[i].name] as const));
  const setBy = new Map<string, string>();
  return entriesFirst(all).reduce((experiment, [key, value, axis]) => {
    const { name } = option(experiment, key);
    if (name === "seed") throw new UsageError(`sweep: axis ${shownName(axis)} sets seed; give sweep.seeds`);
    const before = setBy.get(name);
    if (before !== undefined) {
      throw new UsageError(
        before === axis
          ? `sweep: axis ${shownName(axis)} sets ${name} twice`
          : `sweep: the axes ${shownName(before)} and ${shownName(axis)} both set ${name}`,
      );
    }
    setBy.set(name, axis);
    return withValue(experiment, key, value);
  }, base);
}
