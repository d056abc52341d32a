import { expect, it } from "vitest";
import { describeWithServers } from "./available.ts";
import { startPostgres } from "./postgres.ts";
import { listens } from "./program.ts";
import { startRedis } from "./redis.ts";

describeWithServers("PostgreSQL", ["postgres", "initdb"], () => {
  it("starts, survives kill -9 with what was committed, and goes", async () => {
    const { default: pg } = await import("pg");
    const server = await startPostgres();
    const url = await server.newDatabase();
    const ask = async (text: string): Promise<readonly unknown[]> => {
      const client = new pg.Client({ connectionString: url });
      client.on("error", () => undefined);
      await client.connect();
      const { rows } = await client.query(text);
      await client.end();
      return rows as unknown[];
    };
    await ask("create table kept (x int); insert into kept values (7)");
    await server.kill();
    await expect(ask("select x from kept")).rejects.toThrow();
    await server.start();
    expect(await ask("select x from kept")).toEqual([{ x: 7 }]);
    await server.end();
    await server.start();
    expect(await ask("select x from kept")).toEqual([{ x: 7 }]);
    await server.remove();
    expect(await listens(server.port)).toBe(false);
  });
});

describeWithServers("Redis", ["redis-server"], () => {
  it("starts again after kill -9, and goes", async () => {
    const server = await startRedis();
    await server.kill();
    expect(await listens(server.port)).toBe(false);
    await server.start();
    expect(await listens(server.port)).toBe(true);
    await server.remove();
    expect(await listens(server.port)).toBe(false);
  });
});
