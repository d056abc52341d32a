import { UsageError, suggestion, type Value } from "../options.ts";
import type { Plan } from "../train/experiment.ts";
import { runGroup } from "../train/plan.ts";
import { compareValues, isLogSpaced, planOptions, shortNames, valueText, varyingOptions } from "../train/settings.ts";
import { wilson } from "./agreement.ts";
import { lifetimeOf, spreadOf, type Counted, type Spread, type Timed } from "./spread.ts";
import { labels, type Label } from "./verdict.ts";

/** One run of a sweep, as its statistics need it. A RunRecord is one. */
export interface SweptRun {
  readonly id: string;
  readonly plan: Plan;
  readonly status?: string | undefined;
  /** Absent while it trains, and where it failed. */
  readonly verdict?: Counted | undefined;
  /** Where it stands on the sweep's axes, by their full names; by default, the options that vary among the runs. */
  readonly setting?: Readonly<Record<string, Value>> | undefined;
}

/** One of the hyperparameters that vary. */
export interface Varied {
  /** `optimizer.weightDecay` */
  readonly name: string;
  /** `weightDecay`, where no other that varies has this name. */
  readonly short: string;
  /** Ascending. */
  readonly values: readonly Value[];
  /** The values are spaced for a logarithmic axis. */
  readonly log: boolean;
}

/** The classes of all seeds of one setting, or of several settings taken together. Plain JSON. */
export interface SettingCounts {
  /** Values of the hyperparameters that vary, by their full names; null where a run lacks the option. */
  readonly setting: Readonly<Record<string, Value | null>>;
  /** `weightDecay 0.1, dMlp 64` */
  readonly label: string;
  readonly ids: readonly string[];
  /** Runs with a verdict; shares are of these. */
  readonly n: number;
  /** Runs without one: not over yet, or failed. */
  readonly open: number;
  readonly failed: number;
  readonly counts: Readonly<Record<Label, number>>;
  /** The label that most runs have; null without runs and on a tie. */
  readonly majority: Label | null;
  /** Runs that have it, of n. */
  readonly k: number;
  /** Runs whose label is grok or generalize, of n, with the Wilson interval at 95 %. */
  readonly generalized: {
    readonly k: number;
    readonly share: number | null;
    readonly interval: readonly [number, number] | null;
  };
}

/** The same with the times. Plain JSON. */
export interface SettingRow extends SettingCounts {
  readonly fitStep: Spread;
  readonly generalizeStep: Spread;
  readonly delay: Spread;
}

export interface SweepTable<Row extends SettingCounts = SettingRow> {
  readonly varied: readonly Varied[];
  /** One per setting, in the order of the values; the first of `varied` is the slowest. */
  readonly rows: readonly Row[];
  /** All runs together. */
  readonly total: Row;
}

/**
 * Runs grouped by everything but the seed, or by some of the hyperparameters that vary, the others taken together.
 * Counts are of the runs' own verdicts: to count by another policy, give verdicts of that.
 * @param by full or short names; all that vary by default
 * @throws UsageError for a name that does not vary
 */
export function sweepTable(runs: readonly SweptRun[], by?: readonly string[]): SweepTable {
  return tabulate(sweepLayout(runs, by), runs, rowOf);
}

/** The same table without its times, which take most of its making: what a map needs at every move of a slider. */
export function sweepCounts(runs: readonly SweptRun[], by?: readonly string[]): SweepTable<SettingCounts> {
  return countsIn(sweepLayout(runs, by), runs);
}

/** Where each run of a sweep stands. It stays as it is while verdicts come and change. */
export interface SweepLayout {
  readonly varied: readonly Varied[];
  readonly settings: readonly SettingPlace[];
}

interface SettingPlace {
  readonly setting: Setting;
  readonly label: string;
  /** Places among the runs. */
  readonly members: readonly number[];
}

/** The settings of a sweep, without their counts. @param by as in `sweepTable` */
export function sweepLayout(runs: readonly SweptRun[], by?: readonly string[]): SweepLayout {
  const groups = groupsOf(runs);
  const all = variedOf([...groups.values()]);
  const varied = by === undefined ? all : by.map((name) => findVaried(all, name));
  const merged = new Map<string, { readonly setting: Setting; readonly members: number[] }>();
  for (const group of groups.values()) {
    const setting: Setting = Object.fromEntries(varied.map(({ name }) => [name, group.setting[name] ?? null]));
    const key = JSON.stringify(setting);
    const known = merged.get(key);
    if (known) known.members.push(...group.members);
    else merged.set(key, { setting, members: [...group.members] });
  }
  const placeOf = placesIn(varied);
  const settings = [...merged.values()]
    .map((group) => ({ ...group, place: placeOf(group.setting), label: settingLabel(group.setting, varied) }))
    .sort((a, b) => a.place.map((at, i) => at - b.place[i]).find((difference) => difference !== 0) ?? 0);
  return { varied, settings };
}

/** Counts of the runs that a layout was made of, or of the same with other verdicts. */
export function countsIn({ varied, settings }: SweepLayout, runs: readonly SweptRun[]): SweepTable<SettingCounts> {
  return tabulate({ varied, settings }, runs, countsOf);
}

type RowMaker<Row> = (place: Omit<SettingPlace, "members">, runs: readonly SweptRun[]) => Row;

