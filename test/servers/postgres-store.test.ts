import { afterAll, beforeAll, describe } from "vitest";
import { openStore } from "../../src/runs/open-store.ts";
import { testStore } from "../contracts/store.ts";
import { newFolder } from "../store/folders.ts";
import { describeWithServers } from "./available.ts";
import { type PostgresServer, startPostgres } from "./postgres.ts";

describeWithServers("a store on PostgreSQL", ["postgres", "initdb"], () => {
  let server: PostgresServer;
  let schemas = 0;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.remove());
  const newSchema = () => `${server.url()}?schema=store_${++schemas}`;

  describe("with checkpoints in the database", () => {
    testStore(() => openStore(newSchema()));
  });
  describe("with checkpoints in a folder", () => {
    testStore(() => openStore(`${newSchema()}&checkpoints=${newFolder()}`));
  });
});
