import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sweepOf } from "../../test/store/samples.ts";
import { damageIndex, execute, openNoting, storeWith, tenEvals } from "../../test/store/stored.ts";
import { checkpointFolder } from "./checkpoint-folder.ts";
import { StoreError } from "./errors.ts";
import { realFiles } from "./files.ts";
import { openFolderStore } from "./folder-store.ts";
import { salvage } from "./salvage.ts";
import type { SqlRuns } from "./sql-runs.ts";
import type { SqlSweeps } from "./sql-sweeps.ts";

/** A store whose database alone knows its runs. */
async function withoutCheckpoints(...ids: string[]): Promise<string> {
  const folder = await storeWith(...ids);
  rmSync(join(folder, "checkpoints"), { recursive: true });
  return folder;
}

describe("what is read of a damaged database", () => {
  it("goes to the last run, however many rows before it are gone", async () => {
    const folder = await withoutCheckpoints("a-s0", "b-s1");
    execute(folder, "update runs set rowid = 50000 where id = 'b-s1'");
    damageIndex(folder);
    const { store } = await openNoting(folder);
    expect((await store.list()).map(({ id }) => id).sort()).toEqual(["a-s0", "b-s1"]);
    expect(await store.evals("b-s1")).toEqual(tenEvals);
    await store.close();
  });

  it("keeps the sweeps", async () => {
    const folder = await withoutCheckpoints("a-s0");
    const before = await openFolderStore(folder);
    const saved = await before.saveSweep(sweepOf("mine-1", [0]));
    await before.close();
    damageIndex(folder);
    const { store } = await openNoting(folder);
    expect(await store.listSweeps()).toEqual([saved]);
    await store.close();
  });

  it("keeps the runs where their curves are gone", async () => {
    const folder = await withoutCheckpoints("a-s0", "b-s1");
    execute(folder, "drop table series");
    damageIndex(folder);
    const { store } = await openNoting(folder);
    expect((await store.list()).map(({ id }) => id).sort()).toEqual(["a-s0", "b-s1"]);
    await store.close();
  });

  it("keeps every other run where a row of curves or of a run holds what it never should", async () => {
    const folder = await withoutCheckpoints("a-s0", "b-s1", "c-s2");
    execute(folder, "update series set data = -5 where run_id = 'a-s0' and seq = 3");
    execute(folder, "pragma foreign_keys = off; update runs set id = '../x' where id = 'b-s1'");
    damageIndex(folder);
    const { store } = await openNoting(folder);
    expect((await store.list()).map(({ id }) => id).sort()).toEqual(["a-s0", "c-s2"]);
    expect(await store.evals("a-s0")).toEqual(tenEvals.filter(({ step }) => step !== 3));
    await store.close();
  });

  it("is not taken for nothing when it cannot be copied", async () => {
    const folder = await withoutCheckpoints("a-s0");
    const nowhere = join(folder, "gone");
    const saving = salvage(
      {} as SqlRuns,
      {} as SqlSweeps,
      checkpointFolder(join(folder, "checkpoints"), nowhere, realFiles),
      [join(folder, "groklab.db")],
      nowhere,
      () => undefined,
    );
    await expect(saving).rejects.toThrow(StoreError);
  });
});
