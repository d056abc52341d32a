import { type Kysely, sql } from "kysely";
import type { Database } from "../schema.ts";

/** The server's clock, which all machines share: leases are measured with it. */
export interface ServerClock {
  /** Milliseconds since 1970 on the server, as last heard and counted on from there. */
  readonly now: () => number;
  /** Asks the server. */
  readonly set: () => Promise<void>;
}

export function serverClock(db: Kysely<Database>): ServerClock {
  // This machine's own clock may be wrong, or set anew at any moment: only what has passed since is taken from it.
  let heard = { server: Date.now(), here: performance.now() };
  return {
    now: () => Math.round(heard.server + performance.now() - heard.here),
    async set() {
      const sent = performance.now();
      const query = sql<{ ms: number }>`select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`;
      const { rows } = await query.execute(db);
      heard = { server: rows[0].ms, here: (sent + performance.now()) / 2 };
    },
  };
}
