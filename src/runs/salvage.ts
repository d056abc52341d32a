import { copyFileSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Eval } from "../train/eval.ts";
import type { CheckpointFolder } from "./checkpoint-folder.ts";
import { DamagedError } from "./errors.ts";
import { connect, type Connection } from "./libsql-dialect.ts";
import { newRow } from "./run-row.ts";
import type { RunRow } from "./schema.ts";
import { mergeEvals, unpackEvals } from "./series.ts";
import type { SqlRuns } from "./sql-runs.ts";

/**
 * Lists again, in a new database, what lost ones held: from their readable pages, and from the checkpoints. Done again it
 * changes nothing.
 * @param lost databases that were set aside, oldest first
 */
export async function salvage(
  runs: SqlRuns,
  checkpoints: CheckpointFolder,
  lost: readonly string[],
  temporary: string,
  onWarning: (message: string) => void,
): Promise<{ readonly fromDatabase: number; readonly fromCheckpoints: number }> {
  let fromDatabase = 0;
  let fromCheckpoints = 0;
  // The newest first: where two hold a run, its row of the newer one counts.
  for (const { row, evals } of [...lost].reverse().flatMap((file) => readable(file, temporary))) {
    await runs.restore(row, evals);
    fromDatabase++;
  }
  for (const id of checkpoints.runs()) {
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
  for (const step of [...checkpoints.steps(id)].reverse()) {
    try {
      return checkpoints.load(id, step);
    } catch (error) {
      if (!(error instanceof DamagedError)) throw error;
      onWarning(error.message);
    }
  }
  return undefined;
}

/** The runs of a damaged database as far as SQLite can still read them. */
function readable(file: string, temporary: string): readonly { row: RunRow; evals: readonly Eval[] }[] {
  // From a copy: reading could change what was set aside.
  const copy = join(temporary, `salvage.${process.pid}.${globalThis.crypto.randomUUID()}.tmp`);
  const suffixes = ["", "-wal"];
  try {
    for (const suffix of suffixes) if (existsSync(file + suffix)) copyFileSync(file + suffix, copy + suffix);
    const connection = connect(copy);
    try {
      const rows = readRows(connection);
      return rows.map((row) => ({ row, evals: readEvals(connection, row.id) }));
    } finally {
      connection.close();
    }
  } catch {
    return []; // nothing of it can be read
  } finally {
    for (const suffix of [...suffixes, "-shm"]) rmSync(copy + suffix, { force: true });
  }
}

/** So many rows that are gone or unreadable, one after the other, count as the end of the table. */
const endAfter = 2000;

/** Row by row, because one bad page must cost no more than the rows on it. */
function readRows(connection: Connection): readonly RunRow[] {
  const rows: RunRow[] = [];
  const select = connection.prepare("select * from runs where rowid = ?");
  for (let rowid = 1, missed = 0; missed < endAfter; rowid++, missed++) {
    const row = attempt(() => select.all([rowid])[0] as RunRow | undefined);
    if (row === undefined || !isWhole(row)) continue;
    rows.push(row);
    missed = 0;
  }
  return rows;
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined; // on a damaged page
  }
}

function isWhole(row: RunRow): boolean {
  try {
    for (const json of [row.plan, row.last, row.verdict]) if (json !== null) JSON.parse(json);
    return typeof row.id === "string" && typeof row.status === "string" && Number.isSafeInteger(row.step);
  } catch {
    return false;
  }
}

function readEvals(connection: Connection, id: string): readonly Eval[] {
  const parts: (readonly Eval[])[] = [];
  const select = connection.prepare("select data from series where run_id = ? and seq = ?");
  for (let seq = 0, missed = 0; missed < 100; seq++, missed++) {
    const row = attempt(() => select.all([id, seq])[0] as { data: Uint8Array } | undefined);
    if (row === undefined) continue;
    parts.push(unpackEvals(row.data));
    missed = 0;
  }
  return mergeEvals(parts);
}
