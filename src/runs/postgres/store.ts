import { type Kysely, sql } from "kysely";
import { MissingStoreError } from "../errors.ts";
import { type ProcessIdentity, thisProcess } from "../process-identity.ts";
import { type Database, isCurrent, migrate } from "../schema.ts";
import { sqlStore } from "../sql-store.ts";
import type { Store } from "../store.ts";
import { chooseCheckpoints, openCheckpoints } from "./checkpoint-place.ts";
import { serverClock } from "./clock.ts";
import { connections, postgresTypes } from "./connections.ts";
import { isAbsent, isNotYetReady } from "./errors.ts";
import { patience } from "./patience.ts";
import { type PostgresPlace, postgresPlace } from "./place.ts";

export interface PostgresStoreOptions {
  /** Gets one line for each thing that was damaged and set aside, and when the server is away and back. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /** Only to read: tables that are not there are not made. */
  readonly existing?: boolean | undefined;
  /** For tests: who this process is. */
  readonly identity?: ProcessIdentity;
  /** Seconds that the server may be away, once it has been there; 600 by default. */
  readonly patience?: number;
}

/**
 * Runs on a PostgreSQL server, for any number of machines. A run is held by a lease that its holder keeps moving on, by
 * the server's clock: who is heard of no more for two minutes holds nothing. A connection that is lost is made again, and
 * what was asked last is asked again.
 * @param address as `postgresPlace` reads it
 * @throws UsageError for a wrong address, StoreError where the server cannot be used, MissingStoreError
 */
export async function openPostgresStore(address: string, options: PostgresStoreOptions = {}): Promise<Store> {
  const { onWarning = () => undefined, identity: here = thisProcess() } = options;
  const place = postgresPlace(address);
  const { where } = place;
  const db = await connections(place);
  const clock = serverClock(db);
  // A server that is not there when it is looked for first is more likely a wrong address than a restart.
  const guarded = patience({ where, limit: 1000 * (options.patience ?? 600), onWarning });
  try {
    const opening = patience({ where, limit: 30_000, onWarning, isLoss: isNotYetReady });
    await opening(() => clock.set());
    await guarded(() => makeTables(db, place, options.existing ?? false));
    const checkpoints = await guarded(() => openCheckpoints(db, place));
    const close = () => db.destroy();
    const { now, set: refresh } = clock;
    return sqlStore({ where, place: where, db, checkpoints, here, now, refresh, guarded, onWarning, close });
  } catch (error) {
    await db.destroy().catch(() => undefined);
    throw error;
  }
}

/** Once, however many start at the same time. */
async function makeTables(db: Kysely<Database>, place: PostgresPlace, existing: boolean): Promise<void> {
  // First without a write: whoever may only read can open a store that is there.
  const version = await versionOf(db);
  if (isCurrent(version, place.where)) return;
  if (existing && version === 0) throw new MissingStoreError(place.where);
  await migrate(db, postgresTypes, place.where, {
    before: async (tx) => {
      await sql`select pg_advisory_xact_lock(hashtextextended(${`groklab ${place.schema}`}, 0))`.execute(tx);
      await tx.schema.createSchema(place.schema).ifNotExists().execute();
    },
    created: (tx) => chooseCheckpoints(tx, place),
  });
}

/** 0 where there are no tables. */
async function versionOf(db: Kysely<Database>): Promise<number> {
  try {
    const found = await db.selectFrom("meta").select("value").where("key", "=", "version").executeTakeFirst();
    return Number(found?.value ?? 0);
  } catch (error) {
    if (isAbsent(error)) return 0;
    throw error;
  }
}
