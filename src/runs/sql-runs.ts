import type { CompiledQuery, Kysely } from "kysely";
import type { Eval } from "../train/eval.ts";
import type { Plan } from "../train/experiment.ts";
import { BusyError } from "./errors.ts";
import type { Lease } from "./lease.ts";
import { endingColumns, newRow } from "./run-row.ts";
import { type Database, type RecordRow, recordColumns, type RunRow } from "./schema.ts";
import { evalToJson, mergeEvals } from "./series.ts";
import { packEvals, unpackEvals } from "./series-blob.ts";
import type { Ending, RunQuery } from "./store.ts";

/** Where the writing of a claimed run stands: kept by its holder, who is the only one to write. */
export interface Cursor {
  /** Number of the next series row. */
  seq: number;
  /** The stored evaluation with the highest step. */
  last: Eval | undefined;
}

/** Ids looked up by one statement. */
const idsAtOnce = 500;

export type SqlRuns = ReturnType<typeof sqlRuns>;

/** Everything that a store asks of its tables, in SQL that SQLite and PostgreSQL both speak. */
export function sqlRuns(db: Kysely<Database>, now: () => string = () => new Date().toISOString()) {
  async function find(id: string): Promise<RecordRow | undefined> {
    return db.selectFrom("runs").select(recordColumns).where("id", "=", id).executeTakeFirst();
  }

  /** In no particular order. */
  async function findAll(ids: readonly string[]): Promise<RecordRow[]> {
    const rows: RecordRow[] = [];
    for (let at = 0; at < ids.length; at += idsAtOnce) {
      const some = ids.slice(at, at + idsAtOnce);
      // Always as many: one statement, prepared once.
      while (some.length < idsAtOnce) some.push("");
      rows.push(...(await db.selectFrom("runs").select(recordColumns).where("id", "in", some).execute()));
    }
    return rows;
  }

  async function list({ task, model, status, label, limit }: RunQuery): Promise<RecordRow[]> {
    let query = db.selectFrom("runs").select(recordColumns).orderBy("created_at", "desc").orderBy("id", "desc");
    for (const [column, value] of Object.entries({ task, model, status, label })) {
      if (value !== undefined) query = query.where(column as "task", "=", value);
    }
    return (limit === undefined ? query : query.limit(limit)).execute();
  }

  async function readSeries(from: Kysely<Database>, id: string): Promise<readonly Eval[]> {
    const rows = await from.selectFrom("series").select("data").where("run_id", "=", id).orderBy("seq").execute();
    return mergeEvals(rows.map(({ data }) => unpackEvals(data)));
  }

  /**
   * Puts the lease on the run, making its row where it is new. Done again with the same lease it changes nothing.
   * @param holder who holds a lease now, in words, or undefined
   * @throws BusyError
   */
  async function claim(
    id: string,
    plan: Plan,
    lease: Lease,
    software: string,
    holder: (lease: Lease | undefined) => string | undefined,
  ): Promise<Cursor> {
    await db
      .insertInto("runs")
      .values(newRow(id, plan, software, now()))
      .onConflict((conflict) => conflict.column("id").doNothing())
      .execute();
    const found = await db
      .selectFrom("runs")
      .select(["lease_owner", "lease_expires", "last"])
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
    // Its own lease means that this is asked again: the first answer was lost with the connection.
    const held = found.lease_owner === lease.owner ? undefined : holder(leaseOf(found));
    if (held !== undefined) throw new BusyError(id, held);
    // Only from the lease just seen: of two processes that saw the same one, one finds it changed.
    const taken = await db
      .updateTable("runs")
      .set({ lease_owner: lease.owner, lease_expires: lease.expires, software, updated_at: now() })
      .set((eb) => ({
        status: eb.case().when("status", "in", ["finished", "diverged"]).then(eb.ref("status")).else("running").end(),
      }))
      .where("id", "=", id)
      .where("lease_owner", found.lease_owner === null ? "is" : "=", found.lease_owner)
      .executeTakeFirst();
    if (Number(taken.numUpdatedRows) !== 1) throw new BusyError(id, "another process");
    const end = await db
      .selectFrom("series")
      .select((eb) => eb.fn.max("seq").as("seq"))
      .where("run_id", "=", id)
      .executeTakeFirstOrThrow();
    const evals = found.last === null ? [] : await readSeries(db, id);
    return { seq: Number(end.seq ?? -1) + 1, last: evals.at(-1) };
  }

  // Appending happens at every evaluation: compiled once, it costs half.
  const touch = db
    .updateTable("runs")
    .set({ step: 0, last: "", updated_at: "", lease_expires: 0 })
    .where("id", "=", "")
    .where("lease_owner", "=", "")
    .compile();
  // Where the answer to the first try was lost with the connection, the row is there already, and the same.
  const insert = db
    .insertInto("series")
    .values({ run_id: "", seq: 0, data: new Uint8Array() })
    .onConflict((conflict) =>
      conflict.columns(["run_id", "seq"]).doUpdateSet((eb) => ({ data: eb.ref("excluded.data") })),
    )
    .compile();
  const filled = <T>(query: CompiledQuery<T>, parameters: readonly unknown[]): CompiledQuery<T> => ({
    ...query,
    parameters,
  });

  /** @throws BusyError when the lease is no longer on the run */
  async function append(id: string, lease: Lease, cursor: Cursor, evals: readonly Eval[]): Promise<void> {
    const last = mergeEvals([cursor.last ? [cursor.last] : [], evals]).at(-1);
    if (!last || evals.length === 0) return;
    await db.transaction().execute(async (tx) => {
      const values = [last.step, evalToJson(last), now(), lease.expires, id, lease.owner];
      const { numAffectedRows } = await tx.executeQuery(filled(touch, values));
      if (Number(numAffectedRows) !== 1) throw new BusyError(id, "another process, which took it over");
      await tx.executeQuery(filled(insert, [id, cursor.seq, packEvals(evals)]));
    });
    cursor.seq++;
    cursor.last = last;
  }

  /** Moves the lease on. @returns whether it was still there */
  async function renew(id: string, lease: Lease): Promise<boolean> {
    const { numUpdatedRows } = await db
      .updateTable("runs")
      .set({ lease_expires: lease.expires })
      .where("id", "=", id)
      .where("lease_owner", "=", lease.owner)
      .executeTakeFirst();
    return Number(numUpdatedRows) === 1;
  }

  /**
   * Writes the ending and joins the series into one row. Done again with the same `at` it changes nothing.
   * @param at the time of the ending, which tells it from any other
   * @throws BusyError when the lease is no longer on the run
   */
  async function finish(id: string, owner: string, ending: Ending, at: string): Promise<void> {
    await db.transaction().execute(async (tx) => {
      const { numUpdatedRows } = await tx
        .updateTable("runs")
        .set({ ...endingColumns(ending), updated_at: at, lease_owner: null, lease_expires: null })
        .set((eb) => ({ seconds: eb("seconds", "+", ending.seconds) }))
        .where("id", "=", id)
        .where("lease_owner", "=", owner)
        .executeTakeFirst();
      if (Number(numUpdatedRows) !== 1) {
        if (await hasEnded(tx, id, ending, at)) return;
        throw new BusyError(id, "another process, which took it over");
      }
      await replaceSeries(tx, id, await readSeries(tx, id));
    });
  }

  /**
   * Puts a whole run in place of a claimed one, and takes the lease off. Done again it changes nothing.
   * @throws BusyError when the lease is no longer on the run
   */
  async function replace(owner: string, row: RunRow, evals: readonly Eval[]): Promise<void> {
    const { id, ...columns } = { ...row, lease_owner: null, lease_expires: null };
    await db.transaction().execute(async (tx) => {
      const run = tx.updateTable("runs").set(columns).where("id", "=", id);
      const { numUpdatedRows } = await run.where("lease_owner", "=", owner).executeTakeFirst();
      if (Number(numUpdatedRows) !== 1) {
        const found = await tx.selectFrom("runs").select(["updated_at", "lease_owner"]).where("id", "=", id).execute();
        if (found[0]?.updated_at === row.updated_at && found[0].lease_owner === null) return;
        throw new BusyError(id, "another process, which took it over");
      }
      await replaceSeries(tx, id, evals);
    });
  }

  /** Whether this very ending is written already. */
  async function hasEnded(tx: Kysely<Database>, id: string, ending: Ending, at: string): Promise<boolean> {
    const { status, note, verdict } = endingColumns(ending);
    const found = await tx
      .selectFrom("runs")
      .select(["status", "note", "verdict"])
      .where("id", "=", id)
      .where("updated_at", "=", at)
      .where("lease_owner", "is", null)
      .executeTakeFirst();
    return found?.status === status && found.note === note && found.verdict === verdict;
  }

  async function replaceSeries(tx: Kysely<Database>, id: string, evals: readonly Eval[]): Promise<void> {
    await tx.deleteFrom("series").where("run_id", "=", id).execute();
    if (evals.length === 0) return;
    await tx
      .insertInto("series")
      .values({ run_id: id, seq: 0, data: packEvals(evals) })
      .execute();
  }

  async function release(id: string, lease: Lease): Promise<void> {
    await db
      .updateTable("runs")
      .set({ lease_owner: null, lease_expires: null, updated_at: now() })
      .set((eb) => ({
        status: eb.case().when("status", "=", "running").then("stopped").else(eb.ref("status")).end(),
      }))
      .where("id", "=", id)
      .where("lease_owner", "=", lease.owner)
      .execute();
  }

  /**
   * Removes the run with its series, if its lease still is the one that was seen.
   * @throws BusyError when another process has claimed it since
   */
  async function remove(id: string, seen: Lease | undefined): Promise<void> {
    const is = seen === undefined ? "is" : "=";
    await db.transaction().execute(async (tx) => {
      const { numDeletedRows } = await tx
        .deleteFrom("runs")
        .where("id", "=", id)
        .where("lease_owner", is, seen?.owner ?? null)
        .where("lease_expires", is, seen?.expires ?? null)
        .executeTakeFirst();
      if (Number(numDeletedRows) === 0) {
        const found = await tx.selectFrom("runs").select("id").where("id", "=", id).executeTakeFirst();
        if (found) throw new BusyError(id, "another process");
      }
      await tx.deleteFrom("series").where("run_id", "=", id).execute();
    });
  }

  /** Puts back what was saved from a lost database: the row where there is none, the evaluations that are missing. */
  async function restore(row: RunRow, evals: readonly Eval[]): Promise<void> {
    await db.transaction().execute(async (tx) => {
      await tx
        .insertInto("runs")
        .values({ ...row, lease_owner: null, lease_expires: null })
        .onConflict((conflict) => conflict.column("id").doNothing())
        .execute();
      const known = await readSeries(tx, row.id);
      const all = mergeEvals([evals, known]);
      // Not even the row numbers of a series that lacks nothing may change: its writer counts on.
      if (all.length === known.length) return;
      await replaceSeries(tx, row.id, all);
      const last = all.at(-1);
      if (!last) return;
      await tx
        .updateTable("runs")
        .set({ step: last.step, last: evalToJson(last) })
        .where("id", "=", row.id)
        .execute();
    });
  }

  return {
    find,
    findAll,
    list,
    claim,
    append,
    renew,
    finish,
    replace,
    release,
    remove,
    restore,
    evals: (id: string) => readSeries(db, id),
  };
}

export function leaseOf(row: Pick<RunRow, "lease_owner" | "lease_expires">): Lease | undefined {
  if (row.lease_owner === null) return undefined;
  return { owner: row.lease_owner, expires: Number(row.lease_expires ?? 0) };
}
