import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newFolder } from "../../test/store/folders.ts";
import { bundleWorker } from "../../test/workers/bundle.ts";
import { openFolderStore } from "../runs/folder-store.ts";
import { memoryStore } from "../runs/memory-store.ts";
import { recordRun } from "../runs/record.ts";
import type { Store } from "../runs/store.ts";
import type { Experiment } from "../train/experiment.ts";
import { expand, type Sweep, type SweepRun } from "../train/sweep.ts";
import { here, type StartTrainer, threads, type Trainer, WorkerDied } from "./pool.ts";
import { type RunEnd, runSweep, type RunSweepOptions } from "./run-sweep.ts";

const base: Experiment = {
  task: { name: "sparse-parity", n: 8, k: 2, trainSize: 40, testSize: 40 },
  model: { name: "bit-mlp", dMlp: 8 },
  optimizer: { name: "adamw", learningRate: 0.01 },
  training: { steps: 100, evalEvery: 10, checkpointEvery: 0 },
};
const sweep: Sweep = {
  base,
  axes: [
    { option: "weightDecay", values: [0, 0.1] },
    { option: "steps", values: [40, 100, 60] },
  ],
  seeds: [0, 1],
};
const { runs } = expand(sweep);

/** Each run alone, as `groklab run` would train it. */
async function alone(of: readonly SweepRun[]): Promise<Store> {
  const store = memoryStore();
  for (const { plan } of of) for await (const _ of recordRun(store, plan));
  return store;
}
async function expectSame(store: Store, other: Store, of: readonly SweepRun[] = runs): Promise<void> {
  for (const { id } of of) {
    expect(await store.evals(id)).toEqual(await other.evals(id));
    const [found, expected] = [await store.find(id), await other.find(id)];
    expect(found).toMatchObject({ status: "finished", weightsHash: expected!.weightsHash, verdict: expected!.verdict });
  }
}

async function sit(store: Store, options: Partial<RunSweepOptions> = {}, of: readonly SweepRun[] = runs) {
  const ends: RunEnd[] = [];
  const work = runSweep(store, of, { workers: 1, start: here, onRun: (end) => ends.push(end), ...options });
  return { state: await work.end, ends };
}

