import { CompiledQuery, type Kysely as Db, Kysely, PostgresDialect, sql } from "kysely";
import type { Socket } from "node:net";
import { UsageError } from "../../options.ts";
import type { ColumnTypes, Database } from "../schema.ts";
import type { PostgresPlace } from "./place.ts";

export const postgresTypes: ColumnTypes = {
  bytes: "bytea",
  number: "double precision",
  text: sql`text collate "C"`,
};

/** Of one process: a few, because a server has a hundred for all. They close when they have not been used for a while. */
const most = 4;
/**
 * The server frees what a machine that vanished in the middle of a transaction has locked; and sorts a list of tens of
 * thousands of runs, some 2 kB each, in memory: with the 4 MB it takes by itself it sorts them on its disk.
 */
const sessionSettings = "set idle_in_transaction_session_timeout = '60s'; set work_mem = '96MB'";

/** Silence, in milliseconds, after which a connection that is in use counts as dead: its other end may be gone unheard. */
const longestSilence = 120_000;

/** The tables of a store through connections that are made when they are needed, and made anew when they break. */
export async function connections({ address, schema, where }: PostgresPlace): Promise<Db<Database>> {
  const { default: pg } = await import("pg");
  const settings = {
    connectionString: address,
    fallback_application_name: "groklab",
    max: most,
    connectionTimeoutMillis: 15_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
  };
  try {
    // Reads the address and the files that it names; connects to nothing.
    new pg.Client(settings);
  } catch (error) {
    throw new UsageError(`store ${where}: ${(error as Error).message}`);
  }
  const pool = new pg.Pool(settings);
  // A connection that breaks while nobody uses it: the next one who needs it gets a new one.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => {
    // Between two statements of a transaction nobody else listens, and an error that nobody hears ends the process.
    client.on("error", () => undefined);
    const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
    stream.setTimeout(longestSilence, () => stream.destroy());
  });
  const dialect = new PostgresDialect({
    pool,
    onCreateConnection: async (connection) => {
      await connection.executeQuery(CompiledQuery.raw(sessionSettings));
    },
  });
  return new Kysely<Database>({ dialect }).withSchema(schema);
}
