import type { Value } from "../options.ts";
import type { Experiment } from "./experiment.ts";

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