describe("a sweep", () => {
  it("trains every run once, longest first, to the bits that it has alone", async () => {
    const store = memoryStore();
    // Trials of a given outcome: what is measured on a busy machine is no order to rely on.
    const measured: StartTrainer = (...args) => ({
      ...here(...args),
      trial: () => Promise.resolve({ secondsPerStep: 1e-3, secondsPerEvaluation: 1e-2, checkpointBytes: 100 }),
    });
    const { state, ends } = await sit(store, { start: measured });
    expect(state).toMatchObject({ total: 12, before: 0, trained: 12, failed: 0, diverged: 0, running: [] });
    const steps = ends.map(({ run }) => run.plan.training["steps"]);
    expect(steps).toEqual([...Array<number>(4).fill(100), ...Array<number>(4).fill(60), ...Array<number>(4).fill(40)]);
    expect(Object.values(state.counts).reduce((sum, n) => sum + n, 0)).toBe(12);
    await expectSame(store, await alone(runs));
  });

  it("does only what is missing: again nothing, in a bigger grid what is new", async () => {
    const store = memoryStore();
    await sit(store);
    const again = await sit(store);
    expect(again.state).toMatchObject({ total: 12, before: 12, trained: 0 });
    expect(again.ends).toEqual([]);
    const bigger = expand({ ...sweep, seeds: [0, 1, 2] }).runs;
    const more = await sit(store, {}, bigger);
    expect(more.state).toMatchObject({ total: 18, before: 12, trained: 6 });
    expect(more.ends.every(({ run }) => run.plan.seed === 2)).toBe(true);
    expect(more.state.counts).not.toEqual({});
  });

  it("goes on after a run that fails and one that diverges, names and counts both, and tries again when asked", async () => {
    const store = memoryStore();
    const mixed = expand({
      base,
      axes: [
        {
          name: "kind",
          points: [
            { label: "good", set: {} },
            { label: "impossible", set: { loss: "nats-per-class" } },
            { label: "wild", set: { learningRate: 1000, weightDecay: 1 } },
          ],
        },
      ],
      seeds: [0],
    }).runs;
    const { state, ends } = await sit(store, {}, mixed);
    const outcome = (label: string) => ends.find(({ run }) => run.setting["kind"] === label);
    expect(outcome("good")).toMatchObject({ outcome: "finished" });
    expect(outcome("impossible")).toMatchObject({ outcome: "failed" });
    expect(outcome("impossible")!.note).toMatch(/training\.loss: nats-per-class divides by the logits/);
    expect(outcome("wild")).toMatchObject({ outcome: "diverged", label: "diverged" });
    expect(state).toMatchObject({ total: 3, trained: 2, failed: 1, diverged: 1 });
  });

  it("leaves a run that an error ended until it is asked to try again", async () => {
    const store = memoryStore();
    const broken = await store.claim(runs[0].id, runs[0].plan);
    await store.finish(broken, { status: "failed", seconds: 1, note: "no memory" });
    const first = await sit(store);
    expect(first.state).toMatchObject({ total: 12, before: 1, trained: 11, failed: 1 });
    expect(await store.find(runs[0].id)).toMatchObject({ status: "failed", note: "no memory" });
    const second = await sit(store, { retryFailed: true });
    expect(second.state).toMatchObject({ before: 11, trained: 1, failed: 0 });
    await expectSame(store, await alone(runs));
  });

  it("stops when asked, with every run in progress saved, and goes on to the same bits", async () => {
    const store = memoryStore();
    const asked = new AbortController();
    const stopped = await sit(store, {
      signal: asked.signal,
      onRun: () => asked.abort(),
    });
    expect(stopped.state.trained).toBe(1);
    await sit(store);
    await expectSame(store, await alone(runs));
  });

  it("ends runs early once they are decided, when asked, says so on them, and trains them on when not", async () => {
    const store = memoryStore();
    const quick = expand({
      base: {
        ...base,
        task: { ...base.task, n: 6, trainSize: 50 },
        model: { ...base.model, dMlp: 16 },
        optimizer: { name: "adamw", learningRate: 0.03, weightDecay: 0.1 },
        training: { steps: 3000, evalEvery: 10, checkpointEvery: 0 },
      },
      axes: [],
      seeds: [0, 1, 2],
    }).runs;
    const options = { stopWhenDecided: true, policy: "power" };
    const { state, ends } = await sit(store, options, quick);
    const early = ends.filter(({ outcome }) => outcome === "stopped");
    expect(early.length).toBeGreaterThan(0);
    expect(state).toMatchObject({ trained: 3 });
    for (const { record } of early) {
      expect(record!.note).toMatch(/^decided: no further step can change the verdict of policy power/);
      expect(record!.step).toBeLessThan(3000);
    }
    const labels = new Map(ends.map(({ run, label }) => [run.id, label]));
    expect((await sit(store, options, quick)).state).toMatchObject({ before: 3, trained: 0 });
    const whole = await sit(store, { policy: "power" }, quick);
    expect(whole.state.trained).toBe(early.length);
    for (const { run, label } of whole.ends) expect(label).toBe(labels.get(run.id));
    await expectSame(store, await alone(quick), quick);
  });

  it("gives a run whose worker died to a new one, and keeps it as failed when that dies, too", async () => {
    const store = memoryStore();
    const deaths = new Map([
      [runs[2].id, 1],
      [runs[3].id, 9],
    ]);
    const mortal: StartTrainer = (...args) => {
      const trainer = here(...args);
      return {
        ...trainer,
        train: async (job) => {
          const id = runs.find(({ plan }) => plan === job.plan)!.id;
          const left = deaths.get(id) ?? 0;
          deaths.set(id, left - 1);
          if (left > 0) throw new WorkerDied("a worker ended: out of memory");
          return trainer.train(job);
        },
      } satisfies Trainer;
    };
    const { state, ends } = await sit(store, { start: mortal });
    expect(state).toMatchObject({ trained: 11, failed: 1 });
    expect(ends.find(({ outcome }) => outcome === "failed")).toMatchObject({ run: { id: runs[3].id } });
    expect(await store.find(runs[3].id)).toMatchObject({ status: "failed", note: "a worker ended: out of memory" });
  });
});

describe("threads", () => {
  let bundle: Awaited<ReturnType<typeof bundleWorker>>;
  beforeAll(async () => {
    bundle = await bundleWorker();
  });
  afterAll(() => bundle.remove());

  it("train to the bits that each run has alone, with one connection to the store", async () => {
    const store = await openFolderStore(newFolder());
    const { state } = await sit(store, { workers: 3, start: threads(bundle.worker) });
    expect(state).toMatchObject({ total: 12, trained: 12, failed: 0 });
    await expectSame(store, await alone(runs));
    await store.close();
  });

  it("whose thread is ended: its run is trained by another one", async () => {
    const store = await openFolderStore(newFolder());
    let killed = 0;
    const start: StartTrainer = (...args) => {
      const trainer = threads(bundle.worker)(...args);
      return {
        ...trainer,
        train: async (job) => {
          if (killed++ > 0) return trainer.train(job);
          const training = trainer.train(job);
          await trainer.close();
          return training;
        },
      } satisfies Trainer;
    };
    const { state } = await sit(store, { start });
    expect(killed).toBe(13);
    expect(state).toMatchObject({ total: 12, trained: 12, failed: 0 });
    await expectSame(store, await alone(runs));
    await store.close();
  });

  it("of two sweeps on one store train no run twice", async () => {
    const folder = newFolder();
    const stores = [await openFolderStore(folder), await openFolderStore(folder)];
    const start = threads(bundle.worker);
    const both = await Promise.all(stores.map((store) => sit(store, { start })));
    const trained = both.flatMap(({ ends }) => ends.filter(({ outcome }) => outcome === "finished").map(({ run }) => run.id)); // prettier-ignore
    expect(trained.sort()).toEqual(runs.map(({ id }) => id).sort());
    for (const { state } of both) {
      const { before, elsewhere, trained } = state;
      expect(before + trained + elsewhere).toBe(12);
    }
    await expectSame(stores[0], await alone(runs));
    for (const store of stores) await store.close();
  });
});
