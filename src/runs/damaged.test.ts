import Libsql from "libsql";
import * as nodeFs from "node:fs";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { newFolder } from "../../test/store/folders.ts";
import { checkpointAt, evalAt, planOf, verdictOf } from "../../test/store/samples.ts";
import { openNoting, overwrite, storeWith, tenEvals } from "../../test/store/stored.ts";
import { FormatError } from "../tensor/formats/format-error.ts";
import { decodeCheckpoint, encodeCheckpoint } from "./checkpoint-file.ts";
import { DamagedError, StoreError } from "./errors.ts";
import { type FileSystem, realFiles } from "./files.ts";
import { openFolderStore } from "./folder-store.ts";
import { latestCheckpoint } from "./latest-checkpoint.ts";

const setAsideIn = (folder: string) => readdirSync(folder).filter((name) => /\.damaged-[\dT-]+$/.test(name));

describe("a damaged database", () => {
  it.each([
    ["overwritten with text", (db: string) => writeFileSync(db, "not a database at all. ".repeat(1000))],
    ["cut in the middle", (db: string) => truncateSync(db, Math.floor(statSync(db).size / 8192) * 4096 + 100)],
    ["with its schema destroyed", (db: string) => overwrite(db, 100, 3000)],
  ])("%s: is named and set aside, and the runs are listed again", async (_, damage) => {
    const folder = await storeWith("a-s0", "b-s1");
    const db = join(folder, "groklab.db");
    damage(db);
    const bytes = readFileSync(db);
    const { store, warnings } = await openNoting(folder);
    const [aside] = setAsideIn(folder);
    expect(warnings[0]).toContain(`${db} is damaged (`);
    expect(warnings[0]).toContain(`set aside as ${join(folder, aside)}`);
    expect(warnings[1]).toMatch(/made anew; recovered \d runs from the old one, \d from checkpoints/);
    expect(readFileSync(join(folder, aside))).toEqual(bytes);
    expect((await store.list()).map(({ id }) => id).sort()).toEqual(["a-s0", "b-s1"]);
    for (const id of ["a-s0", "b-s1"]) {
      expect(await store.find(id)).toMatchObject({ plan: planOf(), step: 9, last: evalAt(9) });
      expect(await store.evals(id)).toEqual(tenEvals);
      expect(await store.loadCheckpoint(id, 9)).toEqual(checkpointAt(9));
    }
    const claim = await store.claim("a-s0", planOf());
    await store.append(claim, [evalAt(10)]);
    expect(await store.evals("a-s0")).toHaveLength(11);
    await store.close();
    const again = await openNoting(folder);
    expect(again.warnings).toEqual([]);
    expect(await again.store.evals("a-s0")).toHaveLength(11);
    await again.store.close();
  });

  it("with one bad page: keeps what the other pages hold, verdicts and runs without checkpoints included", async () => {
    const folder = newFolder();
    const first = await openFolderStore(folder);
    for (let i = 0; i < 60; i++) {
      const claim = await first.claim(`r${i}-s0`, planOf());
      await first.append(claim, tenEvals);
      await first.finish(claim, { status: "finished", seconds: 1, verdict: verdictOf("grok") });
    }
    await first.close();
    // The last page of the file is one of a table's or an index's leaves.
    const db = join(folder, "groklab.db");
    overwrite(db, statSync(db).size - 4096, 4096);
    const { store, warnings } = await openNoting(folder);
    expect(warnings[0]).toContain("set aside as");
    const runs = await store.list();
    expect(runs.length).toBeGreaterThan(30);
    for (const run of runs) expect(run).toMatchObject({ status: "finished", verdict: verdictOf("grok"), seconds: 1 });
    const curves = await Promise.all(runs.map(({ id }) => store.evals(id)));
    expect(curves.filter((evals) => evals.length === 10).length).toBeGreaterThan(10);
    await store.close();
  });

  it("met while the store is open: DamagedError names the file, and the next opening sets it aside", async () => {
    const folder = await storeWith("a-s0");
    const db = join(folder, "groklab.db");
    const { store } = await openNoting(folder);
    // What another connection writes makes this one forget the pages that it has read.
    const other = await openFolderStore(folder);
    await other.append(await other.claim("b-s0", planOf()), tenEvals);
    await other.close();
    overwrite(db, 4096, statSync(db).size - 4096);
    const error = await store.list().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DamagedError);
    expect((error as Error).message).toContain(`${db} is damaged`);
    await store.close().catch(() => undefined);
    const again = await openNoting(folder);
    expect(setAsideIn(folder)).toHaveLength(1);
    expect(await again.store.evals("a-s0")).toEqual(tenEvals);
    await again.store.close();
  });

  it("of another program is set aside, too, and stays as it was", async () => {
    const folder = newFolder();
    const other = new Libsql(join(folder, "groklab.db"));
    other.exec("create table recipes (name text); insert into recipes values ('soup')");
    other.close();
    const bytes = readFileSync(join(folder, "groklab.db"));
    const { store, warnings } = await openNoting(folder);
    expect(warnings[0]).toContain("another program made it");
    expect(readFileSync(join(folder, setAsideIn(folder)[0]))).toEqual(bytes);
    expect(await store.list()).toEqual([]);
    await store.close();
    const kept = new Libsql(join(folder, setAsideIn(folder)[0]));
    expect(kept.prepare("select * from recipes").all([])).toEqual([{ name: "soup" }]);
    kept.close();
  });

  it("whose pages are whole and one row is not: the row is named, the others are listed", async () => {
    const folder = await storeWith("a-s0", "b-s1");
    const edited = new Libsql(join(folder, "groklab.db"));
    edited.exec("update runs set plan = '{half' where id = 'a-s0'");
    edited.close();
    const { store, warnings } = await openNoting(folder);
    expect((await store.list()).map(({ id }) => id)).toEqual(["b-s1"]);
    expect(warnings).toEqual([expect.stringContaining("what it says of run a-s0 is not whole")]);
    await expect(store.find("a-s0")).rejects.toThrow(DamagedError);
    await store.close();
  });

  it("of a newer groklab is left alone, with one line that says so", async () => {
    const folder = await storeWith("a-s0");
    const newer = new Libsql(join(folder, "groklab.db"));
    newer.exec("update meta set value = '99' where key = 'version'");
    newer.close();
    await expect(openFolderStore(folder)).rejects.toThrow(StoreError);
    await expect(openFolderStore(folder)).rejects.toThrow(/written by a newer groklab \(version 99/);
    expect(setAsideIn(folder)).toEqual([]);
  });

  it("that is gone: the runs come back from their checkpoints", async () => {
    const folder = await storeWith("a-s0", "b-s1");
    for (const suffix of ["", "-wal", "-shm"]) rmSync(join(folder, `groklab.db${suffix}`), { force: true });
    const { store, warnings } = await openNoting(folder);
    expect(warnings).toEqual([expect.stringContaining("recovered 0 runs from the old one, 2 from checkpoints")]);
    expect(await store.find("b-s1")).toMatchObject({
      status: "stopped",
      step: 9,
      note: "recovered from its checkpoint at step 9",
    });
    await store.close();
  });

  it("that is empty is no damage", async () => {
    const folder = newFolder();
    writeFileSync(join(folder, "groklab.db"), "");
    const { store, warnings } = await openNoting(folder);
    expect(await store.list()).toEqual([]);
    expect(warnings).toEqual([]);
    await store.close();
  });
});

