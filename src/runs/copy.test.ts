import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testCopy } from "../../test/contracts/copy.ts";
import { newFolder } from "../../test/store/folders.ts";
import { overwrite, storeWith } from "../../test/store/stored.ts";
import { UsageError } from "../options.ts";
import { copyRuns, type CopyEnd } from "./copy.ts";
import { openFolderStore } from "./folder-store.ts";
import { memoryStore } from "./memory-store.ts";

describe("between folders", () => {
  testCopy(
    () => openFolderStore(newFolder()),
    () => openFolderStore(newFolder()),
  );
});

it("names a damaged checkpoint, and copies the other runs", async () => {
  const folder = await storeWith("a-s0", "b-s0");
  overwrite(join(folder, "checkpoints", "a-s0", "4.safetensors"), 300, 8);
  const [from, to] = [await openFolderStore(folder), await openFolderStore(newFolder())];
  const ends: CopyEnd[] = [];
  await copyRuns(from, to, await from.list(), { onRun: (end) => ends.push(end) });
  expect(ends.find(({ id }) => id === "b-s0")).toEqual({ id: "b-s0", outcome: "copied" });
  const failed = ends.find(({ id }) => id === "a-s0");
  expect(failed?.outcome).toBe("failed");
  expect(failed?.note).toMatch(/4\.safetensors is damaged/);
  expect(await to.find("a-s0")).toBeUndefined();
  await from.close();
  await to.close();
});

it("ends after the runs in progress when it is asked to", async () => {
  const from = await openFolderStore(await storeWith("a-s0", "b-s0", "c-s0", "d-s0", "e-s0", "f-s0", "g-s0"));
  const to = await openFolderStore(newFolder());
  const asked = new AbortController();
  await copyRuns(from, to, await from.list(), { onRun: () => asked.abort(), signal: asked.signal });
  const copied = (await to.list()).length;
  expect(copied).toBeGreaterThan(0);
  expect(copied).toBeLessThan(7);
  for (const { status } of await to.list()) expect(["finished", "stopped"]).toContain(status);
  await from.close();
  await to.close();
});

it("says which store cannot be copied to", async () => {
  const from = await openFolderStore(await storeWith("a-s0"));
  await expect(copyRuns(from, memoryStore(), await from.list())).rejects.toThrow(UsageError);
  await from.close();
});
