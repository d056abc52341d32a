import { appendFileSync, mkdirSync, readdirSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newFolder } from "../../test/store/folders.ts";
import { bundleChild, startChild } from "../../test/store/process.ts";
import { checkpointAt, evalAt, planOf } from "../../test/store/samples.ts";
import { BusyError } from "./errors.ts";
import { openFolderStore } from "./folder-store.ts";
import { latestCheckpoint } from "./latest-checkpoint.ts";

let child: Awaited<ReturnType<typeof bundleChild>>;
beforeAll(async () => {
  child = await bundleChild();
});
afterAll(() => child.remove());

const stepsSaid = (lines: readonly string[], what: string): readonly number[] =>
  lines.filter((line) => line.startsWith(`${what} `)).map((line) => Number(line.slice(what.length + 1)));

describe("a run whose process is killed", () => {
  it("has everything that was reported as stored, and can be claimed at once, again and again", async () => {
    const folder = newFolder();
    let before = 0;
    for (const count of [1, 7, 60, 130, 20, 3]) {
      const writer = startChild(child.script, ["append", folder, "a-s0"]);
      await writer.waitFor((line) => line === `eval ${before + count}`);
      writer.process.kill("SIGKILL");
      await writer.ended;
      const said = stepsSaid(writer.lines, "eval");
      const store = await openFolderStore(folder);
      const stored = await store.evals("a-s0");
      expect(stored.map(({ step }) => step)).toEqual(Array.from(stored, (_, i) => i));
      // At most one more than reported: stored, and killed before it could say so.
      expect(stored.length - 1 - said.at(-1)!).toBeGreaterThanOrEqual(0);
      expect(stored.length - 1 - said.at(-1)!).toBeLessThanOrEqual(1);
      expect(stored.at(-1)).toEqual(evalAt(stored.length - 1));
      const found = await store.find("a-s0");
      expect(found).toMatchObject({ status: "running", step: stored.length - 1 });
      expect(found).not.toHaveProperty("heldBy");
      for (const step of stepsSaid(writer.lines, "checkpoint")) {
        expect(await store.loadCheckpoint("a-s0", step)).toEqual(checkpointAt(step));
      }
      await store.release(await store.claim("a-s0", planOf()));
      await store.close();
      before = stored.length;
    }
  });

  it("leaves no unfinished file for ever", async () => {
    const folder = newFolder();
    const unfinished = join(folder, "unfinished");
    mkdirSync(unfinished, { recursive: true });
    const old = new Date(Date.now() - 5 * 60_000);
    const dead = startChild(child.script, ["nothing"]);
    await dead.ended;
    const names = [`5.safetensors.${dead.process.pid}.x.tmp`, `6.safetensors.${process.pid}.x.tmp`];
    for (const name of names) {
      writeFileSync(join(unfinished, name), "half");
      utimesSync(join(unfinished, name), old, old);
    }
    await (await openFolderStore(folder)).close();
    expect(readdirSync(unfinished)).toEqual([names[1]]);
  });
});

