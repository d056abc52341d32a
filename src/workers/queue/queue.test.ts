import { describe, expect, it } from "vitest";
import { memoryQueue } from "../../../test/workers/memory-queue.ts";
import { memoryStore } from "../../runs/memory-store.ts";
import { recordRun } from "../../runs/record.ts";
import type { Store } from "../../runs/store.ts";
import { expand, type Sweep } from "../../train/sweep.ts";
import { here, type StartTrainer, WorkerDied } from "../pool.ts";
import type { RunEnd } from "../run-sweep.ts";
import { batches } from "./batches.ts";
import { idsOf, jobId, OtherVersion, readJob, sweepJob, type SweepJob } from "./job.ts";
import { queueWorker, type QueueWorkerOptions } from "./queue-worker.ts";
import { queueSweep, type QueueSweepOptions } from "./watch.ts";
import type { WorkedRun } from "./work-job.ts";

const sweep: Sweep = {
  base: {
    task: { name: "sparse-parity", n: 8, k: 2, trainSize: 40, testSize: 40 },
    model: { name: "bit-mlp", dMlp: 8 },
    optimizer: { name: "adamw", learningRate: 0.01 },
    training: { steps: 60, evalEvery: 10, checkpointEvery: 0 },
  },
  axes: [{ option: "weightDecay", values: [0, 0.1] }],
  seeds: [0, 1, 2],
};
const { runs } = expand(sweep);
const asked = { sweep: "mine-1" };

async function alone(): Promise<Store> {
  const store = memoryStore();
  for (const { plan } of runs) for await (const _ of recordRun(store, plan));
  return store;
}

/** A worker and a watcher on one queue, until the sweep is over. */
async function through(
  store: Store,
  kept: ReturnType<typeof memoryQueue>,
  worker: Partial<QueueWorkerOptions> = {},
  watch: Partial<QueueSweepOptions> = {},
) {
  const [worked, ends, notes]: [WorkedRun[], RunEnd[], string[]] = [[], [], []];
  const stop = new AbortController();
  const all = { workers: 2, start: here, stop: stop.signal, onRun: (run: WorkedRun) => worked.push(run), onNote: (line: string) => notes.push(line) }; // prettier-ignore
  const working = queueWorker(store, kept.queue, { ...all, ...worker });
  const look = { ...asked, start: here, lookEveryMs: 5, onRun: (end: RunEnd) => ends.push(end), onNote: (line: string) => notes.push(line) }; // prettier-ignore
  const state = await queueSweep(store, kept.queue, runs, { ...look, ...watch }).end;
  stop.abort();
  await working;
  return { state, worked, ends, notes };
}

