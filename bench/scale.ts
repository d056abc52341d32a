// What a sweep of a million runs asks of queue and store: measured on so many runs with the real servers and without
// training, then simulated with recorded run lengths. Needs Debian's postgresql and redis-server.
// `npm run build:kernels && npx tsc -p tsconfig.bench.json && node dist/bench/scale.js [runs of the queue] [runs of the stores]`
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import pg from "pg";
import { openStore } from "../src/runs/open-store.ts";
import { openSegmentStore } from "../src/runs/segments/segment-store.ts";
import type { Store } from "../src/runs/store.ts";
import type { Eval } from "../src/train/eval.ts";
import { expand, type SweepRun } from "../src/train/sweep.ts";
import { contextOf, judge } from "../src/verdict/index.ts";
import { batches } from "../src/workers/queue/batches.ts";
import { jobId, sweepJob } from "../src/workers/queue/job.ts";
import { openQueue } from "../src/workers/queue/open-queue.ts";
import { startPostgres } from "../test/servers/postgres.ts";
import { startRedis } from "../test/servers/redis.ts";
import { runLength } from "./scale/run-lengths.ts";
import { type Measured, simulate } from "./scale/simulate.ts";

const queued = Number(process.argv[2] ?? 100_000);
const stored = Number(process.argv[3] ?? 5000);
/** Of a run of the published parity sweep on one core. */
const meanSeconds = 2.7;
const million = 1_000_000;

const { runs } = expand({
  base: {
    task: { name: "sparse-parity" },
    model: { name: "bit-mlp" },
    optimizer: { name: "adamw" },
    training: { steps: 20_000, evalEvery: 100, checkpointEvery: 0 },
  },
  axes: [
    { option: "trainSize", values: [750, 1000, 1250, 1500, 1750] },
    { option: "dMlp", values: [16, 32, 64, 128, 258] },
    { option: "weightDecay", values: [0.01, 0.03, 0.1, 0.3, 1] },
  ],
  seeds: Array.from({ length: Math.ceil(Math.max(queued, stored) / 125) }, (_, seed) => seed),
});
const lengths = new Map(runs.map(({ id }, i) => [id, runLength(i, meanSeconds)]));
const say = (name: string, text: string) => console.log(`${name.padEnd(33)} ${text}`);
const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
};

/** Puts every job there, takes all of them in one process, and says as much of each as a worker would. */
async function queueFigures(name: string, address: string, bytes: () => Promise<number>): Promise<number> {
  const queue = await openQueue(address, { onNote: (line) => console.error(line) });
  const before = await bytes();
  const jobs = batches(runs.slice(0, queued), ({ id }) => lengths.get(id)!).map((some) => sweepJob(some, { sweep: "bench-1" })); // prettier-ignore
  const adding = await seconds(async () => {
    for (let at = 0; at < jobs.length; at += 500) {
      await queue.add(jobs.slice(at, at + 500).map((data) => ({ id: jobId(data), data })));
    }
  });
  const perJob = ((await bytes()) - before) / jobs.length;
  let said = 0;
  const taking = await seconds(
    () =>
      new Promise<void>((resolve) => {
        let done = 0;
        const taker = queue.take({ jobs: 32 }, async (job) => {
          await job.say({ worker: "bench", running: { id: "a", step: 0 }, deaths: {} });
          await job.say({ worker: "bench", running: null, deaths: {} });
          said += 2;
          if (++done === jobs.length) setTimeout(() => void taker.close().then(resolve), 0);
          return { kind: "done" };
        });
      }),
  );
  await queue.close();
  const operations = 2 * jobs.length + said;
  say(`${name}: jobs`, `${jobs.length} of ${queued} runs, ${(perJob / 1000).toFixed(1)} kB each`);
  say(`${name}: put there`, `${(jobs.length / adding).toFixed(0)} jobs/s`);
  say(`${name}: taken, said, done`, `${(jobs.length / taking).toFixed(0)} jobs/s; ${(operations / (adding + taking)).toFixed(0)} operations/s in all`); // prettier-ignore
  return (adding + taking) / jobs.length;
}

const context = contextOf(runs[0].plan, { chance: 0.5, numClasses: 2 }, { finished: true });
const course = Array.from({ length: 201 }, (_, i): Eval => {
  const half = { loss: 1 / (1 + i), accuracy: Math.min(1, 0.5 + i / 100) };
  return { step: 100 * i, train: half, test: half, normL1: 400 - i, normL2: 30 };
});
const verdict = judge(course, context);
const weights = (shape: number[]) => ({
  shape,
  data: new Float32Array(shape.reduce((n, size) => n * size, 1)).fill(0.5),
});

