import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { experiments, sweeps } from "../../experiments/index.ts";
import { named, nearest, shownName, UsageError } from "../options.ts";
import type { Experiment } from "../train/experiment.ts";
import { expand, sweepId, type Expansion, type Sweep } from "../train/sweep.ts";
import { parseSeeds, withSeeds, withSettings } from "../train/sweep-changes.ts";
import type { DeclaredSweep } from "../verdict/declared.ts";
import { judge, policyFor } from "../verdict/index.ts";
import type { Shard } from "../workers/shards.ts";
import { assignment } from "./experiments.ts";
import { readText } from "./files.ts";
import { readSweep } from "./sweep-file.ts";

export interface SweepChanges {
  readonly seeds?: string;
  readonly set?: readonly string[];
  readonly grid?: string;
  readonly policy?: string;
}

/** A sweep as it was asked for. */
export interface ChosenSweep {
  readonly id: string;
  readonly name: string;
  readonly sweep: Sweep;
  readonly expansion: Expansion;
  readonly policy: string;
  /** Present for a declared sweep, whether or not flags changed it. */
  readonly declared?: DeclaredSweep;
  /** Measured minutes of exactly these runs, where they are as declared. */
  readonly minutes?: number;
  /** The runs are those of this part of the sweep. */
  readonly part?: Shard;
}

/**
 * The sweep that a text means: a declared sweep, a file of one, or a declared experiment, which `--seeds` and `--set`
 * make a sweep of.
 * @throws UsageError
 */
export function chooseSweep(what: string, changes: SweepChanges, cwd: string): ChosenSweep {
  const { name, sweep: base, ...found } = findSweep(what, changes.grid, cwd);
  const seeded = changes.seeds === undefined ? base : withSeeds(base, parseSeeds(changes.seeds));
  const sweep = withSettings(seeded, (changes.set ?? []).map(assignment));
  const policy = changes.policy ?? found.policy ?? policyFor(sweep.base);
  judge([], { chance: 0.5, numClasses: 2, lossUnit: "nats", finished: false }, policy); // names the nearest policy
  const { minutes } = found;
  return {
    id: sweepId(name, sweep),
    name,
    sweep,
    expansion: expand(sweep),
    policy,
    ...(found.declared && { declared: found.declared }),
    ...(minutes !== undefined && sweep === base && { minutes }),
  };
}

interface Found {
  readonly name: string;
  readonly sweep: Sweep;
  readonly policy?: string;
  readonly declared?: DeclaredSweep;
  readonly minutes?: number;
}

function findSweep(what: string, grid: string | undefined, cwd: string): Found {
  const isFile = /\.(ya?ml|json)$/i.test(what) || /[\\/]/.test(what);
  const declared = isFile ? undefined : sweeps.find(({ name }) => name === what);
  if (declared) return ofDeclared(declared, grid);
  if (grid !== undefined) throw new UsageError(`--grid: ${shownName(what)} has no other grids`);
  if (isFile) return readSweep(readText(what, cwd), what);
  const experiment = experiments.find(({ name }) => name === what);
  if (experiment) return { name: what, sweep: ofExperiment(experiment.experiment) };
  const known = [...sweeps, ...experiments].map(({ name }) => name);
  const near = nearest(what, known);
  const file = existsSync(resolve(cwd, what)) ? `; the name of a sweep's file ends in .yaml or .json` : "";
  const hint = near === undefined ? "; or give a file.yaml that holds a sweep" : `; did you mean "${near}"?`;
  throw new UsageError(
    `unknown sweep ${JSON.stringify(what.slice(0, 60))}; known: ${known.join(", ")}${file === "" ? hint : file}`,
  );
}

function ofDeclared(declared: DeclaredSweep, grid: string | undefined): Found {
  const { name, sweep, minutes, grids = [] } = declared;
  const policy = declared.policy === undefined ? {} : { policy: declared.policy };
  if (grid === undefined) return { name, sweep, minutes, declared, ...policy };
  if (grids.length === 0) throw new UsageError(`--grid: ${name} has no other grids`);
  const other = named(grids, grid, "grid");
  return { name, sweep: other.sweep, minutes: other.minutes, declared, ...policy };
}

/** One run, until seeds and values are given. */
const ofExperiment = ({ seed = 0, ...base }: Experiment): Sweep => ({ base, axes: [], seeds: [seed] });
