import type { Value } from "../options.ts";
import { valueText } from "../train/settings.ts";
import {
  countsIn,
  findVaried,
  labels,
  sweepLayout,
  type SettingCounts,
  type SweepLayout,
  type SweepTable,
  type SweptRun,
  type Varied,
} from "../verdict/index.ts";

/** Which hyperparameters lie where, by full or short names; what is not named is chosen. */
export interface MapAxes {
  readonly x?: string | undefined;
  readonly y?: string | undefined;
  /** None, one or several; each combination of their values is a facet. */
  readonly facets?: readonly string[] | undefined;
}

export interface ChosenAxes {
  readonly x: Varied | undefined;
  readonly y: Varied | undefined;
  readonly facets: readonly Varied[];
  /** Those without a place: a cell holds the runs of all their values. */
  readonly pooled: readonly Varied[];
}

/** More than two hyperparameters, or more facets than these, are no picture any more. */
const mostFacetAxes = 2;
const mostFacets = 24;

/**
 * What is named lies where it is named. Of the rest the first goes up (y), the second along (x) and, where no facets are
 * named, the next two into facets, as a grid of train size by width by weight decay is read. One alone lies along x. What
 * is left over is pooled.
 * @throws UsageError for a name that does not vary
 */
export function chosenAxes(varied: readonly Varied[], { x, y, facets }: MapAxes): ChosenAxes {
  const named = [x, y, ...(facets ?? [])].flatMap((name) => (name === undefined ? [] : [findVaried(varied, name)]));
  const free = varied.filter((one) => !named.includes(one));
  const along = x === undefined ? undefined : findVaried(varied, x);
  const up = y === undefined ? undefined : findVaried(varied, y);
  const takeY = up ?? (free.length > (along === undefined ? 1 : 0) ? free.shift() : undefined);
  const takeX = along ?? free.shift();
  const inFacets = (facets ?? []).map((name) => findVaried(varied, name));
  let panels = 1;
  while (facets === undefined && inFacets.length < mostFacetAxes && free.length > 0) {
    panels *= free[0].values.length;
    if (inFacets.length > 0 && panels > mostFacets) break;
    inFacets.push(free.shift()!);
  }
  return { x: takeX, y: takeY, facets: inFacets, pooled: free };
}

/** Which cells a map has, where they stand, and which runs lie in each. It stays as it is while verdicts come and change. */
export interface MapLayout {
  readonly axes: ChosenAxes;
  readonly cells: SweepLayout;
  /** Every setting apart, the pooled ones, too. */
  readonly all: SweepLayout;
  /** Place of each cell among the values of x and y. */
  readonly grid: readonly { readonly column: number; readonly line: number }[];
  /** Facets in the order of their values: their names, one for each hyperparameter, and their cells. */
  readonly facets: readonly { readonly names: readonly string[]; readonly cells: readonly number[] }[];
  /** Place of each run. */
  readonly places: ReadonlyMap<string, number>;
}

/** @throws UsageError for a name that does not vary */
export function mapLayout(runs: readonly SweptRun[], named: MapAxes = {}): MapLayout {
  const all = sweepLayout(runs);
  const axes = chosenAxes(all.varied, named);
  const shown = all.varied.filter((one) => !axes.pooled.includes(one)).map(({ name }) => name);
  const cells = axes.pooled.length > 0 ? sweepLayout(runs, shown) : all;
  const [columnOf, lineOf] = [axes.x, axes.y].map(placeAmong) as [Placing, Placing];
  const grid = cells.settings.map(({ setting }) => ({ column: columnOf(setting), line: lineOf(setting) }));
  const places = new Map(runs.map(({ id }, i) => [id, i]));
  return { axes, cells, all, grid, facets: facetsOf(cells, axes.facets), places };
}

type Placing = (setting: SettingCounts["setting"]) => number;

/** Where a value stands among those of a hyperparameter; where there is none, at the first. */
function placeAmong(varied: Varied | undefined): Placing {
  if (!varied) return () => 0;
  const at = new Map(varied.values.map((value, i) => [JSON.stringify(value), i]));
  return (setting) => at.get(JSON.stringify(setting[varied.name])) ?? 0;
}

/** Cells come in the order of all axes, the first the slowest: facets in the order of their own values. */
function facetsOf({ settings }: SweepLayout, facets: readonly Varied[]): MapLayout["facets"] {
  const found = new Map<string, { readonly names: readonly string[]; readonly cells: number[]; readonly place: readonly number[] }>(); // prettier-ignore
  const placings = facets.map(placeAmong);
  for (const [cell, { setting }] of settings.entries()) {
    const names = facets.map(({ name, short }) => {
      const value = setting[name];
      return value === null ? `no ${short}` : `${short} ${valueWord(value)}`;
    });
    const place = facets.map(({ name }, i) => (setting[name] === null ? -1 : placings[i](setting)));
    const known = found.get(names.join());
    if (known) known.cells.push(cell);
    else found.set(names.join(), { names, cells: [cell], place });
  }
  return [...found.values()].sort(
    (a, b) => a.place.map((at, i) => at - b.place[i]).find((difference) => difference !== 0) ?? 0,
  );
}

/**
 * The counts of each cell. Its runs come by seed; those of a cell that pools settings come by class, so that the cell shows
 * its shares.
 */
export function mapCounts({ axes, cells, places }: MapLayout, runs: readonly SweptRun[]): SweepTable<SettingCounts> {
  const table = countsIn(cells, runs);
  if (axes.pooled.length === 0) return table;
  const rank = (id: string): number => {
    const label = runs[places.get(id) ?? 0].verdict?.label;
    return label ? labels.indexOf(label) : labels.length;
  };
  const rows = table.rows.map((row) => ({ ...row, ids: [...row.ids].sort((a, b) => rank(a) - rank(b)) }));
  return { ...table, rows };
}

/** A value as an axis shows it: `0.01`, `1e-5`, `tied`. */
export function valueWord(value: Value): string {
  if (typeof value !== "number") return valueText(value);
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e5) ? value.toExponential().replace("e+", "e") : String(value);
}