describe("a damaged checkpoint", () => {
  it("is named and set aside, and the one before it is taken", async () => {
    const folder = await storeWith("a-s0");
    const path = join(folder, "checkpoints", "a-s0", "9.safetensors");
    overwrite(path, statSync(path).size - 10, 1);
    const { store, warnings } = await openNoting(folder);
    const newest = await latestCheckpoint(store, "a-s0", (message) => warnings.push(message));
    expect(newest).toEqual(checkpointAt(4));
    expect(warnings).toEqual([`${path} is damaged (its checksum is wrong); set aside as ${path}.damaged`]);
    expect(await store.checkpoints("a-s0")).toEqual([4]);
    expect(existsSync(`${path}.damaged`)).toBe(true);
    expect(await store.evals("a-s0")).toEqual(tenEvals);
    await store.close();
  });

  it("of another run or step is not taken for this one's", async () => {
    const folder = await storeWith("a-s0");
    const at = (step: number) => join(folder, "checkpoints", "a-s0", `${step}.safetensors`);
    nodeFs.copyFileSync(at(4), at(9));
    const { store } = await openNoting(folder);
    await expect(store.loadCheckpoint("a-s0", 9)).rejects.toThrow(/it is of run a-s0, step 4/);
    await store.close();
  });

  const whole = encodeCheckpoint({
    run: "a-s0",
    plan: planOf(),
    software: "groklab",
    createdAt: "2020-01-01T00:00:00.000Z",
    checkpoint: checkpointAt(9),
    evals: tenEvals,
  });

  it("comes back as it was when it is whole", () => {
    const read = decodeCheckpoint(whole);
    expect(read).toMatchObject({ run: "a-s0", plan: planOf(), evals: tenEvals });
    expect(read.checkpoint).toEqual(checkpointAt(9));
  });

  it("is recognized whichever bit is wrong, and wherever it ends", () => {
    for (let at = 0; at < whole.length; at++) {
      const changed = whole.slice();
      changed[at] ^= 1 << (at % 8);
      expect(() => decodeCheckpoint(changed)).toThrow(FormatError);
    }
    for (let length = 0; length < whole.length; length += 7) {
      expect(() => decodeCheckpoint(whole.subarray(0, length))).toThrow(FormatError);
    }
  });
});

