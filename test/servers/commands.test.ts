import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openStore } from "../../src/runs/open-store.ts";
import type { RunRecord } from "../../src/runs/store.ts";
import { newFolder } from "../store/folders.ts";
import { type Child, startChild } from "../store/process.ts";
import { bundleWorker } from "../workers/bundle.ts";
import { describeWithServers } from "./available.ts";
import { startPostgres } from "./postgres.ts";
import { startRedis } from "./redis.ts";
import { type SlurmCluster, startSlurm } from "./slurm.ts";

// The commands of docs/scale.md, with real threads: a hundred runs, and whoever works on them is killed on the way.
const sweep = ["sweep", "quick", "--seeds", "0-99", "--set", "steps=150", "--set", "checkpointEvery=50"];
const folder = newFolder();

let built: Awaited<ReturnType<typeof bundleWorker>>;
let expected: ReadonlyMap<string, string | undefined>;
/** As typed by hand, not through npx: the tests may be. */
const groklab = (...args: readonly string[]): Child => startChild(built.main, args, "unset npm_command");
const hashes = (records: readonly RunRecord[]) => new Map(records.map(({ id, weightsHash }) => [id, weightsHash]));

async function stored(where: string): Promise<readonly RunRecord[]> {
  const store = await openStore(where);
  const records = await store.list();
  await store.close();
  return records;
}
const isSummary = (line: string) => line.startsWith('{"type":"summary"');
const isRun = (line: string) => line.startsWith('{"type":"run"');

beforeAll(async () => {
  built = await bundleWorker();
  const local = groklab(...sweep, "--workers", "2", "--store", join(folder, "local"), "--json");
  await local.ended;
  expected = hashes(await stored(join(folder, "local")));
  expect(expected.size).toBe(100);
});
afterAll(() => built.remove());

/** A watcher and two workers, of which one is killed. */
async function throughQueue(queue: string, store: string): Promise<void> {
  const where = ["--queue", queue, "--store", store];
  const watching = groklab(...sweep, ...where, "--json");
  const workers = [1, 2].map(() => groklab("worker", ...where, "--workers", "1", "--json"));
  await workers[0].waitFor(isRun);
  workers[0].process.kill("SIGKILL");
  const second = groklab(...sweep, ...where, "--json");
  const summary = JSON.parse(await watching.waitFor(isSummary)) as Record<string, number>;
  expect(summary).toMatchObject({ total: 100, over: 100, failed: 0 });
  expect(watching.lines.filter(isRun)).toHaveLength(100);
  expect(JSON.parse(await second.waitFor(isSummary))).toMatchObject({ total: 100, over: 100 });
  workers[1].process.kill("SIGINT");
  await Promise.all([watching.ended, second.ended, workers[1].ended]);
  expect(workers[1].lines.some(isSummary)).toBe(true);
  const found = await stored(store);
  expect(found.every(({ status }) => status === "finished")).toBe(true);
  expect(hashes(found)).toEqual(expected);
  // No run ended with two workers.
  const ended = workers.flatMap(({ lines }) =>
    lines.filter(isRun).map((line) => (JSON.parse(line) as { id: string }).id),
  );
  expect(new Set(ended).size).toBe(ended.length);
}

describeWithServers("a hundred runs by two workers, one of them killed", ["postgres", "redis-server"], () => {
  it("through one PostgreSQL, which is queue and store, end in the same hashes", async () => {
    const postgres = await startPostgres();
    try {
      const url = await postgres.newDatabase();
      await throughQueue(url, url);
    } finally {
      await postgres.remove();
    }
  });

  it("through Redis and a folder, too", async () => {
    const redis = await startRedis();
    await throughQueue(redis.url, join(folder, "redis")).finally(() => redis.remove());
  });
});

describeWithServers(
  "a hundred runs by an array of SLURM, a task of it killed",
  ["slurmctld", "slurmd", "munged"],
  () => {
    let cluster: SlurmCluster;
    beforeAll(async () => {
      cluster = await startSlurm();
    });
    afterAll(() => cluster.remove());

    it("end in the same hashes", async () => {
      const [work, bin] = [join(folder, "slurm"), join(folder, "bin")];
      for (const made of [work, bin]) mkdirSync(made, { recursive: true });
      // `groklab`, as an installation would put it on the path.
      writeFileSync(join(bin, "groklab"), `#!/bin/sh\nexec '${process.execPath}' '${built.main}' "$@"\n`);
      chmodSync(join(bin, "groklab"), 0o755);
      const store = join(work, "store");
      const emitted = groklab(...sweep, "--store", store, "--emit", "slurm", "--shards", "4", "--workers", "1");
      await emitted.ended;
      const script = join(work, "sweep.sh");
      writeFileSync(script, `${emitted.lines.join("\n")}\n`);
      const path = `--export=ALL,PATH=${bin}:${process.env["PATH"] ?? ""}`;
      const submit = (...flags: readonly string[]) =>
        Number(/\d+/.exec(cluster.command("sbatch", `--chdir=${work}`, path, ...flags, script))?.[0]);
      const over = async (job: number) => {
        while (cluster.command("squeue", "--noheader").includes(String(job))) await new Promise((resolve) => setTimeout(resolve, 250)); // prettier-ignore
      };
      const said = () =>
        readdirSync(work)
          .filter((name) => name.endsWith(".log"))
          .map((name) => readFileSync(join(work, name), "utf8"))
          .join("\n");
      const job = submit();
      const killed = await killOne(join(store, "segments"), () => {
        if (!cluster.command("squeue", "--noheader").includes(String(job)))
          throw new Error(`the array ended: ${said()}`);
      });
      await over(job);
      await over(submit(`--array=${killed}`));
      const found = await stored(store);
      expect(
        found.map(({ status }) => status),
        said(),
      ).toEqual(Array(100).fill("finished"));
      expect(hashes(found)).toEqual(expected);
    });
  },
);

/** Kills the first part that has trained a run. @returns its number */
async function killOne(segments: string, check: () => void): Promise<number> {
  for (;;) {
    check();
    const names = listed(segments).filter((name) => name.endsWith(".log"));
    for (const name of names) {
      const owner = join(segments, name.replace(/log$/, "owner"));
      const done = readFileSync(join(segments, name), "utf8").includes('"type":"finish"');
      if (!done || !listed(segments).includes(name.replace(/log$/, "owner"))) continue;
      const { pid } = JSON.parse(readFileSync(owner, "utf8")) as { readonly pid: number };
      process.kill(pid, "SIGKILL");
      return Number(/\.(\d+)-of-4/.exec(name)?.[1]);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