describe("several processes", () => {
  it("that claim one run at the same time: exactly one gets it", async () => {
    const folder = newFolder();
    for (let round = 0; round < 3; round++) {
      const run = `r${round}-s0`;
      const children = Array.from({ length: 3 }, () => startChild(child.script, ["claim", folder, run]));
      await Promise.all(children.map((one) => one.waitFor((line) => line === "ready")));
      for (const one of children) one.send("go");
      const answers = await Promise.all(children.map((one) => one.waitFor((line) => line !== "ready")));
      expect(answers.sort()).toEqual(["busy", "busy", "won"]);
      for (const one of children) one.process.stdin!.end();
      await Promise.all(children.map((one) => one.ended));
    }
  });

  it("tell who holds a run, for as long as that process lives and not a moment longer", async () => {
    const folder = newFolder();
    const holder = startChild(child.script, ["claim", folder, "a-s0"]);
    holder.send("go");
    await holder.waitFor((line) => line === "won");
    // Even when the lease is long over: a process that computes may be too busy to renew it.
    const store = await openFolderStore(folder, { now: () => Date.now() + 3_600_000 });
    const busy = await store.claim("a-s0", planOf()).catch((error: unknown) => error);
    expect(busy).toBeInstanceOf(BusyError);
    expect((busy as BusyError).holder).toMatch(/^process \d+$/);
    expect(await store.find("a-s0")).toMatchObject({ status: "running", heldBy: (busy as BusyError).holder });
    await expect(store.delete("a-s0")).rejects.toThrow(BusyError);
    holder.process.kill("SIGKILL");
    await holder.ended;
    await expect.poll(() => store.claim("a-s0", planOf()).then(() => "claimed", String)).toBe("claimed");
    await store.close();
  });

  it("read while another one writes: what they see only grows", async () => {
    const folder = newFolder();
    const writer = startChild(child.script, ["append", folder, "a-s0"]);
    await writer.waitFor((line) => line === "eval 1");
    const store = await openFolderStore(folder);
    let seen = 0;
    for (let i = 0; i < 40; i++) {
      const said = stepsSaid(writer.lines, "eval").length;
      const now = (await store.evals("a-s0")).length;
      expect(now).toBeGreaterThanOrEqual(Math.max(seen, said));
      expect((await store.list())[0]).toMatchObject({ id: "a-s0", status: "running" });
      seen = now;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const newest = await latestCheckpoint(store, "a-s0");
    if (newest) expect(newest).toEqual(checkpointAt(newest.step));
    writer.process.kill("SIGKILL");
    await writer.ended;
    await store.close();
  });
});

describe("a log that ends in the middle", () => {
  it.each([
    ["truncated", (wal: string) => truncateSync(wal, 5000)],
    ["with garbage behind it", (wal: string) => appendFileSync(wal, new Uint8Array(9000).fill(85))],
  ])("%s: the store opens, the rest is there, and the curves come back from the checkpoint", async (_, damage) => {
    const folder = newFolder();
    const writer = startChild(child.script, ["append", folder, "a-s0"]);
    await writer.waitFor((line) => line === "checkpoint 149");
    writer.process.kill("SIGKILL");
    await writer.ended;
    damage(join(folder, "groklab.db-wal"));
    const warnings: string[] = [];
    const store = await openFolderStore(folder, { onWarning: (message) => warnings.push(message) });
    const claim = await store.claim("a-s0", planOf());
    const newest = await latestCheckpoint(store, "a-s0", (message) => warnings.push(message));
    expect(newest!.step).toBeGreaterThanOrEqual(149);
    expect(newest).toEqual(checkpointAt(newest!.step));
    const evals = await store.evals("a-s0");
    expect(evals.slice(0, 150)).toEqual(Array.from({ length: 150 }, (_, step) => evalAt(step)));
    expect((await store.find("a-s0"))!.step).toBe(evals.length - 1);
    await store.append(claim, [evalAt(evals.length)]);
    expect(await store.evals("a-s0")).toHaveLength(evals.length + 1);
    await store.close();
  });
});

describe("a full disk", () => {
  it("ends storing with one line, and everything stored before is there", async () => {
    const folder = newFolder();
    // No file may grow beyond 200 kB (in blocks of 512 bytes): what the system answers then is a full disk's answer.
    const writer = startChild(child.script, ["fill", folder, "a-s0"], "ulimit -f 400");
    await writer.ended;
    const error = writer.lines.at(-1)!;
    expect(error).toMatch(/^StoreError: .*groklab\.db.*: (no space is left|the disk failed)/);
    const said = stepsSaid(writer.lines, "eval");
    expect(said.length).toBeGreaterThan(10);
    const store = await openFolderStore(folder);
    const stored = await store.evals("a-s0");
    expect(stored.length).toBeGreaterThanOrEqual(said.length);
    expect(stored.slice(0, said.length)).toEqual(said.map((step) => evalAt(step)));
    const claim = await store.claim("a-s0", planOf());
    await store.append(claim, [evalAt(stored.length)]);
    await store.close();
  });
});
