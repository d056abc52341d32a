import { describe, expect, it } from "vitest";
import { UsageError } from "../options.ts";
import type { Checkpoint } from "../train/checkpoint.ts";
import type { Eval } from "../train/eval.ts";
import type { Experiment } from "../train/experiment.ts";
import { plan as planOf, runId } from "../train/plan.ts";
import type { Moment, Outcome, Pause, PausingOptions, TrainOptions } from "../train/train.ts";
import { BusyError, DamagedError, StoreError } from "./errors.ts";
import { memoryStore } from "./memory-store.ts";
import { type RecordOptions, recordRun, type Start } from "./record.ts";
import type { RunRecord, Store } from "./store.ts";

const experiment: Experiment = {
  task: { name: "modular-addition", p: 5 },
  model: { name: "factored", dModel: 4, dMlp: 4 },
  optimizer: { name: "adamw" },
  training: { steps: 60, evalEvery: 10, checkpointEvery: 20 },
};
const plan = planOf(experiment);
const id = runId(plan);

const checkpointAt = (step: number): Checkpoint => ({
  step,
  params: { W: { shape: [1], data: Float32Array.of(step * 0.5) } },
  state: {},
});

/** Sixty steps of nothing: the weight at step n is n / 2, and so is what a resumed run goes on from. */
function* pretend(_: unknown, { from, interrupt }: TrainOptions = {}): Generator<Moment, Outcome> {
  let step = from?.step ?? 0;
  if (from) expect(from).toEqual(checkpointAt(step));
  for (; ; step++) {
    if (step % 10 === 0) {
      const score = { loss: 1 / (step + 1), accuracy: step / 60 };
      const now = step;
      yield {
        ...{ step, train: score, test: score, normL1: step, normL2: step, params: {} },
        checkpointDue: step % 20 === 0,
        snapshot: () => checkpointAt(now),
      };
    }
    if (step === 60) return { status: "finished", step, checkpoint: checkpointAt(step) };
    if (interrupt?.()) return { status: "interrupted", step, checkpoint: checkpointAt(step) };
  }
}

/** Iterates to the end, or until `until` says so. */
async function sit(store: Store, options: RecordOptions = {}, until: (e: Eval) => boolean = () => false) {
  const steps: number[] = [];
  const run = recordRun(store, plan, { train: pretend, ...options });
  let record: RunRecord | undefined;
  while (true) {
    const next = await run.next();
    if (next.done) {
      record = next.value;
      break;
    }
    steps.push(next.value.step);
    if (until(next.value)) {
      await run.return(undefined as never);
      break;
    }
  }
  return { steps, record: record ?? (await store.find(id))! };
}

