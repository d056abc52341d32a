import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Kysely } from "kysely";
import { checkpointFolder } from "../checkpoint-folder.ts";
import { StoreError, storeError } from "../errors.ts";
import { makeFolder, realFiles, removeLeftovers, writeWhole } from "../files.ts";
import type { Database } from "../schema.ts";
import type { Checkpoints } from "../sql-store.ts";
import { checkpointTable, createCheckpointTable } from "./checkpoint-table.ts";
import type { PostgresPlace } from "./place.ts";

/** The row of the table `meta` that says where checkpoints lie: chosen once, when the store is made. */
const key = "checkpoints";
const inDatabase = "database";
/** In the shared folder: which store it belongs to. Where a share is not mounted, it is not there. */
const marker = "groklab-store";

/** Remembers the choice, in the transaction that makes the tables. */
export async function chooseCheckpoints(
  tx: Kysely<Database>,
  { checkpoints: folder, schema }: PostgresPlace,
): Promise<void> {
  let value = inDatabase;
  if (folder === undefined) await createCheckpointTable(tx, schema);
  else {
    value = `folder ${globalThis.crypto.randomUUID()}`;
    try {
      makeFolder(realFiles, join(folder, "unfinished"));
      const bytes = new TextEncoder().encode(`${value}\n`);
      writeWhole(realFiles, join(folder, marker), bytes, join(folder, "unfinished"));
    } catch (error) {
      throw storeError(error, folder);
    }
  }
  await tx.insertInto("meta").values({ key, value }).execute();
}

/**
 * The checkpoints of a store whose tables are there.
 * @throws StoreError where the address names another place than it was made with
 */
export async function openCheckpoints(
  db: Kysely<Database>,
  { checkpoints: folder, where }: PostgresPlace,
): Promise<Checkpoints> {
  const row = await db.selectFrom("meta").select("value").where("key", "=", key).executeTakeFirst();
  const chosen = row?.value ?? inDatabase;
  if (chosen === inDatabase) {
    if (folder === undefined) return checkpointTable(db, where);
    throw new StoreError(`${where}: its checkpoints lie in the database; leave checkpoints= out`);
  }
  if (folder === undefined) {
    throw new StoreError(`${where}: its checkpoints lie in a folder; name it with ?checkpoints=FOLDER`);
  }
  if (markerOf(folder) !== chosen) {
    throw new StoreError(`${where}: ${folder} is not the folder of its checkpoints; is the share mounted?`);
  }
  const temporary = join(folder, "unfinished");
  try {
    makeFolder(realFiles, temporary);
    removeLeftovers(temporary, Date.now());
  } catch (error) {
    throw storeError(error, folder);
  }
  return checkpointFolder(join(folder, "checkpoints"), temporary, realFiles);
}

function markerOf(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, marker), "utf8").trim();
  } catch {
    return undefined;
  }
}
