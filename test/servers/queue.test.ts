import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { memoryStore } from "../../src/runs/memory-store.ts";
import { openStore } from "../../src/runs/open-store.ts";
import { recordRun } from "../../src/runs/record.ts";
import { expand } from "../../src/train/sweep.ts";
import { openQueue } from "../../src/workers/queue/open-queue.ts";
import { queueSweep } from "../../src/workers/queue/watch.ts";
import { type Child, startChild } from "../store/process.ts";
import { newFolder } from "../store/folders.ts";
import { fakeTrain, fakeTrainer } from "../workers/fake-training.ts";
import { bundle } from "../workers/bundle.ts";
import { describeWithServers } from "./available.ts";
import { type PostgresServer, startPostgres } from "./postgres.ts";
import { type RedisServer, startRedis } from "./redis.ts";

const { runs } = expand({
  base: {
    task: { name: "sparse-parity", n: 8, k: 2, trainSize: 40, testSize: 40 },
    model: { name: "bit-mlp", dMlp: 8 },
    optimizer: { name: "adamw" },
    training: { steps: 40, evalEvery: 5, checkpointEvery: 10 },
  },
  axes: [{ option: "weightDecay", values: [0, 0.1, 0.2, 0.3, 0.4] }],
  seeds: Array.from({ length: 40 }, (_, seed) => seed),
});
const stepMs = 4;

let built: { readonly script: (name: string) => string; readonly remove: () => void };
beforeAll(async () => {
  built = await bundle({ child: "test/servers/worker-child.ts" });
});
afterAll(() => built.remove());

interface Restarts {
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** Seeded, so that a failure can be looked at again. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * Workers that are killed at random moments until so many have died, then left alone. Every eighth death takes the server
 * with it.
 */
function slaughter(queue: string, store: string, deaths: number, server: Restarts) {
  const ends = join(newFolder(), "ends.txt");
  const random = dice(deaths);
  let left = deaths;
  let done = false;
  const child = () => startChild(built.script("child"), [JSON.stringify({ queue, store, ends, stepMs, lockMs: 1500 })]);
  const living = new Set<Child>();
  const one = async (): Promise<void> => {
    while (!done) {
      const worker = child();
      living.add(worker);
      const doomed = left > 0 ? left-- : 0;
      if (doomed > 0) {
        await worker.waitFor((line) => line === "ready").catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, random() * 700));
        worker.process.kill("SIGKILL");
        if (doomed % 25 === 0) {
          await server.kill();
          await new Promise((resolve) => setTimeout(resolve, 300));
          await server.start();
        }
      }
      await worker.ended;
      living.delete(worker);
    }
  };
  const workers = [one(), one(), one()];
  const stop = async () => {
    done = true;
    for (const worker of living) worker.process.kill("SIGKILL");
    await Promise.all(workers);
  };
  return { stop, left: () => left, trained: () => readFileSync(ends, "utf8").trimEnd().split("\n") };
}

async function survives(queueUrl: string, storeUrl: string, deaths: number, server: Restarts): Promise<void> {
  const expected = memoryStore();
  for (const { plan } of runs) for await (const _ of recordRun(expected, plan, { train: fakeTrain(0) }));
  const queue = await openQueue(queueUrl, { retryMs: 200 });
  const store = await openStore(storeUrl);
  const killing = slaughter(queueUrl, storeUrl, deaths, server);
  try {
    const options = { sweep: "mine-1", start: fakeTrainer(stepMs), lookEveryMs: 200, refillEveryMs: 5000 };
    const state = await queueSweep(store, queue, runs, options).end;
    expect(state).toMatchObject({ total: runs.length, over: runs.length, failed: 0 });
  } finally {
    await killing.stop();
  }
  expect(killing.left()).toBe(0);
  const trained = killing.trained();
  expect(trained.length).toBe(new Set(trained).size);
  for (const { id } of runs) {
    const [found, other] = [await store.find(id), await expected.find(id)];
    expect(found).toMatchObject({ status: "finished", weightsHash: other!.weightsHash });
    expect(await store.evals(id)).toEqual(await expected.evals(id));
  }
  for await (const some of queue.pending()) expect(some).toEqual([]);
  await store.close();
  await queue.close();
}

describeWithServers("a queue on Redis", ["redis-server"], () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.remove());

  it("loses nothing and trains nothing twice, whenever workers and the server are killed", async () => {
    await survives(redis.url, newFolder(), 120, redis);
  });
});

describeWithServers("a queue on PostgreSQL", ["postgres"], () => {
  let postgres: PostgresServer;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.remove());

  it("loses nothing and trains nothing twice, whenever workers and the server are killed", async () => {
    await survives(await postgres.newDatabase(), newFolder(), 100, postgres);
  });
});
