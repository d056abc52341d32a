import { experiments, sweeps } from "../../experiments/index.ts";
import { suggestion, UsageError, type Value } from "../options.ts";
import type { SweepRecord, Store } from "../runs/store.ts";
import { readSwept, type StoredRun } from "../runs/swept.ts";
import { expand, sweepId, type Expansion, type Sweep } from "../train/sweep.ts";
import { valueText } from "../train/settings.ts";
import type { DeclaredSweep } from "../verdict/declared.ts";
import { policyFor, runsInCells } from "../verdict/index.ts";
import { valueReader } from "../verdict/sweep-cells.ts";

/** A sweep that a text means. */
export interface FoundSweep {
  readonly id: string;
  readonly name: string;
  readonly sweep: Sweep;
  readonly policy: string;
  readonly declared?: DeclaredSweep | undefined;
  /** Absent for a declared sweep that was never started here; its runs may be there all the same. */
  readonly record?: SweepRecord | undefined;
}

/**
 * The sweep that a text means: the id of a stored one or a beginning that only it has, or the name of a stored or declared
 * one, of several stored ones the newest. A name that an experiment has too means the experiment's run, not its sweep.
 */
export async function findSweep(store: Store, text: string): Promise<FoundSweep | undefined> {
  const declared = sweeps.find(({ name }) => name === text);
  const named = declared !== undefined || !experiments.some(({ name }) => name === text);
  const record = named ? await store.findSweep(text) : undefined;
  if (record) return fromRecord(record);
  if (declared) return fromDeclared(declared);
  if (text.length < 3 || !named) return undefined;
  const begun = (await store.listSweeps()).filter(({ id }) => id.startsWith(text));
  return begun.length === 1 ? fromRecord(begun[0]) : undefined;
}

const fromRecord = (record: SweepRecord): FoundSweep => {
  const { id, name, sweep, policy } = record;
  return { id, name, sweep, policy, record, declared: sweeps.find((one) => one.name === name) };
};

export const fromDeclared = (declared: DeclaredSweep): FoundSweep => {
  const { name, sweep, policy = policyFor(sweep.base) } = declared;
  return { id: sweepId(name, sweep), name, sweep, policy, declared };
};

/** A sweep read from a store, or the part of it that was asked for. */
export interface SweepData {
  readonly found: FoundSweep;
  readonly expansion: Expansion;
  readonly policy: string;
  readonly runs: readonly StoredRun[];
}

export interface SweepAsked {
  readonly policy?: string | undefined;
  /** `key=value` or `key=v1,v2`: only runs with one of these values. */
  readonly where?: readonly string[] | undefined;
}

export async function readSweep(store: Store, found: FoundSweep, asked: SweepAsked = {}): Promise<SweepData> {
  const expansion = expand(found.sweep);
  const policy = asked.policy ?? found.policy;
  const decided = found.record?.options["stopWhenDecided"] === true;
  const all = await readSwept(store, expansion, { policy, decided });
  const runs = runsInCells(all, cellsOf(all, asked.where ?? [])) as readonly StoredRun[];
  if (runs.length === 0) throw new UsageError(`--where: no run of ${found.name} is there`);
  return { found, expansion, policy, runs };
}

/** `weightDecay=0.1,0.3` as values that the runs have. @throws UsageError that says which there are */
function cellsOf(runs: readonly StoredRun[], where: readonly string[]): Readonly<Record<string, readonly Value[]>> {
  return Object.fromEntries(
    where.map((text) => {
      const at = text.indexOf("=");
      if (at < 1)
        throw new UsageError(`--where ${JSON.stringify(text)}: give key=value, such as --where weightDecay=0.1`);
      const key = text.slice(0, at).trim();
      const read = valueReader(runs, key);
      const known = new Map(runs.map((run) => read(run)).flatMap((value) => (value === undefined ? [] : [[valueText(value), value] as const]))); // prettier-ignore
      const values = text
        .slice(at + 1)
        .split(",")
        .map((part) => {
          const value = known.get(part.trim()) ?? known.get(String(Number(part)));
          if (value !== undefined) return value;
          const names = [...known.keys()];
          throw new UsageError(`--where ${key}: no run has "${part.trim()}"; there are ${names.join(", ")}${suggestion(part.trim(), names)}`); // prettier-ignore
        });
      return [key, values];
    }),
  );
}
