import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { beforeAll, describe, expect, it } from "vitest";
import { tinyPlan } from "./testing/tiny.ts";
import { openBrowserStore, type BrowserStore } from "../../../src/runs/browser-store.ts";
import { weightsHash } from "../../../src/tensor/formats/weights-hash.ts";
import { plan, withOption } from "../../../src/train/plan.ts";
import { train, type TrainOptions } from "../../../src/train/train.ts";
import { finalPlan, forkAt, lineageId, unforked, type Lineage } from "./lineage.ts";
import type { Reply, Request } from "./messages.ts";
import { storeRecorder } from "./recorder.ts";
import { Trainer } from "./trainer.ts";

beforeAll(() => {
  globalThis.IDBKeyRange ??= IDBKeyRange;
});

type Ended = Extract<Reply, { type: "ended" }>;

/** A trainer with everything it posted. The clock ticks a millisecond at each look. */
function trainerOf(store?: BrowserStore) {
  const replies: Reply[] = [];
  const all: Reply[] = [];
  const listeners: (() => void)[] = [];
  let time = 0;
  const trainer = new Trainer({
    post: (reply) => {
      // As between threads: what is posted is a copy.
      replies.push(structuredClone(reply));
      all.push(replies[replies.length - 1]);
      for (const listener of listeners.splice(0)) listener();
    },
    now: () => time++,
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
    ...(store && {
      record: (lineage, warn) => storeRecorder(store, lineageId(lineage), finalPlan(lineage), warn),
    }),
  });
  const waitFor = async <R extends Reply>(test: (reply: Reply) => boolean): Promise<R> => {
    for (;;) {
      const found = replies.findIndex(test);
      if (found >= 0) return replies.splice(0, found + 1).at(-1) as R;
      await new Promise<void>((resolve) => listeners.push(resolve));
    }
  };
  const begin = (lineage: Lineage, more: Partial<Extract<Request, { type: "start" }>> = {}) =>
    trainer.handle({ type: "start", lineage, store: false, keep: 4, paused: false, ...more });
  return { trainer, begin, waitFor, ended: () => waitFor<Ended>(({ type }) => type === "ended"), all };
}

/** What the command line ends in. */
function hashOf(experiment: typeof tinyPlan, from: TrainOptions = {}): string {
  const run = train(experiment, from);
  for (;;) {
    const { value, done } = run.next();
    if (done) return weightsHash(value.checkpoint.params);
  }
}

const stands = (step: number) => (reply: Reply) =>
  reply.type === "progress" && !reply.standing.running && reply.standing.step === step;

