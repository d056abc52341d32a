// What a queue and a server's store add to a sweep of runs of about a second, over a sweep in a folder and over training
// alone. Needs Debian's postgresql and redis-server.
// `npm run build:kernels && npx tsc -p tsconfig.bench.json && node dist/bench/queue.js [runs] [threads]`
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { quick } from "../experiments/quick.ts";
import { memoryStore } from "../src/runs/memory-store.ts";
import { openStore } from "../src/runs/open-store.ts";
import type { Store } from "../src/runs/store.ts";
import { expand } from "../src/train/sweep.ts";
import { withSettings } from "../src/train/sweep-changes.ts";
import { threads } from "../src/workers/pool.ts";
import { batches } from "../src/workers/queue/batches.ts";
import { jobId, sweepJob } from "../src/workers/queue/job.ts";
import { openQueue } from "../src/workers/queue/open-queue.ts";
import { queueWorker } from "../src/workers/queue/queue-worker.ts";
import { runSweep } from "../src/workers/run-sweep.ts";
import { trial } from "../src/workers/trial.ts";
import { startPostgres } from "../test/servers/postgres.ts";
import { startRedis } from "../test/servers/redis.ts";

const count = Number(process.argv[2] ?? 40);
const workers = Number(process.argv[3] ?? availableParallelism());

const seeds = Array.from({ length: count }, (_, seed) => seed);
const base = { base: quick.experiment, axes: [], seeds };
const perStep = trial(expand(base).runs[0].plan, 3).secondsPerStep;
const steps = Math.round(1 / perStep);
const { runs } = expand(withSettings(base, [["steps", String(steps)], ["evalEvery", "100"]])); // prettier-ignore
console.log(`${count} runs of ${steps} steps, about a second each, ${workers} threads, Node ${process.version}`);

interface Sitting {
  /** From the first run's start to the last one's end. */
  readonly wall: number;
  /** Of the threads together, as they measured it. */
  readonly training: number;
}

async function local(store: Store): Promise<Sitting> {
  let [began, training, ended] = [0, 0, 0];
  const work = runSweep(store, runs, {
    workers,
    onRun: ({ seconds }) => {
      training += seconds;
      ended = performance.now();
    },
  });
  // The trials before the first run are not the store's.
  while (work.state().secondsLeft === undefined) await new Promise((resolve) => setTimeout(resolve, 1));
  began = performance.now();
  await work.end;
  await store.close();
  return { wall: (ended - began) / 1000, training };
}

async function queued(address: string, store: Store): Promise<Sitting> {
  const queue = await openQueue(address);
  const jobs = batches(runs, () => 1).map((some) => sweepJob(some, { sweep: "bench-1" }));
  await queue.add(jobs.map((data) => ({ id: jobId(data), data })));
  let [training, ended] = [0, 0];
  const start = threads();
  const began = performance.now();
  await queueWorker(store, queue, {
    ...{ workers, start, once: true },
    onRun: ({ outcome }) => {
      if (outcome.kind === "ended") training += outcome.seconds;
      ended = performance.now();
    },
  });
  await store.close();
  await queue.close();
  return { wall: (ended - began) / 1000, training };
}

const folder = mkdtempSync(join(tmpdir(), "groklab-bench-"));
const [redis, postgres] = [await startRedis(), await startPostgres()];
try {
  const database = await postgres.newDatabase();
  const cases: readonly (readonly [string, () => Promise<Sitting>])[] = [
    ["in memory", () => local(memoryStore())],
    ["folder", async () => local(await openStore(join(folder, "local")))],
    ["PostgreSQL store, no queue", async () => local(await openStore(await postgres.newDatabase()))],
    ["Redis and folder", async () => queued(redis.url, await openStore(join(folder, "redis")))],
    ["PostgreSQL, queue and store", async () => queued(database, await openStore(database))],
  ];
  for (const [name, sit] of cases) {
    const { wall, training } = await sit();
    const share = (wall * workers) / training - 1;
    console.log(`${name.padEnd(30)}${wall.toFixed(2).padStart(8)} s; ${(100 * share).toFixed(1).padStart(5)} % of the threads' time is not training`); // prettier-ignore
  }
} finally {
  await Promise.all([redis.remove(), postgres.remove()]);
  rmSync(folder, { recursive: true, force: true });
}
