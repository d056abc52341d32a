import type { Kysely } from "kysely";
import { quoted } from "../options.ts";
import { DamagedError } from "./errors.ts";
import type { Database, SweepRow } from "./schema.ts";
import type { NewSweep, SweepRecord } from "./store.ts";

export type SqlSweeps = ReturnType<typeof sqlSweeps>;

/** What a store asks of its table of sweeps, in SQL that SQLite and PostgreSQL both speak. */
export function sqlSweeps(db: Kysely<Database>, now: () => string = () => new Date().toISOString()) {
  async function save({ id, name, sweep, command, policy, options }: NewSweep): Promise<SweepRow> {
    const at = now();
    const row: SweepRow = {
      ...{ id, name, sweep: JSON.stringify(sweep), command: withoutNul(command) },
      ...{ policy, options: JSON.stringify(options), created_at: at, updated_at: at },
    };
    const { id: _, created_at: __, ...changing } = row;
    return db
      .insertInto("sweeps")
      .values(row)
      .onConflict((conflict) => conflict.column("id").doUpdateSet(changing))
      .returningAll()
      .executeTakeFirstOrThrow();
  }

  const newestFirst = () => db.selectFrom("sweeps").selectAll().orderBy("updated_at", "desc").orderBy("id", "desc");

  const list = (): Promise<SweepRow[]> => newestFirst().execute();

  async function find(nameOrId: string): Promise<SweepRow | undefined> {
    const exact = await newestFirst().where("id", "=", nameOrId).executeTakeFirst();
    return exact ?? newestFirst().where("name", "=", nameOrId).limit(1).executeTakeFirst();
  }

  async function remove(id: string): Promise<void> {
    await db.deleteFrom("sweeps").where("id", "=", id).execute();
  }

  /** Puts back what was saved from a lost database, where it is not there. */
  async function restore(row: SweepRow): Promise<void> {
    await db
      .insertInto("sweeps")
      .values(row)
      .onConflict((conflict) => conflict.column("id").doNothing())
      .execute();
  }

  return { save, list, find, remove, restore };
}

export const sweepRow = ({ sweep, options, createdAt, updatedAt, ...same }: SweepRecord): SweepRow => ({
  ...same,
  ...{ sweep: JSON.stringify(sweep), options: JSON.stringify(options), created_at: createdAt, updated_at: updatedAt },
});

/** SQLite would end the text there. */
const withoutNul = (text: string): string => text.replaceAll("\0", "");

/** @throws DamagedError where the row's JSON is not whole */
export function toSweepRecord(row: SweepRow, where: string): SweepRecord {
  const { id, name, command, policy, created_at, updated_at } = row;
  try {
    return {
      id,
      name,
      sweep: JSON.parse(row.sweep) as SweepRecord["sweep"],
      command,
      policy,
      options: JSON.parse(row.options) as SweepRecord["options"],
      createdAt: created_at,
      updatedAt: updated_at,
    };
  } catch {
    throw new DamagedError(where, `what it says of sweep ${quoted(String(id))} is not whole`);
  }
}
