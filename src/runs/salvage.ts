import { copyFileSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Eval } from "../train/eval.ts";
import type { CheckpointFile } from "./checkpoint-file.ts";
import type { CheckpointFolder } from "./checkpoint-folder.ts";
import { DamagedError, isDamage, storeError } from "./errors.ts";
import { connect, type Connection } from "./libsql-dialect.ts";
import { checkedId, newRow } from "./run-row.ts";
import type { RunRow, SweepRow } from "./schema.ts";
import { mergeEvals } from "./series.ts";
import { unpackEvals } from "./series-blob.ts";
import type { SqlRuns } from "./sql-runs.ts";
import { type SqlSweeps, toSweepRecord } from "./sql-sweeps.ts";

/**
 * Lists again, in a new database, what lost ones held: from their readable pages, and from the checkpoints. Done again it
 * changes nothing.
 * @param lost databases that were set aside, oldest first
 */
export async function salvage(
  runs: SqlRuns,
  sweeps: SqlSweeps,
  checkpoints: CheckpointFolder,
  lost: readonly string[],
  temporary: string,
  onWarning: (message: string) => void,
): Promise<{ readonly fromDatabase: number; readonly fromCheckpoints: number }> {
  let fromDatabase = 0;
  let fromCheckpoints = 0;
  // The newest first: where two hold a run, its row of the newer one counts.
  for (const found of [...lost].reverse().map((file) => readable(file, temporary))) {
    for (const { row, evals } of found.runs) await runs.restore(row, evals);
    for (const row of found.sweeps) await sweeps.restore(row);
    fromDatabase += found.runs.length;
  }
  for (const id of checkpoints.runs()) {
    // Without a lost database what is known comes whole, from the segments of shards.
    if (lost.length === 0 && (await runs.find(id))) continue;
    const file = newest(checkpoints, id, onWarning);
    if (!file) continue;
    if (!(await runs.find(id))) fromCheckpoints++;
    const row: RunRow = {
      ...newRow(id, file.plan, file.software, file.createdAt),
      status: "stopped",
      note: `recovered from its checkpoint at step ${file.checkpoint.step}`,
    };
    await runs.restore(row, file.evals);
  }
  return { fromDatabase, fromCheckpoints };
}

function newest(checkpoints: CheckpointFolder, id: string, onWarning: (message: string) => void) {
  const whole = (read: () => CheckpointFile | undefined): CheckpointFile | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof DamagedError)) throw error;
      onWarning(error.message);
      return undefined;
    }
  };
  const resume = whole(() => checkpoints.loadResume(id));
  for (const step of [...checkpoints.steps(id)].reverse()) {
    if (resume && resume.checkpoint.step >= step) return resume;
    const file = whole(() => checkpoints.load(id, step));
    if (file) return file;
  }
  return resume;
}

/**
 * The runs of a damaged database as far as SQLite can still read them.
 * @throws StoreError where it cannot even be copied: that is no damage, and may be better the next time
 */
function readable(file: string, temporary: string): Readable {
  if (!existsSync(file)) return nothing;
  // From a copy: reading could change what was set aside.
  const copy = join(temporary, `salvage.${process.pid}.${globalThis.crypto.randomUUID()}.tmp`);
  const suffixes = ["", "-wal"];
  try {
    for (const suffix of suffixes) if (existsSync(file + suffix)) copyFileSync(file + suffix, copy + suffix);
    const connection = connect(copy);
    try {
      return {
        runs: readRows(connection, "runs", isWhole).map((row) => ({ row, evals: readEvals(connection, row.id) })),
        sweeps: readRows(connection, "sweeps", isWholeSweep),
      };
    } finally {
      connection.close();
    }
  } catch (error) {
    if (isDamage(error)) return nothing; // nothing of it can be read
    throw storeError(error, file);
  } finally {
    for (const suffix of [...suffixes, "-shm"]) rmSync(copy + suffix, { force: true });
  }
}

interface Readable {
  readonly runs: readonly { readonly row: RunRow; readonly evals: readonly Eval[] }[];
  readonly sweeps: readonly SweepRow[];
}
const nothing: Readable = { runs: [], sweeps: [] };

/** So many rows that are gone or unreadable, one after the other, count as the end of a table whose end is unknown. */
const endAfter = 2000;
/** And so many as the end of any: the last row's number may itself be a damaged one. */
const giveUpAfter = 1_000_000;

/** Row by row, because one bad page must cost no more than the rows on it. */
function readRows<T>(connection: Connection, table: string, isWhole: (row: T) => boolean): readonly T[] {
  const rows: T[] = [];
  const first = rowReader(connection, `select rowid as at, * from ${table} where rowid > ? order by rowid limit 1`);
  const exact = rowReader(connection, `select rowid as at, * from ${table} where rowid = ?`);
  const last = rowReader(connection, `select max(rowid) as at from ${table}`)([])?.["at"];
  const [end, misses] = typeof last === "number" ? [last, giveUpAfter] : [Infinity, endAfter];
  for (let at = 0, missed = 0; at < end && missed < misses; missed++) {
    // The next row, over any gap; where the way to it is damaged, number by number.
    const next = first([at]);
    const found = next && Number(next["at"]) > at ? next : exact([at + 1]);
    at = found ? Number(found["at"]) : at + 1;
    if (!found) continue;
    missed = 0;
    const { at: _, ...row } = found;
    if (isWhole(row as T)) rows.push(row as T);
  }
  return rows;
}

type Row = Readonly<Record<string, unknown>>;

/** A query for one row; undefined also where that is on a damaged page, or the whole table is gone. */
function rowReader(connection: Connection, sql: string): (parameters: readonly unknown[]) => Row | undefined {
  const select = attempt(() => connection.prepare(sql));
  return (parameters) => select && attempt(() => select.all(parameters)[0] as Row | undefined);
}

/** @throws what is no damage but the system's refusal: a full disk, no permission, no memory */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (/^SQLITE_(FULL|PERM|READONLY|CANTOPEN|NOMEM|BUSY)/.test(String((error as { code?: unknown }).code)))
      throw error;
    return undefined;
  }
}

const texts = ["group", "task", "model", "plan", "status", "created_at", "updated_at", "software"] as const;

function isWhole(row: RunRow): boolean {
  try {
    checkedId(row.id);
    for (const json of [row.plan, row.last, row.verdict]) if (json !== null) JSON.parse(json);
    const numbers = [row.step, row.seed, row.seconds];
    return texts.every((name) => typeof row[name] === "string") && numbers.every(Number.isFinite);
  } catch {
    return false;
  }
}

function isWholeSweep(row: SweepRow): boolean {
  try {
    toSweepRecord(row, "");
    const { id, name, command, policy, created_at, updated_at } = row;
    return [id, name, command, policy, created_at, updated_at].every((text) => typeof text === "string");
  } catch {
    return false;
  }
}

function readEvals(connection: Connection, id: string): readonly Eval[] {
  const parts: (readonly Eval[])[] = [];
  const read = rowReader(connection, "select data from series where run_id = ? and seq = ?");
  for (let seq = 0, missed = 0; missed < 100; seq++, missed++) {
    const data = read([id, seq])?.["data"];
    if (!(data instanceof Uint8Array)) continue;
    parts.push(unpackEvals(data));
    missed = 0;
  }
  return mergeEvals(parts);
}
