import { afterAll, beforeAll, describe } from "vitest";
import { openStore } from "../../src/runs/open-store.ts";
import { testCopy } from "../contracts/copy.ts";
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
  const onServer = () => openStore(`${server.url()}?schema=store_${++schemas}`);
  const inFolder = () => openStore(newFolder());
  const onBoth = () => openStore(`${server.url()}?schema=store_${++schemas}&checkpoints=${newFolder()}`);

  describe("with checkpoints in the database", () => testStore(onServer));
  describe("with checkpoints in a folder", () => testStore(onBoth));
  describe("from a folder to a server", () => testCopy(inFolder, onServer));
  describe("from a server to a folder", () => testCopy(onServer, inFolder));
  describe("from a server to one with its checkpoints in a folder", () => testCopy(onServer, onBoth));
});
