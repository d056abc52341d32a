import { Kysely } from "kysely";
import { join } from "node:path";
import { checkpointFolder } from "./checkpoint-folder.ts";
import { DamagedError, isDamage, storeError } from "./errors.ts";
import { type FileSystem, makeFolder, realFiles, removeLeftovers } from "./files.ts";
import { libsqlDialect, sqliteTypes } from "./libsql-dialect.ts";
import { openDatabase, suspect } from "./open-database.ts";
import { type ProcessIdentity, thisProcess } from "./process-identity.ts";
import { beginRecovery, endRecovery, unfinishedRecovery } from "./recovery-marker.ts";
import { salvage } from "./salvage.ts";
import { absorber } from "./segments/absorb.ts";
import { type Database, migrate } from "./schema.ts";
import { sqlRuns } from "./sql-runs.ts";
import { sqlStore } from "./sql-store.ts";
import { sqlSweeps } from "./sql-sweeps.ts";
import type { Store } from "./store.ts";

export interface FolderStoreOptions {
  /** Gets one line for each thing that was damaged and set aside, or recovered. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /** For tests: the calls that write files. */
  readonly files?: FileSystem;
  /** For tests: who this process is. */
  readonly identity?: ProcessIdentity;
  /** For tests: milliseconds since 1970. */
  readonly now?: () => number;
}

/**
 * Runs in a folder: `groklab.db`, an SQLite database in WAL mode, and `checkpoints/<run id>/<step>.safetensors`. Any
 * number of processes may read and write it at once.
 * @throws StoreError where the folder cannot be used
 */
export async function openFolderStore(folder: string, options: FolderStoreOptions = {}): Promise<Store> {
  const { onWarning = () => undefined, files = realFiles, now = Date.now } = options;
  const here = options.identity ?? thisProcess();
  const file = join(folder, "groklab.db");
  const temporary = join(folder, "unfinished");
  const checkpoints = checkpointFolder(join(folder, "checkpoints"), temporary, files);
  try {
    makeFolder(files, temporary);
    removeLeftovers(temporary, now());
  } catch (error) {
    throw storeError(error, folder);
  }
  const { connection, fresh, damaged } = openDatabase(file);
  const db = new Kysely<Database>({ dialect: libsqlDialect(connection) });
  const absorb = absorber(db, folder, { here, now, onWarning });

  /** Errors of the database become one line that names it. */
  async function guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isDamage(error)) throw storeError(error, file);
      suspect(file);
      throw new DamagedError(file, (error as Error).message, `${file}.damaged-… at the next start`);
    }
  }

  try {
    if (damaged) onWarning(damaged.message);
    await guarded(async () => {
      if (fresh && checkpoints.runs().length > 0) beginRecovery(file);
      await migrate(db, sqliteTypes, file);
      await absorb();
      await recover();
    });
  } catch (error) {
    connection.close();
    throw error;
  }

  /** Also what another opening began and did not end: doing it again changes nothing. */
  async function recover(): Promise<void> {
    const lost = unfinishedRecovery(file);
    if (lost === undefined) return;
    const found = await salvage(sqlRuns(db), sqlSweeps(db), checkpoints, lost, temporary, onWarning);
    endRecovery(file);
    if (lost.length === 0 && found.fromCheckpoints === 0) return; // a new store, beside the segments of shards
    onWarning(
      `${file}: made anew; recovered ${found.fromDatabase} runs from the old one, ${found.fromCheckpoints} from checkpoints`,
    );
  }

  async function close(): Promise<void> {
    try {
      // Leaves one file behind rather than three, where nobody else is at work.
      connection.exec("pragma busy_timeout = 0; pragma wal_checkpoint(truncate)");
    } catch {
      // Somebody is: the next one to close does it.
    }
    await db.destroy();
  }

  return sqlStore({ where: folder, place: file, db, checkpoints, here, now, absorb, guarded, onWarning, close });
}
