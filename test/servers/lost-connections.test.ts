import { afterAll, beforeAll, expect, it } from "vitest";
import { openPostgresStore } from "../../src/runs/postgres/store.ts";
import type { Store } from "../../src/runs/store.ts";
import { checkpointAt, evalAt, planOf, sweepOf, verdictOf } from "../store/samples.ts";
import { describeWithServers } from "./available.ts";
import { type PostgresServer, startPostgres } from "./postgres.ts";
import { type Proxy, startProxy } from "./proxy.ts";

/** Everything that writes, once. */
async function write(store: Store): Promise<void> {
  await store.saveSweep(sweepOf("mine-1", [0]));
  const claim = await store.claim("a-s0", planOf());
  await store.append(claim, [evalAt(0), evalAt(1)]);
  await store.append(claim, [evalAt(2, NaN)]);
  await store.saveCheckpoint(claim, checkpointAt(2));
  await store.saveResume(claim, checkpointAt(2));
  await store.append(claim, [evalAt(3)]);
  await store.finish(claim, { status: "finished", seconds: 1.5, verdict: verdictOf("grok"), weightsHash: "sha256:0a" });
  const other = await store.claim("b-s0", planOf());
  await store.append(other, [evalAt(0)]);
  await store.release(other);
  await store.claim("c-s0", planOf()).then((gone) => store.release(gone));
  await store.delete("c-s0");
}

/** All that is stored but the dates and who wrote it. */
async function stored(store: Store) {
  const runs = [];
  for (const { createdAt: _, updatedAt: __, ...record } of await store.list()) {
    const checkpoints = [];
    for (const step of await store.checkpoints(record.id))
      checkpoints.push(await store.loadCheckpoint(record.id, step));
    runs.push({ record, checkpoints, evals: await store.evals(record.id), resume: await store.loadResume(record.id) });
  }
  return { runs, sweeps: (await store.listSweeps()).map(({ createdAt: _, updatedAt: __, ...sweep }) => sweep) };
}

describeWithServers("a connection to PostgreSQL", ["postgres", "initdb"], () => {
  let server: PostgresServer;
  let proxy: Proxy;
  beforeAll(async () => {
    server = await startPostgres();
    proxy = await startProxy(server.port);
  });
  afterAll(async () => {
    await proxy.close();
    await server.remove();
  });
  const addressOf = (schema: string, port: number) =>
    `postgres://${server.user}:${server.password}@127.0.0.1:${port}/postgres?schema=${schema}`;

  it("may be lost at any moment of a run: what is stored is the same, once", async () => {
    const open = (schema: string) => openPostgresStore(addressOf(schema, proxy.port));
    const clean = await open("clean");
    const from = proxy.sent();
    await write(clean);
    const pieces = proxy.sent() - from;
    const expected = await stored(clean);
    await clean.close();
    expect(expected.runs).toHaveLength(2);
    expect(pieces).toBeGreaterThan(50);
    let broken = 0;
    for (const heard of [false, true]) {
      // Every other piece of each pass: all are met, in one way or the other.
      for (let piece = heard ? 1 : 0; piece < pieces; piece += 2) {
        const schema = `cut_${heard ? "heard" : "unheard"}_${piece}`;
        const warnings: string[] = [];
        const store = await openPostgresStore(addressOf(schema, proxy.port), {
          onWarning: (line) => warnings.push(line),
        });
        proxy.breakAt(piece, heard);
        await write(store);
        broken += warnings.filter((line) => line.endsWith("trying again")).length;
        expect(await stored(store), `${schema}: ${warnings.join("; ")}`).toEqual(expected);
        await store.close();
      }
    }
    expect(broken).toBeGreaterThan(pieces / 3);
  });

  it("is told of once, with the address and without the password", async () => {
    const warnings: string[] = [];
    const store = await openPostgresStore(addressOf("told", proxy.port), { onWarning: (line) => warnings.push(line) });
    proxy.breakAt(0, false);
    await store.claim("a-s0", planOf());
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toMatch(
      /^postgres:\/\/groklab@127\.0\.0\.1:\d+\/postgres\?schema=told: no connection \(.*\); trying again$/,
    );
    expect(warnings[1]).toMatch(/: the server is back$/);
    expect(warnings.join()).not.toContain(server.password);
    await store.close();
  });
});