function tabulate<Row extends SettingCounts>(
  { varied, settings }: SweepLayout,
  runs: readonly SweptRun[],
  make: RowMaker<Row>,
): SweepTable<Row> {
  const rows = settings.map((place) => make(place, place.members.map((i) => runs[i]))); // prettier-ignore
  return { varied, rows, total: make({ setting: {}, label: settingLabel({}, []) }, runs) };
}

/** The entry with this full or short name. @throws UsageError with the nearest name */
export function findVaried(varied: readonly Varied[], name: string): Varied {
  const found = varied.find((one) => one.name === name) ?? varied.find((one) => one.short === name);
  if (found) return found;
  const known = varied.map(({ short }) => short);
  const list = known.length > 0 ? `what varies in this sweep: ${known.join(", ")}` : "only the seed varies";
  throw new UsageError(`${name}: does not vary; ${list}${suggestion(name, known)}`);
}

type Setting = Readonly<Record<string, Value | null>>;
interface Group {
  readonly setting: Readonly<Record<string, Value>>;
  readonly members: readonly number[];
}

/** By the id without its seed, each with its place: read once per setting, not per run. */
function groupsOf(runs: readonly SweptRun[]): ReadonlyMap<string, Group> {
  const byKey = new Map<string, number[]>();
  for (const [i, run] of runs.entries()) {
    const suffix = `-s${run.plan.seed}`;
    const key = run.id.endsWith(suffix) ? run.id.slice(0, -suffix.length) : runGroup(run.plan);
    const known = byKey.get(key);
    if (known) known.push(i);
    else byKey.set(key, [i]);
  }
  const firsts = [...byKey.values()].map(([first]) => runs[first]);
  const declared = firsts.every((first) => first.setting !== undefined);
  const names = declared ? [] : varyingOptions(firsts.map(({ plan }) => plan));
  return new Map(
    [...byKey].map(([key, members]) => {
      const first = runs[members[0]];
      if (first.setting && declared) return [key, { setting: first.setting, members }];
      const options = planOptions(first.plan);
      const values = names.flatMap((name) => {
        const value = options.get(name);
        return value === undefined ? [] : [[name, value] as const];
      });
      return [key, { setting: Object.fromEntries(values), members }];
    }),
  );
}

function variedOf(groups: readonly Group[]): readonly Varied[] {
  const names = [...new Set(groups.flatMap(({ setting }) => Object.keys(setting)))];
  const valuesOf = (name: string): readonly Value[] => {
    const byText = new Map<string, Value>();
    for (const { setting } of groups) if (name in setting) byText.set(JSON.stringify(setting[name]), setting[name]);
    // Named points have no order but the one they were declared in.
    const found = [...byText.values()];
    return found.every((value) => typeof value === "number") ? found.sort(compareValues) : found;
  };
  const varying = names
    .map((name) => ({ name, values: valuesOf(name) }))
    .filter(({ name, values }) => values.length > 1 || groups.some(({ setting }) => !(name in setting)));
  const short = shortNames(varying.map(({ name }) => name));
  return varying.map(({ name, values }) => ({ name, short: short.get(name)!, values, log: isLogSpaced(values) }));
}

/** Where a setting stands among the values of each hyperparameter; before the first where it has none. */
function placesIn(varied: readonly Varied[]): (setting: Setting) => readonly number[] {
  const places = varied.map(({ name, values }) => ({
    name,
    at: new Map(values.map((value, i) => [JSON.stringify(value), i])),
  }));
  return (setting) => places.map(({ name, at }) => at.get(JSON.stringify(setting[name])) ?? -1);
}

function rowOf(place: Omit<SettingPlace, "members">, runs: readonly SweptRun[]): SettingRow {
  const verdicts = runs.flatMap(({ verdict }) => (verdict ? [verdict] : []));
  const spread = (of: Timed): Spread => spreadOf(verdicts.flatMap((verdict) => lifetimeOf(verdict, of) ?? []));
  return {
    ...countsOf(place, runs),
    fitStep: spread("fitStep"),
    generalizeStep: spread("generalizeStep"),
    delay: spread("delay"),
  };
}

function countsOf({ setting, label }: Omit<SettingPlace, "members">, runs: readonly SweptRun[]): SettingCounts {
  const verdicts = runs.flatMap(({ verdict }) => (verdict ? [verdict] : []));
  const counts = Object.fromEntries(labels.map((label) => [label, 0])) as Record<Label, number>;
  for (const verdict of verdicts) counts[verdict.label]++;
  const n = verdicts.length;
  const k = Math.max(...Object.values(counts));
  const leaders = labels.filter((name) => counts[name] === k);
  const generalized = counts.grok + counts.generalize;
  const failed = runs.filter(({ status, verdict }) => status === "failed" && !verdict).length;
  return {
    setting,
    label,
    ids: runs.map(({ id }) => id),
    n,
    open: runs.length - n - failed,
    failed,
    counts,
    majority: n > 0 && leaders.length === 1 ? leaders[0] : null,
    k,
    generalized: {
      k: generalized,
      share: n > 0 ? generalized / n : null,
      interval: n > 0 ? wilson(generalized, n) : null,
    },
  };
}

/** `weightDecay 0.1, dMlp 64`; `all` where nothing varies. */
export function settingLabel(setting: Setting, varied: readonly Varied[]): string {
  if (varied.length === 0) return "all";
  return varied
    .map(({ name, short }) => {
      const value = setting[name];
      return value === null || value === undefined ? `no ${short}` : `${short} ${valueText(value)}`;
    })
    .join(", ");
}
