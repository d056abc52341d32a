import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { BusyError } from "../../src/runs/errors.ts";
import { memoryStore } from "../../src/runs/memory-store.ts";
import { openPostgresStore } from "../../src/runs/postgres/store.ts";
import type { ProcessIdentity } from "../../src/runs/process-identity.ts";
import type { Store } from "../../src/runs/store.ts";
import { expand } from "../../src/train/sweep.ts";
import { here } from "../../src/workers/pool.ts";
import { type RunEnd, runSweep } from "../../src/workers/run-sweep.ts";
import { evalAt, planOf } from "../store/samples.ts";
import { describeWithServers } from "./available.ts";
import { type PostgresServer, startPostgres } from "./postgres.ts";
import { ask } from "./sql.ts";

/** Twelve runs, each of which takes long enough to be interrupted. */
const { runs } = expand({
  base: {
    task: { name: "sparse-parity", n: 8, k: 2, trainSize: 40, testSize: 40 },
    model: { name: "bit-mlp", dMlp: 8 },
    optimizer: { name: "adamw", learningRate: 0.01 },
    training: { steps: 200, evalEvery: 4, checkpointEvery: 40 },
  },
  axes: [{ option: "weightDecay", values: [0, 0.1, 1] }],
  seeds: [0, 1, 2, 3],
});

/** What a sweep ended in: of each run the bits, the curve, and how long it says it is. */
async function resultOf(store: Store) {
  const records = await store.records(runs.map(({ id }) => id));
  return Promise.all(
    records.map(async ({ id, status, step, weightsHash, verdict }) => {
      const checkpoints = await store.checkpoints(id);
      return { id, status, step, weightsHash, verdict, checkpoints, evals: await store.evals(id) };
    }),
  );
}

const onHost = (host: string): ProcessIdentity => ({ host, place: `${host} boot 1`, pid: 7, start: "1" });

describeWithServers("a sweep on a PostgreSQL that fails", ["postgres", "initdb"], () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.remove());

  it("killed and restarted on the way, ends in the bits of one that is left alone; nothing lost or trained twice", async () => {
    const alone = memoryStore();
    await runSweep(alone, runs, { workers: 1, start: here }).end;
    const warnings: string[] = [];
    const store = await openPostgresStore(await server.newDatabase(), { onWarning: (line) => warnings.push(line) });
    const ends: RunEnd[] = [];
    let failures: Promise<void> = Promise.resolve();
    const work = runSweep(store, runs, {
      ...{ workers: 2, start: here },
      onRun: (end) => {
        ends.push(end);
        // In the middle of the next run: the one waits for the server that the other has found gone.
        if (ends.length % 3 === 1) failures = failures.then(() => fail(ends.length % 2 === 0));
      },
    });
    async function fail(gently: boolean): Promise<void> {
      await (gently ? server.end() : server.kill());
      await server.start();
    }
    const state = await work.end;
    await failures;
    expect(warnings.filter((line) => line.endsWith("trying again")).length).toBeGreaterThan(0);
    expect(state).toMatchObject({ trained: runs.length, over: runs.length, failed: 0 });
    expect(ends.map(({ run }) => run.id).sort()).toEqual(runs.map(({ id }) => id).sort());
    expect(await resultOf(store)).toEqual(await resultOf(alone));
    await store.close();
  });

  it("lets many starters make the tables at once, and each uses them", async () => {
    const address = await server.newDatabase();
    const stores = await Promise.all(
      Array.from({ length: 12 }, (_, i) => openPostgresStore(address, { identity: onHost(`host-${i}`) })),
    );
    await Promise.all(
      stores.map((store, i) => store.claim(`a-s${i}`, planOf(i)).then((claim) => store.release(claim))),
    );
    expect(await stores[0].list()).toHaveLength(12);
    const rows = await ask(address, "select key, value from groklab.meta order by key");
    expect(rows).toEqual([
      { key: "application", value: "groklab" },
      { key: "checkpoints", value: "database" },
      { key: "version", value: "2" },
    ]);
    await Promise.all(stores.map((store) => store.close()));
  });

  describe("leases between machines", () => {
    it("hold by the server's clock, whatever the machines' own say", async () => {
      const address = await server.newDatabase();
      const clock = vi.spyOn(Date, "now").mockReturnValue(1e12);
      const one = await openPostgresStore(address, { identity: onHost("one") });
      const claim = await one.claim("a-s0", planOf());
      await one.append(claim, [evalAt(0)]);
      clock.mockReturnValue(9e12);
      const two = await openPostgresStore(address, { identity: onHost("two") });
      await expect(two.claim("a-s0", planOf())).rejects.toThrow("is being trained by process 7 on one");
      expect(await two.find("a-s0")).toMatchObject({ heldBy: "process 7 on one", status: "running" });
      clock.mockRestore();
      const left = "select lease_expires - extract(epoch from clock_timestamp()) * 1000 as ms from groklab.runs";
      const [{ ms }] = (await ask(address, left)) as [{ ms: number }];
      expect(Number(ms)).toBeGreaterThan(60_000);
      expect(Number(ms)).toBeLessThanOrEqual(120_000);
      await two.close();
      await one.close();
    });

    it("end two minutes after the last word; who was given up is told, and overwrites nothing", async () => {
      const address = await server.newDatabase();
      const [one, two] = [
        await openPostgresStore(address, { identity: onHost("one") }),
        await openPostgresStore(address, { identity: onHost("two") }),
      ];
      const claim = await one.claim("a-s0", planOf());
      await one.append(claim, [evalAt(0)]);
      // As if 121 seconds had passed in silence.
      await ask(address, "update groklab.runs set lease_expires = lease_expires - 121000");
      expect(await two.find("a-s0")).not.toHaveProperty("heldBy");
      const taken = await two.claim("a-s0", planOf());
      await two.append(taken, [evalAt(1)]);
      await expect(one.append(claim, [evalAt(7)])).rejects.toThrow(BusyError);
      await expect(one.saveCheckpoint(claim, { step: 7, params: {}, state: {} })).rejects.toThrow(BusyError);
      await expect(one.finish(claim, { status: "finished", seconds: 1 })).rejects.toThrow(BusyError);
      expect(await two.evals("a-s0")).toEqual([evalAt(0), evalAt(1)]);
      await one.close();
      expect(await two.find("a-s0")).toMatchObject({ status: "running", heldBy: "this process" });
      await two.close();
    });
  });

  it("can be read by a user who may do no more", async () => {
    const address = await server.newDatabase();
    const store = await openPostgresStore(address);
    const claim = await store.claim("a-s0", planOf());
    await store.append(claim, [evalAt(0)]);
    await store.release(claim);
    await ask(address, "create role reader login password 'r'; grant usage on schema groklab to reader; grant select on all tables in schema groklab to reader"); // prettier-ignore
    const url = new URL(address);
    [url.username, url.password] = ["reader", "r"];
    const reading = await openPostgresStore(url.href);
    expect(await reading.list()).toEqual(await store.list());
    expect(await reading.evals("a-s0")).toEqual([evalAt(0)]);
    await expect(reading.claim("b-s0", planOf())).rejects.toThrow(/not permitted to this user \(permission denied/);
    await reading.close();
    await store.close();
  });

  it("refuses the address of a store that keeps its checkpoints elsewhere", async () => {
    const address = await server.newDatabase();
    await (await openPostgresStore(address)).close();
    await expect(openPostgresStore(`${address}?checkpoints=/nowhere`)).rejects.toThrow("leave checkpoints= out");
  });
});
