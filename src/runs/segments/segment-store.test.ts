import {
  appendFileSync,
  existsSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testStore } from "../../../test/contracts/store.ts";
import { newFolder } from "../../../test/store/folders.ts";
import { checkpointAt, evalAt, planOf, sweepOf, verdictOf } from "../../../test/store/samples.ts";
import { BusyError } from "../errors.ts";
import { openFolderStore } from "../folder-store.ts";
import type { Store } from "../store.ts";
import { segmentFiles } from "./files.ts";
import { openSegmentStore } from "./segment-store.ts";

testStore(() => openSegmentStore(newFolder(), "mine-1.1-of-2"));

const logOf = (folder: string, name: string) => segmentFiles(folder, name).log;
const elsewhere = { host: "other", place: "other boot namespace", pid: 1, start: "1" };

async function finished(store: Store, id: string, seconds = 1): Promise<void> {
  const claim = await store.claim(id, planOf());
  await store.append(claim, [evalAt(0), evalAt(10)]);
  await store.saveCheckpoint(claim, checkpointAt(10));
  await store.finish(claim, { status: "finished", seconds, verdict: verdictOf("grok"), weightsHash: `sha256:${id}` });
}

describe("segments of a store", () => {
  it("are read together by whatever opens the store, while they are written", async () => {
    const folder = newFolder();
    const [one, two] = [await openSegmentStore(folder, "one"), await openSegmentStore(folder, "two")];
    await one.saveSweep(sweepOf("mine-1", [0]));
    await finished(one, "a-s0");
    await finished(two, "b-s0");
    const running = await two.claim("c-s0", planOf());
    await two.append(running, [evalAt(0), evalAt(5)]);

    let now = Date.now();
    const warnings: string[] = [];
    const store = await openFolderStore(folder, { now: () => now, onWarning: (line) => warnings.push(line) });
    expect((await store.list()).map(({ id }) => id).sort()).toEqual(["a-s0", "b-s0", "c-s0"]);
    expect(await store.find("a-s0")).toMatchObject({ status: "finished", seconds: 1, weightsHash: "sha256:a-s0", verdict: verdictOf("grok"), last: evalAt(10) }); // prettier-ignore
    expect(await store.evals("b-s0")).toEqual([evalAt(0), evalAt(10)]);
    expect(await store.loadCheckpoint("b-s0", 10)).toEqual(checkpointAt(10));
    expect(await store.findSweep("mine")).toMatchObject({ id: "mine-1" });
    expect(await store.find("c-s0")).toMatchObject({ status: "running", heldBy: "this process", step: 5 });
    await expect(store.claim("c-s0", planOf())).rejects.toThrow(BusyError);

    await two.append(running, [evalAt(10)]);
    now += 2000;
    expect(await store.find("c-s0")).toMatchObject({ step: 10 });
    await two.finish(running, { status: "stopped", seconds: 2, note: "interrupted" });
    now += 2000;
    expect(await store.find("c-s0")).toMatchObject({ status: "stopped", seconds: 2, note: "interrupted" });
    expect(await store.find("c-s0")).not.toHaveProperty("heldBy");
    expect(await store.evals("c-s0")).toEqual([evalAt(0), evalAt(5), evalAt(10)]);
    expect(warnings).toEqual([]);
    for (const each of [one, two, store]) await each.close();
  });

  it("are taken over once, by several processes and again after the database was lost", async () => {
    const folder = newFolder();
    const one = await openSegmentStore(folder, "one");
    await finished(one, "a-s0");
    const stopped = await one.claim("b-s0", planOf());
    await one.append(stopped, [evalAt(0)]);
    await one.finish(stopped, { status: "stopped", seconds: 3 });
    await one.close();
    const stores = [await openFolderStore(folder), await openFolderStore(folder)];
    for (const store of stores) expect((await store.find("b-s0"))!.seconds).toBe(3);
    for (const store of stores) await store.close();
    for (const suffix of ["", "-wal", "-shm"]) rmSync(join(folder, `groklab.db${suffix}`), { force: true });
    const again = await openFolderStore(folder);
    expect((await again.list()).map(({ id, status }) => `${id} ${status}`).sort()).toEqual(["a-s0 finished", "b-s0 stopped"]); // prettier-ignore
    expect(await again.evals("b-s0")).toEqual([evalAt(0)]);
    await again.close();
  });

  it("see what the store and other segments hold, and go on from there", async () => {
    const folder = newFolder();
    const store = await openFolderStore(folder);
    await finished(store, "a-s0");
    const claim = await store.claim("b-s0", planOf());
    await store.append(claim, [evalAt(0), evalAt(10)]);
    await store.saveCheckpoint(claim, checkpointAt(10));
    await store.finish(claim, { status: "stopped", seconds: 4 });
    // One that is closed and one that is not: only then is there a log beside the database.
    for (const open of [true, false]) {
      if (!open) await store.close();
      const other = await openSegmentStore(folder, "other");
      if (open) await finished(other, "c-s0");
      await other.close();
      const one = await openSegmentStore(folder, `one-${open}`);
      const found = await one.records(["a-s0", "b-s0", "c-s0", "d-s0"]);
      expect(found.map(({ id, status }) => `${id} ${status}`)).toEqual([
        "a-s0 finished",
        "b-s0 stopped",
        "c-s0 finished",
      ]);
      expect(await one.evals("a-s0")).toEqual([evalAt(0), evalAt(10)]);
      await one.close();
    }
    const one = await openSegmentStore(folder, "one");
    const again = await one.claim("b-s0", planOf());
    expect(await one.loadCheckpoint("b-s0", 10)).toEqual(checkpointAt(10));
    expect(await one.evals("b-s0")).toEqual([evalAt(0), evalAt(10)]); // the checkpoint brought them
    await one.append(again, [evalAt(20)]);
    await one.finish(again, { status: "finished", seconds: 1, verdict: verdictOf("grok") });
    expect(await one.find("b-s0")).toMatchObject({ status: "finished", seconds: 5 });
    await one.close();
    const whole = await openFolderStore(folder);
    expect(await whole.find("b-s0")).toMatchObject({ status: "finished", seconds: 5 });
    expect(await whole.evals("b-s0")).toEqual([evalAt(0), evalAt(10), evalAt(20)]);
    await whole.close();
  });

  it("forget a run that was deleted where they were read", async () => {
    const folder = newFolder();
    const one = await openSegmentStore(folder, "one");
    await finished(one, "a-s0");
    await finished(one, "b-s0");
    await one.close();
    const store = await openFolderStore(folder);
    await store.delete("a-s0");
    await store.close();
    const again = await openSegmentStore(folder, "one");
    expect((await again.records(["a-s0", "b-s0"])).map(({ id }) => id)).toEqual(["b-s0"]);
    await finished(again, "a-s0", 7);
    await again.close();
    const whole = await openFolderStore(folder);
    expect(await whole.find("a-s0")).toMatchObject({ status: "finished", seconds: 7 });
    await whole.close();
  });

  it("have one writer: a live one is named, a dead one's place is taken, and what it held can be continued", async () => {
    const folder = newFolder();
    let now = Date.now();
    const dead = await openSegmentStore(folder, "one", { identity: elsewhere, now: () => now });
    const claim = await dead.claim("a-s0", planOf());
    await dead.append(claim, [evalAt(0)]);
    await expect(openSegmentStore(folder, "one")).rejects.toThrow(/segment one of .* is being trained by process 1 on other/); // prettier-ignore
    const { owner } = segmentFiles(folder, "one");
    const old = (Date.now() - 200_000) / 1000;
    utimesSync(owner, old, old);
    const next = await openSegmentStore(folder, "one");
    expect(await next.find("a-s0")).toMatchObject({ status: "running", step: 0 });
    expect(await next.find("a-s0")).not.toHaveProperty("heldBy");
    await next.claim("a-s0", planOf());
    // The first was only slow: it notices, and writes nothing more.
    now += 60_000;
    await expect(dead.append(claim, [evalAt(5)])).rejects.toThrow(BusyError);
    expect(await next.evals("a-s0")).toEqual([evalAt(0)]);
    await dead.close();
    expect(existsSync(owner)).toBe(true);
    await next.close();
    expect(existsSync(owner)).toBe(false);
  });

  it("lose at a kill what was half written, and nothing else", async () => {
    const folder = newFolder();
    const one = await openSegmentStore(folder, "one");
    const claim = await one.claim("a-s0", planOf());
    await one.append(claim, [evalAt(0)]);
    await one.append(claim, [evalAt(10)]);
    await one.close();
    const log = logOf(folder, "one");
    const whole = readFileSync(log);
    const lines = whole.toString().trimEnd().split("\n").length;
    for (let cut = 1; cut < whole.length; cut += 37) {
      truncateSync(log, whole.length - cut);
      const warnings: string[] = [];
      const again = await openSegmentStore(folder, "one", { onWarning: (line) => warnings.push(line) });
      expect(warnings).toEqual([]);
      expect(readFileSync(log).toString()).toMatch(/^$|\n$/);
      await again.close();
      writeFileSync(log, whole);
    }
    expect(lines).toBe(4);
  });

  it("name a line that is damaged, and keep the others", async () => {
    const folder = newFolder();
    const one = await openSegmentStore(folder, "one");
    await finished(one, "a-s0");
    await finished(one, "b-s0");
    await one.close();
    const log = logOf(folder, "one");
    const text = readFileSync(log, "utf8");
    writeFileSync(log, text.replace('"id":"a-s0","ending"', '"id":"a-s1","ending"'));
    const warnings: string[] = [];
    const store = await openFolderStore(folder, { onWarning: (line) => warnings.push(line) });
    expect(warnings).toEqual([
      expect.stringMatching(/one\.log is damaged \(the line at byte \d+ is not as it was written/),
    ]);
    expect((await store.list()).map(({ id, status }) => `${id} ${status}`).sort()).toEqual([
      "a-s0 running",
      "b-s0 finished",
    ]);
    await store.close();
  });

  it("are read anew where another log lies in the place of one", async () => {
    const folder = newFolder();
    const make = async (id: string) => {
      const one = await openSegmentStore(folder, "one");
      await finished(one, id);
      await one.close();
    };
    await make("a-s0");
    await (await openFolderStore(folder)).close();
    rmSync(logOf(folder, "one"));
    await make("b-s0");
    appendFileSync(logOf(folder, "one"), "half a li");
    const before = statSync(logOf(folder, "one")).size;
    const store = await openFolderStore(folder);
    expect((await store.list()).map(({ id }) => id).sort()).toEqual(["a-s0", "b-s0"]);
    await store.close();
    expect(statSync(logOf(folder, "one")).size).toBe(before);
  });

  it.each(["", "../a", "a/b", "a b"])("refuse the name %j", async (name) => {
    await expect(openSegmentStore(newFolder(), name)).rejects.toThrow(/give letters, digits, dots and hyphens/);
  });
});