/** All that a worker stores of one run. */
async function storeRun(store: Store, { id, plan }: SweepRun): Promise<void> {
  const claim = await store.claim(id, plan);
  await store.append(claim, course.slice(0, 100));
  await store.append(claim, course.slice(100));
  const hidden = 64;
  const params = { "mlp.W_in": weights([31, hidden]), "mlp.W_out": weights([hidden, 1]) };
  await store.saveCheckpoint(claim, { step: 20_000, params, state: params });
  await store.finish(claim, { status: "finished", seconds: 2.7, verdict, weightsHash: `sha256:${"0".repeat(64)}` });
}

async function storeFigures(name: string, store: Store, bytes: () => Promise<number>): Promise<number> {
  const some = runs.slice(0, stored);
  const before = await bytes();
  let next = 0;
  const one = async (): Promise<void> => {
    for (let run = some[next++]; run; run = some[next++]) await storeRun(store, run);
  };
  const took = await seconds(() => Promise.all(Array.from({ length: 8 }, one)));
  const looking = await seconds(() => store.records(some.map(({ id }) => id)));
  const perRun = took / some.length;
  say(`${name}: a run`, `${(1000 * perRun).toFixed(2)} ms, ${(((await bytes()) - before) / some.length / 1000).toFixed(1)} kB; looked up in ${((1000 * looking) / some.length).toFixed(3)} ms`); // prettier-ignore
  await store.close();
  return perRun;
}

const folderBytes = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

function tell(name: string, measured: Measured): void {
  // A million runs, as many in a job as here.
  const per = Math.max(1, Math.round(10 / meanSeconds));
  const jobs = Array.from({ length: million / per }, (_, j) =>
    Array.from({ length: per }, (_, i) => runLength(j * per + i, meanSeconds)),
  );
  const limit = 1 / Math.max(measured.storeSeconds, measured.queueSeconds / per);
  say(`${name}: at most`, `${limit.toFixed(0)} runs/s, which ${(limit * meanSeconds).toFixed(0)} threads train`);
  for (const threads of [16, 64, 256, 1024, 4096]) {
    const found = simulate(jobs, threads, measured);
    const [training, queue, store] = [found.training, found.queue, found.store].map((share) => `${(100 * share).toFixed(1)} %`); // prettier-ignore
    say(`  ${threads} threads`, `${(found.seconds / 3600).toFixed(1)} h; training ${training} of their time; queue busy ${queue}, store ${store}`); // prettier-ignore
  }
}

const folder = mkdtempSync(join(tmpdir(), "groklab-bench-"));
const [redis, postgres] = [await startRedis(), await startPostgres()];
try {
  const client = new Redis(redis.url);
  const redisBytes = async () => Number(/used_memory:(\d+)/.exec(await client.info("memory"))?.[1]);
  const database = await postgres.newDatabase();
  const ask = new pg.Client({ connectionString: database });
  await ask.connect();
  const postgresBytes = async () => {
    const { rows } = await ask.query<{ size: string }>("select pg_database_size(current_database()) as size");
    return Number(rows[0].size);
  };
  console.log(
    `Node ${process.version}; every write of Redis flushed to the disk, those of PostgreSQL given to the system`,
  );
  const queueSeconds = {
    redis: await queueFigures("Redis", redis.url, redisBytes),
    postgres: await queueFigures("PostgreSQL", database, postgresBytes),
  };
  const places = { folder: join(folder, "folder"), segment: join(folder, "segment") };
  const folderSeconds = await storeFigures("folder", await openStore(places.folder), () => Promise.resolve(existing(places.folder))); // prettier-ignore
  await storeFigures("segment of a folder", await openSegmentStore(places.segment, "one"), () => Promise.resolve(existing(places.segment))); // prettier-ignore
  const absorbing = await seconds(async () => (await openStore(places.segment)).close());
  say("segment, taken over by a reader", `${((1000 * absorbing) / stored).toFixed(2)} ms a run`);
  const runsDatabase = await postgres.newDatabase();
  const runsBytes = async () => {
    const name = new URL(runsDatabase).pathname.slice(1);
    const { rows } = await ask.query<{ size: string }>("select pg_database_size($1) as size", [name]);
    return Number(rows[0].size);
  };
  const postgresSeconds = await storeFigures("PostgreSQL store", await openStore(runsDatabase), runsBytes);
  console.log(`\na million runs of ${meanSeconds} s in the mean, lengths as recorded:`);
  tell("Redis and a folder on one machine", { queueSeconds: queueSeconds.redis, storeSeconds: folderSeconds });
  tell("one PostgreSQL", { queueSeconds: queueSeconds.postgres, storeSeconds: postgresSeconds });
  client.disconnect();
  await ask.end();
} finally {
  await Promise.all([redis.remove(), postgres.remove()]);
  rmSync(folder, { recursive: true, force: true });
}

function existing(place: string): number {
  try {
    return folderBytes(place);
  } catch {
    return 0;
  }
}