describe("a place that cannot be written", () => {
  it.each([
    ["below a file", () => join(fileIn(newFolder()), "store"), "is not a folder"],
    ["that is a file", () => fileIn(newFolder()), "is not a folder"],
    ["of the system", () => "/proc/groklab-store", "cannot be"],
  ])("%s: one line", async (_, place, message) => {
    const where = place();
    const error = await openFolderStore(where).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StoreError);
    expect((error as Error).message).toContain(`${where}: ${message}`);
    expect((error as Error).message).not.toContain("\n");
  });

  it.each([
    ["ENOSPC", "writeSync", "no space is left for writing; free some, then run the same plan to continue"],
    ["ENOSPC", "fsyncSync", "no space is left for writing"],
    ["EROFS", "openSync", "cannot be written: read-only"],
    ["EACCES", "renameSync", "cannot be written: read-only, or not permitted"],
  ] as const)("%s in %s: the checkpoint is whole or absent, and nothing else is left", async (code, call, message) => {
    const folder = newFolder();
    let broken = false;
    const files: FileSystem = {
      ...realFiles,
      [call]: (...args: unknown[]) => {
        if (!broken) return (realFiles[call] as (...all: unknown[]) => unknown)(...args);
        throw Object.assign(new Error(`${code}: from the test`), { code });
      },
    };
    const store = await openFolderStore(folder, { files });
    const claim = await store.claim("a-s0", planOf());
    await store.append(claim, tenEvals);
    await store.saveCheckpoint(claim, checkpointAt(4));
    broken = true;
    const error = await store.saveCheckpoint(claim, checkpointAt(9)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StoreError);
    expect((error as Error).message).toContain(`9.safetensors: ${message}`);
    expect(await store.checkpoints("a-s0")).toEqual([4]);
    expect(readdirSync(join(folder, "unfinished"))).toEqual([]);
    expect(readdirSync(join(folder, "checkpoints", "a-s0"))).toEqual(["4.safetensors"]);
    broken = false;
    await store.saveCheckpoint(claim, checkpointAt(9));
    expect(await latestCheckpoint(store, "a-s0")).toEqual(checkpointAt(9));
    await store.close();
  });
});

function fileIn(folder: string): string {
  const file = join(folder, "file");
  writeFileSync(file, "");
  return file;
}
