import { type Expression, type Kysely, sql } from "kysely";
import { StoreError } from "./errors.ts";

/** One row per run. Everything that a list shows, no curves and no weights. */
export interface RunRow {
  id: string;
  /** The id without its seed: what the seeds of one Plan share. */
  group: string;
  task: string;
  model: string;
  seed: number;
  /** JSON. */
  plan: string;
  status: string;
  step: number;
  created_at: string;
  updated_at: string;
  seconds: number;
  software: string;
  /** JSON of series.ts. */
  last: string | null;
  /** JSON. */
  verdict: string | null;
  label: string | null;
  fit_step: number | null;
  generalize_step: number | null;
  delay: number | null;
  weights_hash: string | null;
  note: string | null;
  lease_owner: string | null;
  /** Milliseconds since 1970. */
  lease_expires: number | null;
}

/** The columns that a record is made of; the others are copies of parts of them, to search and sort by. */
export const recordColumns = [
  ...(["id", "plan", "status", "step", "created_at", "updated_at", "seconds", "software"] as const),
  ...(["last", "verdict", "weights_hash", "note", "lease_owner", "lease_expires"] as const),
];
export type RecordRow = Pick<RunRow, (typeof recordColumns)[number]>;

/** Evaluations in the order in which they were stored; a later row's evaluation of a step replaces an earlier one's. */
export interface SeriesRow {
  run_id: string;
  seq: number;
  /** Rows of series.ts. */
  data: Uint8Array;
}

/** One row per sweep; its runs are found by the ids of its Plans. */
export interface SweepRow {
  id: string;
  name: string;
  /** JSON. */
  sweep: string;
  command: string;
  policy: string;
  /** JSON. */
  options: string;
  created_at: string;
  updated_at: string;
}

/** A piece of a checkpoint's file, in stores that keep checkpoints in a table. */
export interface CheckpointRow {
  run_id: string;
  /** The step, or `resume`; of one that was found damaged with `.damaged` behind it. */
  name: string;
  part: number;
  data: Uint8Array;
}

export interface Database {
  meta: { key: string; value: string };
  checkpoints: CheckpointRow;
  runs: RunRow;
  series: SeriesRow;
  sweeps: SweepRow;
}

/** What databases call the same things differently. */
export interface ColumnTypes {
  readonly bytes: "blob" | "bytea";
  readonly number: "real" | "double precision";
  /** Compared by its bytes, whatever language the database speaks. */
  readonly text: "text" | Expression<unknown>;
  /** Behind `create table series`: keeps the rows of a run together where the database can. */
  readonly clustered?: string;
}

export const schemaVersion = 2;

/** What a kind of database does beside the migration, in its transaction. */
export interface Around {
  /** Takes a lock that keeps other processes out, where a write alone does not. */
  readonly before?: (tx: Kysely<Database>) => Promise<void>;
  /** Makes what only this kind has, in tables that are made anew. */
  readonly created?: (tx: Kysely<Database>) => Promise<void>;
}

/**
 * Makes the tables, or brings older ones up to date. Safe to call from several processes at once.
 * @throws StoreError where a newer groklab made them
 */
export async function migrate(
  db: Kysely<Database>,
  types: ColumnTypes,
  where: string,
  { before, created }: Around = {},
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await before?.(tx);
    // First of all a write, which takes the lock: the version read next cannot change under our hands.
    await tx.schema
      .createTable("meta")
      .ifNotExists()
      .addColumn("key", "text", (column) => column.primaryKey())
      .addColumn("value", "text", (column) => column.notNull())
      .execute();
    const found = await tx.selectFrom("meta").select("value").where("key", "=", "version").executeTakeFirst();
    const version = Number(found?.value ?? 0);
    if (isCurrent(version, where)) return;
    if (version < 1) await createRuns(tx, types);
    if (version < 2) await createSweeps(tx, types);
    if (version < 1) await created?.(tx);
    const rows = { application: "groklab", version: String(schemaVersion) };
    await tx
      .insertInto("meta")
      .values(Object.entries(rows).map(([key, value]) => ({ key, value })))
      .onConflict((conflict) => conflict.column("key").doUpdateSet((eb) => ({ value: eb.ref("excluded.value") })))
      .execute();
  });
}

/** Whether tables of this version need no change. @throws StoreError where a newer groklab made them */
export function isCurrent(version: number, where: string): boolean {
  if (version <= schemaVersion) return version === schemaVersion;
  throw new StoreError(
    `${where}: written by a newer groklab (version ${version} of its tables, known here: ${schemaVersion}); update groklab`,
  );
}

/** Version 2. */
async function createSweeps(db: Kysely<Database>, { text }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable("sweeps")
    .addColumn("id", text, (column) => column.primaryKey())
    .addColumn("name", text, (column) => column.notNull())
    .addColumn("sweep", text, (column) => column.notNull())
    .addColumn("command", text, (column) => column.notNull())
    .addColumn("policy", text, (column) => column.notNull())
    .addColumn("options", text, (column) => column.notNull())
    .addColumn("created_at", text, (column) => column.notNull())
    .addColumn("updated_at", text, (column) => column.notNull())
    .execute();
}

/** Version 1. */
async function createRuns(db: Kysely<Database>, { bytes, number, text, clustered }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable("runs")
    .addColumn("id", text, (column) => column.primaryKey())
    .addColumn("group", text, (column) => column.notNull())
    .addColumn("task", text, (column) => column.notNull())
    .addColumn("model", text, (column) => column.notNull())
    .addColumn("seed", "bigint", (column) => column.notNull())
    .addColumn("plan", text, (column) => column.notNull())
    .addColumn("status", text, (column) => column.notNull())
    .addColumn("step", "bigint", (column) => column.notNull())
    .addColumn("created_at", text, (column) => column.notNull())
    .addColumn("updated_at", text, (column) => column.notNull())
    .addColumn("seconds", number, (column) => column.notNull())
    .addColumn("software", text, (column) => column.notNull())
    .addColumn("last", text)
    .addColumn("verdict", text)
    .addColumn("label", text)
    .addColumn("fit_step", "bigint")
    .addColumn("generalize_step", "bigint")
    .addColumn("delay", "bigint")
    .addColumn("weights_hash", text)
    .addColumn("note", text)
    .addColumn("lease_owner", text)
    .addColumn("lease_expires", number)
    .execute();
  for (const column of ["group", "task", "model", "status", "label", "generalize_step", "created_at"] as const) {
    await db.schema.createIndex(`runs_${column}`).on("runs").column(column).execute();
  }
  const series = db.schema
    .createTable("series")
    .addColumn("run_id", text, (column) => column.notNull().references("runs.id").onDelete("cascade"))
    .addColumn("seq", "integer", (column) => column.notNull())
    .addColumn("data", bytes, (column) => column.notNull())
    .addPrimaryKeyConstraint("series_key", ["run_id", "seq"]);
  await (clustered === undefined ? series : series.modifyEnd(sql.raw(clustered))).execute();
}
