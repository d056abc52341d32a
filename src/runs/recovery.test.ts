import { existsSync, mkdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Kysely } from "kysely";
import { describe, expect, it } from "vitest";
import { evalAt, planOf, verdictOf } from "../../test/store/samples.ts";
import { damageIndex, openNoting, storeWith, tenEvals } from "../../test/store/stored.ts";
import { StoreError } from "./errors.ts";
import { openFolderStore } from "./folder-store.ts";
import { libsqlDialect, sqliteTypes } from "./libsql-dialect.ts";
import { openDatabase } from "./open-database.ts";
import { type Database, migrate } from "./schema.ts";

const marker = (folder: string) => join(folder, "groklab.db.recovering");

/** What a process has done that is killed after it set a damaged database aside and made the tables anew. */
async function cutOff(folder: string): Promise<void> {
  const file = join(folder, "groklab.db");
  const { connection, damaged } = openDatabase(file);
  expect(damaged).toBeDefined();
  const db = new Kysely<Database>({ dialect: libsqlDialect(connection) });
  await migrate(db, sqliteTypes, file);
  await db.destroy();
}

describe("a recovery that was cut off", () => {
  it("after the tables were made is done at the next opening, once", async () => {
    const folder = await storeWith("a-s0", "b-s1");
    rmSync(join(folder, "checkpoints"), { recursive: true });
    damageIndex(folder);
    await cutOff(folder);
    const { store, warnings } = await openNoting(folder);
    expect(warnings).toEqual([expect.stringContaining("recovered 2 runs from the old one, 0 from checkpoints")]);
    expect(await store.evals("a-s0")).toEqual(tenEvals);
    expect(await store.find("b-s1")).toMatchObject({ status: "finished", verdict: verdictOf("grok") });
    await store.close();
    expect(existsSync(marker(folder))).toBe(false);
    const again = await openNoting(folder);
    expect(again.warnings).toEqual([]);
    await again.store.close();
  });

  it("twice, by damage to the new database, too, recovers from both", async () => {
    const folder = await storeWith("a-s0", "b-s1");
    rmSync(join(folder, "checkpoints"), { recursive: true });
    damageIndex(folder);
    await cutOff(folder);
    damageIndex(folder);
    await cutOff(folder);
    const { store } = await openNoting(folder);
    expect((await store.list()).map(({ id }) => id).sort()).toEqual(["a-s0", "b-s1"]);
    await store.close();
  });

  it("by an error is done once its cause is gone", async () => {
    const folder = await storeWith("a-s0");
    for (const suffix of ["", "-wal", "-shm"]) rmSync(join(folder, `groklab.db${suffix}`), { force: true });
    const checkpoint = join(folder, "checkpoints", "a-s0", "9.safetensors");
    renameSync(checkpoint, `${checkpoint}.away`);
    mkdirSync(checkpoint); // cannot be read as a file
    await expect(openFolderStore(folder)).rejects.toThrow(StoreError);
    rmdirSync(checkpoint);
    renameSync(`${checkpoint}.away`, checkpoint);
    const { store, warnings } = await openNoting(folder);
    expect(warnings).toEqual([expect.stringContaining("1 from checkpoints")]);
    expect(await store.evals("a-s0")).toEqual(tenEvals);
    await store.close();
  });

  it("after all was recovered changes nothing that was stored since, not even under a run's writer", async () => {
    const folder = await storeWith("a-s0", "b-s1");
    damageIndex(folder);
    const { store } = await openNoting(folder);
    const claim = await store.claim("a-s0", planOf());
    await store.append(claim, [evalAt(3, 7), evalAt(10)]);
    const before = await store.evals("a-s0");
    writeFileSync(marker(folder), "");
    const { store: other } = await openNoting(folder);
    await other.close();
    expect(await store.evals("a-s0")).toEqual(before);
    await store.append(claim, [evalAt(11)]);
    expect(await store.evals("a-s0")).toEqual([...before, evalAt(11)]);
    expect(await store.find("a-s0")).toMatchObject({ status: "running", step: 11, heldBy: "this process" });
    await store.close();
  });
});

it("a file that lies among the checkpoint folders is no run", async () => {
  const folder = await storeWith("a-s0");
  writeFileSync(join(folder, "checkpoints", ".note"), "");
  rmSync(join(folder, "groklab.db"));
  const { store } = await openNoting(folder);
  expect((await store.list()).map(({ id }) => id)).toEqual(["a-s0"]);
  await store.close();
});
