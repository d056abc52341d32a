import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { beforeAll, describe, expect, it } from "vitest";
import { checkpointAt, evalAt } from "../../../test/store/samples.ts";
import { openBrowserStore, type BrowserStore, type Recorded } from "../../../src/runs/browser-store.ts";
import { storeRecorder } from "./recorder.ts";
import { tinyPlan } from "./testing/tiny.ts";

beforeAll(() => {
  globalThis.IDBKeyRange ??= IDBKeyRange;
});

/** A store whose writes take as long as the test wants, and what it was given to write. */
async function slowStore() {
  const whole = await openBrowserStore({ factory: new IDBFactory() });
  const written: Recorded[] = [];
  const waiting: ((error?: Error) => void)[] = [];
  const store: BrowserStore = {
    ...whole,
    keep: async (claim, recorded) => {
      written.push(recorded);
      const error = await new Promise<Error | undefined>((resolve) => waiting.push(resolve));
      if (error) throw error;
      await whole.keep(claim, recorded);
    },
  };
  /** Lets the oldest write end, well or badly. */
  const release = async (error?: Error): Promise<void> => {
    waiting.shift()?.(error);
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  return { store, written, release };
}
const recorderOf = (store: BrowserStore) => storeRecorder(store, "a-s0", tinyPlan, () => undefined);
const steps = ({ evals = [], checkpoints = [] }: Recorded) => [evals, checkpoints].map((all) => all.map(({ step }) => step)); // prettier-ignore

describe("what a page records of its training", () => {
  it("is written together now and then, and training never waits for a write", async () => {
    const { store, written, release } = await slowStore();
    const recorder = await recorderOf(store);
    for (let step = 0; step <= 1000; step += 10) {
      recorder.note(evalAt(step), step); // a step takes a millisecond
      if (step % 100 === 0) expect(recorder.save(checkpointAt(step), step)).toBeUndefined();
    }
    // The first write stands still: everything after it waits, for one write.
    expect(written.map(steps)).toEqual([[[0], []]]);
    await release();
    recorder.note(evalAt(1010), 1010);
    expect(steps(written[1])).toEqual([
      Array.from({ length: 101 }, (_, i) => 10 * (i + 1)),
      Array.from({ length: 11 }, (_, i) => 100 * i),
    ]);
    await release();
    expect((await store.evals("a-s0")).length).toBe(102);
    expect((await store.checkpoints("a-s0")).length).toBe(11);
  });

  it("waits where more checkpoints are to be written than the memory should hold", async () => {
    const { store, release } = await slowStore();
    const recorder = await recorderOf(store);
    recorder.note(evalAt(0), 0);
    const large = (step: number) => ({
      step,
      params: { w: { dtype: "float64", shape: [2 ** 21], data: new Float64Array(2 ** 21) } }, // 16 MB
      state: {},
    });
    expect(recorder.save(large(1) as never, 1)).toBeUndefined();
    expect(recorder.save(large(2) as never, 2)).toBeUndefined();
    const full = recorder.save(large(3), 3);
    expect(full).toBeInstanceOf(Promise);
    let over = false;
    void full?.then(() => (over = true));
    await release();
    expect(over).toBe(false);
    await release();
    await full;
    expect(await store.checkpoints("a-s0")).toEqual([1, 2, 3]);
  });

  it("tells of a write that failed at the next thing to record", async () => {
    const { store, release } = await slowStore();
    const recorder = await recorderOf(store);
    recorder.note(evalAt(0), 0);
    await release(new Error("the disk is full"));
    expect(() => recorder.note(evalAt(10), 10)).toThrow("the disk is full");
  });
});
