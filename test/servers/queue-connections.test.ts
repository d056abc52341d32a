import { afterAll, beforeAll, it } from "vitest";
import { openQueue } from "../../src/workers/queue/open-queue.ts";
import { describeWithServers } from "./available.ts";
import { type PostgresServer, startPostgres } from "./postgres.ts";

describeWithServers("the connections of a queue", ["postgres", "initdb"], () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.remove());

  it("may be ended by the server at any moment, and the process lives on", async () => {
    const address = await server.newDatabase();
    // What nobody hears would end this process: the test runner reports it as an unhandled error.
    for (let round = 0; round < 6; round++) {
      const queue = await openQueue(address);
      const busy = Array.from({ length: 4 }, () => queue.workers().catch(() => 0));
      await server.kill();
      await server.start();
      await Promise.all(busy);
      await queue.close();
    }
  });
});
