import * as nodeFs from "node:fs";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { testStore } from "../../test/contracts/store.ts";
import { newFolder } from "../../test/store/folders.ts";
import { checkpointAt } from "../../test/store/samples.ts";
import { execute, storeWith, tenEvals } from "../../test/store/stored.ts";
import { BusyError, StoreError } from "./errors.ts";
import { openFolderStore } from "./folder-store.ts";

testStore(() => openFolderStore(join(newFolder(), "new", ".groklab")));

it("does not delete a run that another process claims at that moment", async () => {
  const folder = await storeWith("a-s0");
  let claimed = false;
  const now = () => {
    if (!claimed && started) {
      claimed = true;
      // Between the look at the lease and the deletion, for which the store asks the time.
      execute(folder, "update runs set lease_owner = 'other', lease_expires = 9e15 where id = 'a-s0'");
    }
    return Date.now();
  };
  let started = false;
  const store = await openFolderStore(folder, { now });
  started = true;
  await expect(store.delete("a-s0")).rejects.toThrow(BusyError);
  expect(claimed).toBe(true);
  expect(await store.evals("a-s0")).toEqual(tenEvals);
  expect(await store.loadCheckpoint("a-s0", 9)).toEqual(checkpointAt(9));
  await store.close();
});

it("deletes a run whose holder is gone", async () => {
  const folder = await storeWith("a-s0");
  execute(folder, "update runs set lease_owner = 'other', lease_expires = 5.5 where id = 'a-s0'");
  const store = await openFolderStore(folder);
  await store.delete("a-s0");
  expect(await store.list()).toEqual([]);
  await store.close();
});

it("has forgotten a run whose checkpoints it could not delete, rather than kept it without them", async () => {
  const folder = await storeWith("a-s0");
  const refuse = (): never => {
    throw Object.assign(new Error("EACCES: from the test"), { code: "EACCES" });
  };
  const store = await openFolderStore(folder, { files: { ...nodeFs, rmSync: refuse } });
  await expect(store.delete("a-s0")).rejects.toThrow(StoreError);
  expect(await store.find("a-s0")).toBeUndefined();
  await store.close();
  const again = await openFolderStore(folder);
  await again.delete("a-s0");
  expect(existsSync(join(folder, "checkpoints", "a-s0"))).toBe(false);
  await again.close();
});
