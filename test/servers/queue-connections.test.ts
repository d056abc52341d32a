import * as bullmq from "bullmq";
import type pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { postgresMakers } from "../../src/workers/queue/bull-postgres.ts";
import { describeWithServers } from "./available.ts";
import { type PostgresServer, startPostgres } from "./postgres.ts";
import { ask } from "./sql.ts";

describeWithServers("the connections of a queue", ["postgres", "initdb"], () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.remove());

  it("are heard while they are lent out: one that the server ends between two statements does not end the process", async () => {
    const address = await server.newDatabase();
    const makers = await postgresMakers(bullmq, address, () => undefined);
    const queue = makers.queue("runs");
    queue.on("error", () => undefined);
    await queue.waitUntilReady();
    // As BullMQ does between the statements of one piece of work, where nobody waits for an answer.
    const { connection } = queue.getBackend() as unknown as { readonly connection: { readonly pool: pg.Pool } };
    const lent = await connection.pool.connect();
    const ended = new Promise((resolve) => lent.once("end", resolve));
    // An error that nobody hears is thrown in the process; the test runner fails for it.
    await ask(address, "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()"); // prettier-ignore
    await ended;
    lent.release(true);
    expect(await queue.getJobCounts("waiting")).toEqual({ waiting: 0 });
    await queue.close();
    await makers.close();
  });
});
