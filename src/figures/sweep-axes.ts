import type { Value } from "../options.ts";
import { valueText } from "../train/settings.ts";
import { findVaried, type Varied } from "../verdict/index.ts";

/** Which hyperparameters lie where, by full or short names; what is not named is chosen. */
export interface MapAxes {
  readonly x?: string | undefined;
  readonly y?: string | undefined;
  /** One or several; each combination of their values is a facet. */
  readonly facets?: readonly string[] | undefined;
}

export interface ChosenAxes {
  readonly x: Varied | undefined;
  readonly y: Varied | undefined;
  readonly facets: readonly Varied[];
}

/**
 * Every hyperparameter that varies gets a place: what is named where it is named, of the rest the first goes up (y), the
 * second along (x) and the others into facets, as a grid of train size by width by weight decay is read. One alone lies
 * along x.
 * @throws UsageError for a name that does not vary
 */
export function chosenAxes(varied: readonly Varied[], { x, y, facets }: MapAxes): ChosenAxes {
  const named = [x, y, ...(facets ?? [])].flatMap((name) => (name === undefined ? [] : [findVaried(varied, name)]));
  const free = varied.filter((one) => !named.includes(one));
  const along = x === undefined ? undefined : findVaried(varied, x);
  const up = y === undefined ? undefined : findVaried(varied, y);
  const inFacets = (facets ?? []).map((name) => findVaried(varied, name));
  const takeY = up ?? (free.length > (along === undefined ? 1 : 0) ? free.shift() : undefined);
  const takeX = along ?? free.shift();
  return { x: takeX, y: takeY, facets: [...inFacets, ...free] };
}

/** A value as an axis shows it: `0.01`, `1e-5`, `tied`. */
export function valueWord(value: Value): string {
  if (typeof value !== "number") return valueText(value);
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e5) ? value.toExponential().replace("e+", "e") : String(value);
}
