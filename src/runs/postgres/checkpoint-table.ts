import { type Kysely, sql } from "kysely";
import { UsageError } from "../../options.ts";
import { FormatError } from "../../tensor/formats/format-error.ts";
import { type CheckpointFile, decodeCheckpoint, encodeCheckpoint } from "../checkpoint-file.ts";
import { BusyError, DamagedError } from "../errors.ts";
import type { Database } from "../schema.ts";
import type { Checkpoints } from "../sql-store.ts";
import type { Claim } from "../store.ts";
import { postgresTypes } from "./connections.ts";

/** The name, in place of a step, of the checkpoint that is only kept to go on from. */
const resume = "resume";

/** Bytes of one row. A value of PostgreSQL may have 1 GB, but passes through memory several times, as text of twice its length. */
const partBytes = 4 * 2 ** 20;

export async function createCheckpointTable(db: Kysely<Database>, schema: string): Promise<void> {
  const { text, bytes } = postgresTypes;
  await db.schema
    .createTable("checkpoints")
    .addColumn("run_id", text, (column) => column.notNull().references("runs.id").onDelete("cascade"))
    .addColumn("name", text, (column) => column.notNull())
    .addColumn("part", "integer", (column) => column.notNull())
    .addColumn("data", bytes, (column) => column.notNull())
    .addPrimaryKeyConstraint("checkpoints_key", ["run_id", "name", "part"])
    .execute();
  // Weights cannot be made smaller: trying costs the server time at every one.
  await sql`alter table ${sql.id(schema, "checkpoints")} alter column data set storage external`.execute(db);
}

/** Checkpoints in the database: the files of a folder store, to the byte, in pieces. */
export function checkpointTable(db: Kysely<Database>, place: string): Checkpoints {
  const of = (run: string, name: string) =>
    db.selectFrom("checkpoints").where("run_id", "=", run).where("name", "=", name);

  async function names(run: string): Promise<readonly string[]> {
    const query = db.selectFrom("checkpoints").select("name").where("run_id", "=", run).where("part", "=", 0);
    return (await query.execute()).map(({ name }) => name);
  }

  async function steps(run: string): Promise<readonly number[]> {
    const found = (await names(run)).filter((name) => /^\d+$/.test(name));
    return found.map(Number).sort((a, b) => a - b);
  }

  /** Whole or not at all, and only while the claim holds. */
  async function write(file: CheckpointFile, name: string, { owner }: Claim): Promise<void> {
    const bytes = encodeCheckpoint(file);
    await db.transaction().execute(async (tx) => {
      const held = await tx
        .selectFrom("runs")
        .select("id")
        .where("id", "=", file.run)
        .where("lease_owner", "=", owner)
        .forShare()
        .executeTakeFirst();
      if (!held) throw new BusyError(file.run, "another process, which took it over");
      await tx.deleteFrom("checkpoints").where("run_id", "=", file.run).where("name", "=", name).execute();
      for (let part = 0; part * partBytes < bytes.length; part++) {
        const data = bytes.subarray(part * partBytes, (part + 1) * partBytes);
        await tx.insertInto("checkpoints").values({ run_id: file.run, name, part, data }).execute();
      }
    });
  }

  /** Undefined where there is none. */
  async function read(run: string, name: string): Promise<CheckpointFile | undefined> {
    const parts: Uint8Array[] = [];
    for (;;) {
      const next = await of(run, name).select("data").where("part", "=", parts.length).executeTakeFirst();
      if (!next) break;
      parts.push(next.data);
      if (next.data.length < partBytes) break;
    }
    if (parts.length === 0) return undefined;
    try {
      const file = decodeCheckpoint(joined(parts));
      if (file.run !== run || (name !== resume && String(file.checkpoint.step) !== name)) {
        throw new FormatError(`it is of run ${file.run}, step ${file.checkpoint.step}`);
      }
      return file;
    } catch (error) {
      if (error instanceof FormatError || error instanceof SyntaxError) throw await setAside(run, name, error.message);
      throw error;
    }
  }

  /** Renames it, so that it is found no more and can be looked at. */
  async function setAside(run: string, name: string, why: string): Promise<DamagedError> {
    const what = `${place}: the checkpoint ${name} of run ${run}`;
    const aside = `${name}.damaged-${new Date().toISOString()}`;
    try {
      await db
        .updateTable("checkpoints")
        .set({ name: aside })
        .where("run_id", "=", run)
        .where("name", "=", name)
        .execute();
      return new DamagedError(what, why, `name ${aside} in the table checkpoints`);
    } catch {
      return new DamagedError(what, why); // a user who may only read
    }
  }

  async function remove(run: string, name?: string): Promise<void> {
    const all = db.deleteFrom("checkpoints").where("run_id", "=", run);
    await (name === undefined ? all : all.where("name", "=", name)).execute();
  }

  return {
    steps,
    save: (file, claim) => write(file, String(file.checkpoint.step), claim),
    saveResume: (file, claim) => write(file, resume, claim),
    async load(run, step) {
      const file = await read(run, String(step));
      if (file) return file;
      const stored = (await steps(run)).join(", ");
      throw new UsageError(`run ${run} has no checkpoint at step ${step}; stored: ${stored === "" ? "none" : stored}`);
    },
    loadResume: (run) => read(run, resume),
    removeResume: (run) => remove(run, resume),
    remove: (run) => remove(run),
  };
}

/** In one piece, at an address that float64 arrays may begin at. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