describe("a sweep through a queue", () => {
  it("trains every run once, to the bits that it has alone, and tells each end and each label", async () => {
    const [store, kept] = [memoryStore(), memoryQueue()];
    const { state, worked, ends } = await through(store, kept);
    const expected = await alone();
    for (const { id } of runs) {
      const [found, other] = [await store.find(id), await expected.find(id)];
      expect(found).toMatchObject({ status: "finished", weightsHash: other!.weightsHash, verdict: other!.verdict });
    }
    expect(state).toMatchObject({ total: 6, before: 0, trained: 6, over: 6, failed: 0 });
    expect(Object.values(state.counts).reduce((sum, n) => sum + n, 0)).toBe(6);
    expect(worked.map(({ id }) => id).sort()).toEqual(runs.map(({ id }) => id).sort());
    expect(ends.every(({ outcome, label }) => outcome === "finished" && label !== undefined)).toBe(true);
    expect(kept.jobs.size).toBe(0);
  });

  it("puts there only what is neither over nor there", async () => {
    const [store, kept] = [memoryStore(), memoryQueue()];
    for await (const _ of recordRun(store, runs[0].plan));
    const stop = new AbortController();
    const begin = () =>
      queueSweep(store, kept.queue, runs, { ...asked, start: here, lookEveryMs: 5, signal: stop.signal });
    const [first, second] = [begin(), begin()];
    await new Promise((resolve) => setTimeout(resolve, 300));
    stop.abort();
    expect((await first.end).before).toBe(1);
    await second.end;
    const there = [...kept.jobs.values()].flatMap(({ data }) => idsOf(data as SweepJob));
    expect(there.sort()).toEqual(runs.slice(1).map(({ id }) => id).sort()); // prettier-ignore
    const { state } = await through(store, kept);
    expect(state).toMatchObject({ before: 1, trained: 5 });
  });

  it("says that there is no worker, and puts again what the queue has lost", async () => {
    const [store, kept] = [memoryStore(), memoryQueue()];
    const stop = new AbortController();
    const notes: string[] = [];
    const options = {
      ...asked,
      start: here,
      lookEveryMs: 5,
      refillEveryMs: 20,
      onNote: (line: string) => notes.push(line),
    };
    const watching = queueSweep(store, kept.queue, runs, { ...options, signal: stop.signal }).end;
    while (kept.jobs.size === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    kept.jobs.clear();
    while (kept.jobs.size === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    await watching;
    expect(notes[0]).toMatch(/no worker takes work from memory: yet/);
    expect(notes).toContain("6 runs were no longer in the queue: put there again");
  });

  it("gives a job back when its worker is stopped, and the next one goes on from the step", async () => {
    const [store, kept] = [memoryStore(), memoryQueue()];
    const stop = new AbortController();
    const interrupted: StartTrainer = (...args) => {
      const trainer = here(...args);
      return { ...trainer, train: (job) => (stop.abort(), trainer.train(job)) };
    };
    await kept.queue.add([{ id: "a", data: sweepJob(runs, asked) }]);
    await queueWorker(store, kept.queue, { workers: 1, start: interrupted, stop: stop.signal });
    expect(kept.afters).toMatchObject([{ kind: "back", delayMs: 0 }]);
    expect((await store.list()).map(({ status, step }) => [status, step])).toEqual([["stopped", 0]]);
    const { state } = await through(store, kept);
    expect(state).toMatchObject({ trained: 6 });
    expect(await store.evals(runs[0].id)).toEqual(await (await alone()).evals(runs[0].id));
  });

  it("leaves a run to the process that trains it, and looks again later", async () => {
    const [store, kept] = [memoryStore(), memoryQueue()];
    const claim = await store.claim(runs[0].id, runs[0].plan);
    await kept.queue.add([{ id: "a", data: sweepJob(runs, asked) }]);
    const drain = new AbortController();
    const worked: WorkedRun[] = [];
    const onRun = (run: WorkedRun) => {
      worked.push(run);
      if (worked.length === 6) drain.abort();
    };
    await queueWorker(store, kept.queue, { workers: 1, start: here, drain: drain.signal, onRun });
    expect(worked.map(({ outcome }) => outcome.kind)).toEqual(["busy", ...Array<string>(5).fill("ended")]);
    expect(kept.jobs.size).toBe(1);
    await store.release(claim);
    expect((await through(store, kept)).state).toMatchObject({ before: 5, trained: 1 });
  });

  it("sets a run aside that ends its threads, by name, and trains the others", async () => {
    const [store, kept] = [memoryStore(), memoryQueue()];
    const deadly: StartTrainer = (...args) => {
      const trainer = here(...args);
      const train: typeof trainer.train = (job) =>
        job.plan.seed === 1 ? Promise.reject(new WorkerDied("a worker ended: out of memory")) : trainer.train(job);
      return { ...trainer, train };
    };
    const { state, worked, ends } = await through(store, kept, { start: deadly });
    expect(state).toMatchObject({ trained: 4, failed: 2, over: 6 });
    expect(worked.filter(({ outcome }) => outcome.kind === "aside")).toHaveLength(2);
    const failed = ends.filter(({ outcome }) => outcome === "failed");
    expect(failed.map(({ run, note }) => [run.plan.seed, note])).toEqual(Array(2).fill([1, "a worker ended: out of memory"])); // prettier-ignore
    // Asked for again it is tried again.
    const again = await through(store, kept, {}, { retryFailed: true });
    expect(again.state).toMatchObject({ before: 4, trained: 2, failed: 0 });
  });

  it("sets a run aside whose worker dies again and again at the same step, and no other", async () => {
    const [store, kept] = [memoryStore(), memoryQueue()];
    const worked: WorkedRun[] = [];
    const data = sweepJob(runs, asked);
    await kept.queue.add([{ id: "a", data }]);
    const [first] = idsOf(data);
    // Its worker is killed while it trains: nobody answers any more, and its claim is that of nobody.
    for (let death = 0; death < 5; death++) {
      let dying: () => void = () => undefined;
      const dead = new Promise<void>((resolve) => (dying = resolve));
      const killed: StartTrainer = (...args) => ({
        ...here(...args),
        train: ({ plan }) => {
          void store.claim(first, plan).then((claim) => (held.push(claim), dying()));
          return new Promise(() => undefined);
        },
      });
      const held: { id: string; owner: string }[] = [];
      void queueWorker(leftRunning(store), kept.queue, { workers: 1, start: killed });
      await dead;
      await store.release(held[0]);
      kept.lose("a");
    }
    const stop = new AbortController();
    const onRun = (run: WorkedRun) => {
      worked.push(run);
      if (worked.length === 6) stop.abort();
    };
    await queueWorker(leftRunning(store), kept.queue, { workers: 1, start: here, stop: stop.signal, onRun });
    expect(worked[0]).toMatchObject({ id: first, outcome: { kind: "aside", note: expect.stringMatching(/died 5 times in a row/) as string } }); // prettier-ignore
    expect(await store.find(first)).toMatchObject({ status: "failed" });
    expect(worked.slice(1).map(({ outcome }) => outcome.kind)).toEqual(Array(5).fill("ended"));
  });

  it("refuses the work of another version, and leaves it there", async () => {
    const [store, kept] = [memoryStore(), memoryQueue()];
    await kept.queue.add([{ id: "a", data: { ...sweepJob(runs, asked), groklab: "9.9.9" } }]);
    await expect(queueWorker(store, kept.queue, { workers: 1, start: here })).rejects.toThrow(
      /the queue holds work of groklab 9\.9\.9, and this is groklab 0/,
    );
    expect(kept.jobs.get("a")?.state).toBe("waiting");
    expect(await store.list()).toEqual([]);
  });

  it("ends when the queue is empty, where that is asked", async () => {
    const [store, kept] = [memoryStore(), memoryQueue()];
    await kept.queue.add([{ id: "a", data: sweepJob(runs, asked) }]);
    await queueWorker(store, kept.queue, { workers: 2, start: here, once: true });
    expect((await store.list({ status: "finished" })).length).toBe(6);
  });
});

/** The store as it shows a run whose trainer was killed: running, and held by nobody. */
function leftRunning(store: Store): Store {
  return {
    ...store,
    records: async (ids) =>
      (await store.records(ids)).map((record) =>
        record.status === "stopped" ? { ...record, status: "running" } : record,
      ),
  };
}

describe("a job", () => {
  const job = sweepJob(runs, { ...asked, policy: "pair", stopWhenDecided: true });
  interface Changing {
    readonly runs: readonly { readonly plan: Record<string, Record<string, unknown>>; readonly seeds: unknown[] }[];
  }
  const changed = (change: (job: Changing) => unknown): unknown => {
    const copy = JSON.parse(JSON.stringify(job)) as Changing;
    change(copy);
    return copy;
  };

  it("comes out as it went in, and says each plan once", () => {
    expect(job.runs).toHaveLength(2);
    const read = readJob(JSON.parse(JSON.stringify(job)));
    expect(read).toMatchObject({ sweep: "mine-1", policy: "pair", stopWhenDecided: true, retryFailed: false });
    expect(read.runs).toEqual(runs.map(({ id, plan }) => ({ id, plan })));
    expect(idsOf(job)).toEqual(runs.map(({ id }) => id));
    expect(jobId({ ...job, sweep: "a:b c" })).toMatch(/^a_b_c-[0-9a-f]{20}$/);
  });

  it.each([
    [
      "an option that there is not",
      (): unknown => changed(({ runs: [{ plan }] }) => (plan["task"]["evil"] = 1)),
      /evil/,
    ],
    [
      "a value that is not allowed",
      (): unknown => changed(({ runs: [{ plan }] }) => (plan["model"]["dMlp"] = "x")),
      /dMlp/,
    ],
    [
      "a model that there is not",
      (): unknown => changed(({ runs: [{ plan }] }) => (plan["model"]["name"] = "../evil")),
      /evil/,
    ],
    [
      "a default left out",
      (): unknown => changed(({ runs: [{ plan }] }) => delete plan["training"]["clip"]),
      /not written out in full/,
    ],
    [
      "another plan than its id says",
      (): unknown => changed(({ runs: [{ plan }] }) => (plan["training"]["steps"] = 61)),
      /not of what it says/,
    ],
    ["a seed that is none", (): unknown => changed(({ runs: [{ seeds }] }) => (seeds[0] = "0; rm")), /seed/],
    ["an unknown policy", (): unknown => ({ ...job, policy: "evil" }), /policy/],
    ["no runs", (): unknown => ({ ...job, runs: "all" }), /missing/],
    ["nothing", (): unknown => null, /not an object/],
  ] as const)("with %s is not used", (_, make, message) => {
    expect(() => readJob(make())).toThrow(message);
  });

  it.each([{ ...job, groklab: "0.0.1" }, { ...job, format: 2 }, {}])("of another version is told apart", (data) => {
    expect(() => readJob(data)).toThrow(OtherVersion);
  });
});

describe("runs are put together", () => {
  const many = expand({ ...sweep, seeds: Array.from({ length: 3000 }, (_, seed) => seed) }).runs;
  it("up to ten seconds of them, those of a plan together", () => {
    const jobs = batches(many, () => 1);
    expect(jobs.every(({ length }) => length <= 10)).toBe(true);
    expect(jobs.flat()).toHaveLength(6000);
    expect(sweepJob(jobs[0], asked).runs).toHaveLength(1);
  });
  it("fewer where there would be too few jobs, one where a run is long", () => {
    expect(batches(many.slice(0, 512), () => 1).length).toBeGreaterThanOrEqual(200);
    expect(batches(many.slice(0, 50), () => 3600)).toHaveLength(50);
  });
  it("not thousands, however short they are", () => {
    expect(Math.max(...batches(many, () => 1e-6).map(({ length }) => length))).toBeLessThanOrEqual(500);
  });
});