describe("the trainer of a page", () => {
  it("ends in the bits of the one training loop, with all its evaluations", async () => {
    const { begin, ended, all } = trainerOf();
    begin(unforked(tinyPlan));
    const { weightsHash: hash, standing, status } = await ended();
    expect(hash).toBe(hashOf(tinyPlan));
    expect(status).toBe("finished");
    expect(standing).toMatchObject({ running: false, step: 200 });
    const evals = all.flatMap((reply) => ("evals" in reply ? reply.evals : []));
    expect(evals.map(({ step }) => step)).toEqual(Array.from({ length: 21 }, (_, i) => 10 * i));
  });

  it("stands still at any step, goes on by single steps, and ends in the same bits", async () => {
    const { trainer, begin, waitFor, ended } = trainerOf();
    begin(unforked(tinyPlan), { paused: true });
    await waitFor(stands(0));
    trainer.handle({ type: "resume", until: 1 });
    await waitFor(stands(1));
    trainer.handle({ type: "resume", until: 17 });
    await waitFor(stands(17));
    trainer.handle({ type: "resume" });
    expect((await ended()).weightsHash).toBe(hashOf(tinyPlan));
  });

  it("forks at a step: the same bits as training the rest of the checkpoint by the other Plan", async () => {
    const wild = plan(withOption(tinyPlan, "learningRate", "0.1"));
    let hash = "";
    for (const moment of train(tinyPlan)) {
      if (moment.step === 100) {
        hash = hashOf(wild, { from: moment.snapshot() });
        break;
      }
    }
    const { begin, ended } = trainerOf();
    begin(forkAt(unforked(tinyPlan), 100, wild));
    expect((await ended()).weightsHash).toBe(hash);
    expect(hash).not.toBe(hashOf(tinyPlan));
  });

  it("goes on after the last step where a fork asks for more", async () => {
    const more = plan(withOption(tinyPlan, "steps", "300"));
    const { begin, ended } = trainerOf();
    begin(forkAt(unforked(tinyPlan), 200, more));
    expect((await ended()).weightsHash).toBe(hashOf(more));
  });

  it("sends weights on the way, evenly spread, and when they are asked for", async () => {
    const { trainer, begin, waitFor, ended, all } = trainerOf();
    begin(unforked(tinyPlan), { paused: true });
    await waitFor(stands(0));
    trainer.handle({ type: "resume", until: 33 });
    await waitFor(stands(33));
    trainer.handle({ type: "weights" });
    await waitFor((reply) => reply.type === "weights" && reply.step === 33 && !reply.kept);
    trainer.handle({ type: "resume" });
    await ended();
    const kept = all.flatMap((reply) => (reply.type === "weights" && reply.kept ? [reply.step] : []));
    expect(kept[0]).toBe(0);
    expect(kept.at(-1)).toBe(200);
    expect(kept.length).toBeGreaterThan(4);
    expect(kept.length).toBeLessThan(8);
  });

  it("stores the run, and continues it after the page was closed", async () => {
    const store = await openBrowserStore({ factory: new IDBFactory() });
    const id = lineageId(unforked(tinyPlan));
    const first = trainerOf(store);
    first.begin(unforked(tinyPlan), { store: true, paused: true });
    await first.waitFor(stands(0));
    first.trainer.handle({ type: "resume", until: 77 });
    await first.waitFor(stands(77));
    first.trainer.handle({ type: "close" });
    await first.waitFor(({ type }) => type === "closed");
    expect(await store.find(id)).toMatchObject({ status: "stopped", step: 70 });
    expect(await store.checkpoints(id)).toContain(77);

    const second = trainerOf(store);
    second.begin(unforked(tinyPlan), { store: true });
    const ready = await second.waitFor<Extract<Reply, { type: "ready" }>>(({ type }) => type === "ready");
    expect(ready.step).toBe(77);
    expect(ready.evals.at(-1)?.step).toBe(70);
    const { weightsHash: hash } = await second.ended();
    expect(hash).toBe(hashOf(tinyPlan));
    expect(await store.find(id)).toMatchObject({ status: "finished", step: 200, weightsHash: hash });
    expect((await store.evals(id)).map(({ step }) => step)).toEqual(Array.from({ length: 21 }, (_, i) => 10 * i));

    const third = trainerOf(store);
    third.begin(unforked(tinyPlan), { store: true });
    expect((await third.ended()).weightsHash).toBe(hash);
  });

  it("trains on unstored where the run cannot be kept, and says so", async () => {
    const store = await openBrowserStore({ factory: new IDBFactory() });
    await store.claim(lineageId(unforked(tinyPlan)), tinyPlan);
    const { begin, ended, waitFor } = trainerOf(store);
    begin(unforked(tinyPlan), { store: true });
    const ready = await waitFor<Extract<Reply, { type: "ready" }>>(({ type }) => type === "ready");
    expect(ready.unstored).toContain("is being trained by");
    expect((await ended()).weightsHash).toBe(hashOf(tinyPlan));
  });

  it.each([
    [{ steps: "100000000", evalEvery: "100000" }, "training.steps: 100000000 is more than a page trains"],
    [{ p: "997" }, "task.p: 997 makes 994009 pairs"],
    [{ dModel: "60000" }, "model.dModel: 60000 is more than a page trains"],
  ])("refuses what no page can train: %j", async (options, message) => {
    const { begin, waitFor } = trainerOf();
    const changed = Object.entries(options).reduce<typeof tinyPlan>(
      (before, [key, value]) => plan(withOption(before, key, value)),
      tinyPlan,
    );
    begin(unforked(changed));
    const failed = await waitFor<Extract<Reply, { type: "failed" }>>(({ type }) => type === "failed");
    expect(failed).toMatchObject({ usage: true, message: expect.stringContaining(message) });
  });
});