describe("recordRun", () => {
  it("stores every evaluation before it yields it, checkpoints when due, and the ending last", async () => {
    const store = memoryStore();
    for await (const e of recordRun(store, plan, { train: pretend })) {
      expect((await store.evals(id)).at(-1)).toMatchObject({ step: e.step });
      expect(await store.find(id)).toMatchObject({ status: "running", step: e.step });
    }
    expect((await store.evals(id)).map(({ step }) => step)).toEqual([0, 10, 20, 30, 40, 50, 60]);
    expect(await store.checkpoints(id)).toEqual([0, 20, 40, 60]);
    const record = (await store.find(id))!;
    expect(record).toMatchObject({ status: "finished", step: 60, plan });
    expect(record.weightsHash).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(record.verdict!.policy).toBe("accuracy");
    expect(record.seconds).toBeGreaterThan(0);
    expect(record).not.toHaveProperty("heldBy");
  });

  it("stores evaluations in batches where it may, and nothing before its evaluations", async () => {
    const store = memoryStore();
    const order: string[] = [];
    const noting: Store = {
      ...store,
      append: (claim, evals) => {
        if (evals.length > 0) order.push(`evals ${evals.map(({ step }) => step).join(" ")}`);
        return store.append(claim, evals);
      },
      saveCheckpoint: (claim, checkpoint) => {
        order.push(`checkpoint ${checkpoint.step}`);
        return store.saveCheckpoint(claim, checkpoint);
      },
    };
    await sit(noting, { storeEvery: 1e9 });
    expect(order).toEqual([
      ...["evals 0", "checkpoint 0", "evals 10 20", "checkpoint 20", "evals 30 40", "checkpoint 40"],
      ...["evals 50 60", "checkpoint 60"],
    ]);
    expect((await store.evals(id)).map(({ step }) => step)).toEqual([0, 10, 20, 30, 40, 50, 60]);
  });

  it("keeps a checkpoint to go on from between those of the Plan, and goes on from it after a kill", async () => {
    const store = memoryStore();
    const kept: number[] = [];
    const killed: Store = {
      ...store,
      saveResume: async (claim, checkpoint) => {
        kept.push(checkpoint.step);
        await store.saveResume(claim, checkpoint);
        // Nothing that this process does later reaches the store, as after kill -9.
        if (checkpoint.step === 50) throw new BusyError(id, "nobody: the process was killed");
      },
    };
    await expect(sit(killed, { resumeEvery: 0 })).rejects.toThrow(BusyError);
    expect(kept).toEqual([10, 30, 50]);
    expect(await store.checkpoints(id)).toEqual([0, 20, 40]);
    let start: Start | undefined;
    const { steps, record } = await sit(store, { onStart: (given) => (start = given) });
    expect(start!.step).toBe(50);
    expect(start!.evals.map(({ step }) => step)).toEqual([0, 10, 20, 30, 40, 50]);
    expect(steps).toEqual([50, 60]);
    expect(record.status).toBe("finished");
    expect((await store.evals(id)).map(({ step }) => step)).toEqual([0, 10, 20, 30, 40, 50, 60]);
    expect(await store.checkpoints(id)).toEqual([0, 20, 40, 60]);
    expect(await store.loadResume(id)).toBeUndefined();
  });

  it("stores what was measured before an error", async () => {
    const store = memoryStore();
    const failing: RecordOptions["train"] = function* (plan, options) {
      for (const moment of pretend(plan, options)) {
        yield moment;
        if (moment.step === 30) throw new Error("out of luck");
      }
      throw new Error("never");
    };
    await expect(sit(store, { storeEvery: 1e9, train: failing })).rejects.toThrow("out of luck");
    expect((await store.evals(id)).map(({ step }) => step)).toEqual([0, 10, 20, 30]);
    expect(await store.find(id)).toMatchObject({ status: "failed", note: "out of luck", step: 30 });
  });

  it("returns a run that is over without training it again", async () => {
    const store = memoryStore();
    const { record } = await sit(store);
    const again = await sit(store, {
      train: () => {
        throw new Error("trained again");
      },
    });
    expect(again).toEqual({ steps: [], record });
  });

  it("goes on from the newest checkpoint, with the curves up to there", async () => {
    const store = memoryStore();
    const stopped = await sit(store, {}, ({ step }) => step === 30);
    expect(stopped.record).toMatchObject({ status: "stopped", note: "stopped by its caller", step: 30 });
    expect(await store.checkpoints(id)).toEqual([0, 20, 30]);
    let start: Start | undefined;
    const { steps, record } = await sit(store, { onStart: (given) => (start = given) });
    expect(start).toMatchObject({ id, step: 30, seconds: stopped.record.seconds });
    expect(start!.evals.map(({ step }) => step)).toEqual([0, 10, 20, 30]);
    expect(steps).toEqual([30, 40, 50, 60]);
    expect((await store.evals(id)).map(({ step }) => step)).toEqual([0, 10, 20, 30, 40, 50, 60]);
    expect(record.status).toBe("finished");
    expect(record.seconds).toBeGreaterThan(stopped.record.seconds);
  });

  it("lets signals in between evaluations, and saves there what a kill would lose", async () => {
    const store = memoryStore();
    let asked = false;
    /** Evaluates at the start alone: a signal that waits for an evaluation waits for ever. */
    function* slow(_: unknown, { interrupt, pause }: PausingOptions): Generator<Moment | Pause, Outcome> {
      const first = pretend(undefined).next().value as Moment;
      yield first;
      setTimeout(() => (asked = true), 0);
      for (let step = 1; ; step++) {
        if (interrupt?.()) return { status: "interrupted", step, checkpoint: checkpointAt(step) };
        if (pause()) yield { step, paused: true, snapshot: () => checkpointAt(step), params: {} };
      }
    }
    let resumes = 0;
    const watched: Store = {
      ...store,
      saveResume: (claim, checkpoint) => {
        resumes++;
        expect(checkpoint).toEqual(checkpointAt(checkpoint.step));
        return store.saveResume(claim, checkpoint);
      },
    };
    const { record, steps } = await sit(watched, { train: slow, interrupt: () => asked, resumeEvery: 0 });
    expect(record?.status).toBe("stopped");
    expect(steps).toEqual([0]);
    expect(resumes).toBe(1);
  });

  it("saves where it is interrupted, also between evaluations", async () => {
    const store = memoryStore();
    let updates = 0;
    const { record, steps } = await sit(store, { interrupt: () => ++updates === 26 });
    expect(steps).toEqual([0, 10, 20]);
    expect(record).toMatchObject({ status: "stopped", note: "interrupted at step 25", step: 20 });
    expect(await store.checkpoints(id)).toEqual([0, 20, 25]);
    expect((await sit(store)).steps).toEqual([30, 40, 50, 60]);
  });

  it("ends in the same record, resumed or not", async () => {
    const whole = (await sit(memoryStore())).record;
    const store = memoryStore();
    await sit(store, {}, ({ step }) => step === 10);
    await sit(store, {}, ({ step }) => step === 40);
    const parts = (await sit(store)).record;
    const timeless = ({ createdAt: _, updatedAt: __, seconds: ___, ...rest }: RunRecord) => rest;
    expect(timeless(parts)).toEqual(timeless(whole));
  });

  it("stops for a reason, which it notes, and can be continued", async () => {
    const store = memoryStore();
    const stop = (evals: readonly Eval[]) => (evals.length === 3 ? "long enough" : undefined);
    const { record, steps } = await sit(store, { stop });
    expect(steps).toEqual([0, 10, 20]);
    expect(record).toMatchObject({ status: "stopped", note: "long enough", verdict: { label: "undecided" } });
    expect(await store.checkpoints(id)).toEqual([0, 20]);
    // Asked again with the same reason, it stands where it stood.
    expect((await sit(store, { stop })).steps).toEqual([20]);
    expect((await sit(store)).record.status).toBe("finished");
  });

  it("keeps a run that diverged, with its step and what to try", async () => {
    const store = memoryStore();
    const { record } = await sit(store, {
      *train(_, options) {
        const training = pretend(_, options);
        yield training.next().value as Moment;
        return { status: "diverged", step: 7, checkpoint: checkpointAt(7), note: "try a smaller learningRate" };
      },
    });
    expect(record).toMatchObject({ status: "diverged", note: "try a smaller learningRate" });
    expect(record.verdict).toMatchObject({ label: "diverged", divergedAt: 7 });
    expect(await store.checkpoints(id)).toEqual([0, 7]);
  });

  it("takes the checkpoint before a damaged one, and says so", async () => {
    const store = memoryStore();
    await sit(store, {}, ({ step }) => step === 40);
    const damaged: Store = {
      ...store,
      loadCheckpoint: (run, step) =>
        step === 40 ? Promise.reject(new DamagedError("40.safetensors", "a test")) : store.loadCheckpoint(run, step),
    };
    const warnings: string[] = [];
    const { steps } = await sit(damaged, { onWarning: (message) => warnings.push(message) });
    expect(warnings).toEqual(["40.safetensors is damaged (a test)"]);
    expect(steps).toEqual([20, 30, 40, 50, 60]);
    expect(await store.evals(id)).toHaveLength(7);
  });

  it("records an error in training as failed, and throws it; the run can be tried again", async () => {
    const store = memoryStore();
    const broken = sit(store, {
      *train(_, options) {
        const training = pretend(_, options);
        for (let i = 0; i < 3; i++) yield training.next().value as Moment;
        throw new Error("out of memory\n    at somewhere");
      },
    });
    await expect(broken).rejects.toThrow("out of memory");
    expect(await store.find(id)).toMatchObject({ status: "failed", note: "out of memory", step: 20 });
    expect((await sit(store)).record.status).toBe("finished");
  });

  it("gives the claim back when storing fails, and throws that error", async () => {
    const store = memoryStore();
    const full: Store = {
      ...store,
      append: (claim, evals) =>
        evals[0].step === 30 ? Promise.reject(new StoreError("no space")) : store.append(claim, evals),
    };
    await expect(sit(full)).rejects.toThrow(StoreError);
    expect(await store.find(id)).toMatchObject({ status: "stopped", step: 20 });
    expect(await store.find(id)).not.toHaveProperty("heldBy");
    expect((await sit(store)).steps).toEqual([20, 30, 40, 50, 60]);
  });

  it("leaves no run behind for a Plan that cannot be trained", async () => {
    const store = memoryStore();
    const impossible = sit(store, {
      *train() {
        throw new UsageError("model.dMlp: too large for this task");
      },
    });
    await expect(impossible).rejects.toThrow(UsageError);
    expect(await store.list()).toEqual([]);
  });

  it("trains nothing that another process holds", async () => {
    const store = memoryStore();
    await store.claim(id, plan);
    await expect(sit(store)).rejects.toThrow(BusyError);
    expect(await store.find(id)).toMatchObject({ status: "running", step: 0 });
  });

  it("notices that another process finished the run while it asked", async () => {
    const store = memoryStore();
    const late: Store = {
      ...store,
      async claim(run, given) {
        await store.finish(await store.claim(run, given), { status: "finished", seconds: 5 });
        return store.claim(run, given);
      },
    };
    const { steps, record } = await sit(late);
    expect(steps).toEqual([]);
    expect(record).toMatchObject({ status: "finished", seconds: 5 });
    expect(await store.find(id)).toMatchObject({ status: "finished" });
  });

  it("lets timers and signals have their turn between evaluations", async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    await sit(memoryStore(), {
      stop: () => {
        const until = performance.now() + 5;
        while (performance.now() < until);
        return undefined;
      },
    });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
  });

  it("trains a real Plan into the same weights in one sitting and in three", async () => {
    const whole = memoryStore();
    const parts = memoryStore();
    const all = async (store: Store, until: number) => {
      for await (const { step } of recordRun(store, plan)) if (step >= until) break;
      return (await store.find(id))!;
    };
    const expected = await all(whole, Infinity);
    expect(expected.status).toBe("finished");
    await all(parts, 10);
    await all(parts, 40);
    const resumed = await all(parts, Infinity);
    expect(resumed.weightsHash).toBe(expected.weightsHash);
    expect(await parts.evals(id)).toEqual(await whole.evals(id));
  });
});
