import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { beforeAll, describe, expect, it } from "vitest";
import { testStore } from "../../test/contracts/store.ts";
import { checkpointAt, evalAt, planOf } from "../../test/store/samples.ts";
import { browserLeases } from "./browser-lease.ts";
import { openBrowserStore } from "./browser-store.ts";
import { BusyError, StoreError } from "./errors.ts";

beforeAll(() => {
  globalThis.IDBKeyRange ??= IDBKeyRange;
});

testStore(() => openBrowserStore({ factory: new IDBFactory() }));

describe("a browser's store", () => {
  /** Two pages of one browser: the locks of each are seen by both, and end with it. */
  function browser() {
    const factory = new IDBFactory();
    const held = new Map<string, () => void>();
    const locks = {
      request: (name: string, work: () => Promise<void>) => {
        held.set(name, () => undefined);
        return work().then(() => held.delete(name));
      },
      query: () => Promise.resolve({ held: [...held.keys()].map((name) => ({ name })) }),
    } as unknown as LockManager;
    const page = () => openBrowserStore({ factory, leases: browserLeases(locks) });
    return { page, crash: () => held.clear() };
  }

  it("keeps two pages from training one run, and lets the next one go on where a page was closed", async () => {
    const { page, crash } = browser();
    const first = await page();
    const second = await page();
    const claim = await first.claim("a-s0", planOf());
    await first.append(claim, [evalAt(0), evalAt(10)]);
    await expect(second.claim("a-s0", planOf())).rejects.toThrow("being trained by another page");
    await expect(second.delete("a-s0")).rejects.toThrow(BusyError);
    expect(await second.find("a-s0")).toMatchObject({ status: "running", heldBy: "another page" });
    crash();
    const left = await second.find("a-s0");
    expect(left).toMatchObject({ status: "running", step: 10 });
    expect(left).not.toHaveProperty("heldBy");
    await second.claim("a-s0", planOf());
    await expect(first.append(claim, [evalAt(20)])).rejects.toThrow(BusyError);
  });

  it("takes a claim for dead after a minute where the browser has no locks", async () => {
    const factory = new IDBFactory();
    let time = 0;
    const page = () => openBrowserStore({ factory, leases: browserLeases(null, () => time) });
    const [first, second] = [await page(), await page()];
    await first.claim("a-s0", planOf());
    await expect(second.claim("a-s0", planOf())).rejects.toThrow(BusyError);
    time = 60_001;
    await second.claim("a-s0", planOf());
  });

  it("gives a whole run, and takes it back after it was deleted, once", async () => {
    const store = await openBrowserStore({ factory: new IDBFactory() });
    const claim = await store.claim("a-s0", planOf());
    await store.append(claim, [evalAt(0), evalAt(10)]);
    await store.saveCheckpoint(claim, checkpointAt(10));
    await store.setNote("a-s0", { forks: [10] });
    await store.release(claim);
    const run = (await store.whole("a-s0"))!;
    await store.delete("a-s0");
    expect(await store.noteOf("a-s0")).toBeUndefined();
    expect(await store.insert(run)).toBe(true);
    expect(await store.insert(run)).toBe(false);
    expect(await store.whole("a-s0")).toEqual(run);
    expect(await store.whole("b-s0")).toBeUndefined();
  });

  it("keeps what was recorded in a while together, or nothing of it where the claim was lost", async () => {
    const { page, crash } = browser();
    const [first, second] = [await page(), await page()];
    const claim = await first.claim("a-s0", planOf());
    const checkpoints = [checkpointAt(10), checkpointAt(20)];
    await first.keep(claim, { evals: [evalAt(0), evalAt(20)], checkpoints, resume: checkpointAt(25) });
    expect(await first.find("a-s0")).toMatchObject({ step: 20 });
    expect(await first.checkpoints("a-s0")).toEqual([10, 20]);
    expect((await first.loadResume("a-s0"))?.step).toBe(25);
    crash();
    await second.claim("a-s0", planOf());
    await expect(first.keep(claim, { evals: [evalAt(30)], checkpoints: [checkpointAt(30)] })).rejects.toThrow(
      BusyError,
    );
    expect((await second.evals("a-s0")).map(({ step }) => step)).toEqual([0, 20]);
    expect(await second.checkpoints("a-s0")).toEqual([10, 20]);
  });

  it("says so where there is no IndexedDB", async () => {
    await expect(openBrowserStore({ factory: undefined })).rejects.toThrow(StoreError);
  });
});
