import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newFolder } from "../../test/store/folders.ts";
import { startChild } from "../../test/store/process.ts";
import { bundleWorker } from "../../test/workers/bundle.ts";
import { openFolderStore } from "../runs/folder-store.ts";
import { memoryStore } from "../runs/memory-store.ts";
import { recordRun } from "../runs/record.ts";
import { expand, type Sweep } from "../train/sweep.ts";

let bundle: Awaited<ReturnType<typeof bundleWorker>>;
beforeAll(async () => {
  bundle = await bundleWorker();
});
afterAll(() => bundle.remove());

const sweep: Sweep = {
  base: {
    task: { name: "sparse-parity", n: 12, k: 2, trainSize: 200, testSize: 200 },
    model: { name: "bit-mlp", dMlp: 16 },
    optimizer: { name: "adamw", learningRate: 0.01 },
    training: { steps: 4000, evalEvery: 20, checkpointEvery: 500 },
  },
  axes: [{ option: "weightDecay", values: [0, 0.1] }],
  seeds: [0, 1, 2],
};
const { runs } = expand(sweep);

/** A folder with the sweep's file. */
function place(): {
  readonly folder: string;
  readonly start: (...flags: readonly string[]) => ReturnType<typeof startChild>;
} {
  const folder = newFolder();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "mine.json"), JSON.stringify(sweep));
  const args = ["sweep", join(folder, "mine.json"), "--workers", "2", "--store", join(folder, "store"), "--json"];
  return { folder, start: (...flags) => startChild(bundle.main, [...args, ...flags]) };
}
/** What the folder holds is what each run gives that nothing disturbs, and nothing is left of the way there. */
async function expectAsAlone(folder: string): Promise<void> {
  const store = await openFolderStore(join(folder, "store"));
  const alone = memoryStore();
  for (const { id, plan } of runs) {
    for await (const _ of recordRun(alone, plan));
    expect(await store.find(id)).toMatchObject({ status: "finished", weightsHash: (await alone.find(id))!.weightsHash }); // prettier-ignore
    expect(await store.evals(id)).toEqual(await alone.evals(id));
    expect(readdirSync(join(folder, "store", "checkpoints", id))).not.toContain("resume.safetensors");
  }
  await store.close();
}
const isRun = (line: string) => line.startsWith('{"type":"run"');
const isSummary = (line: string) => line.startsWith('{"type":"summary"');

describe("a sweep that is killed", () => {
  it("again and again, with its threads, ends in the bits of one that is left alone", async () => {
    const { folder, start } = place();
    for (const after of [1, 2]) {
      const child = start();
      let seen = 0;
      await child.waitFor((line) => isRun(line) && ++seen > after - 1);
      child.process.kill("SIGKILL");
      await child.ended;
      expect(child.lines.some(isSummary)).toBe(false);
    }
    const last = start();
    const summary = JSON.parse(await last.waitFor(isSummary)) as Record<string, number>;
    await last.ended;
    expect(summary).toMatchObject({ total: 6, over: 6, failed: 0 });
    expect(summary["before"]).toBeGreaterThanOrEqual(2);
    await expectAsAlone(folder);
  });

  it("in parts that share a folder: each goes on in its own segment, and all are read together", async () => {
    const { folder, start } = place();
    const first = start("--shard", "1/2");
    await first.waitFor(isRun);
    first.process.kill("SIGKILL");
    await first.ended;
    const parts = ["1/2", "2/2"].map((part) => start("--shard", part));
    for (const part of parts) {
      const summary = JSON.parse(await part.waitFor(isSummary)) as Record<string, number>;
      expect(summary).toMatchObject({ total: 3, over: 3, failed: 0 });
      await part.ended;
    }
    await expectAsAlone(folder);
    const whole = start();
    expect(JSON.parse(await whole.waitFor(isSummary))).toMatchObject({ total: 6, before: 6, trained: 0 });
    await whole.ended;
  });

  it("while another works on the same store: that one takes over what it held, and no run is trained twice", async () => {
    const { folder, start } = place();
    const [first, second] = [start(), start()];
    await first.waitFor(isRun);
    first.process.kill("SIGKILL");
    await first.ended;
    const summary = JSON.parse(await second.waitFor(isSummary)) as Record<string, number>;
    await second.ended;
    expect(summary).toMatchObject({ total: 6, over: 6, failed: 0 });
    const ended = [...first.lines, ...second.lines]
      .filter(isRun)
      .map((line) => JSON.parse(line) as { id: string; outcome: string })
      .filter(({ outcome }) => outcome === "finished")
      .map(({ id }) => id);
    expect(new Set(ended).size).toBe(ended.length);
    const store = await openFolderStore(join(folder, "store"));
    expect((await store.records(runs.map(({ id }) => id))).map(({ status }) => status)).toEqual(Array(6).fill("finished")); // prettier-ignore
    await store.close();
  });
});
