import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore } from "../../runs/open-store.ts";
import type { RunRecord } from "../../runs/store.ts";
import { tiny } from "../testing/tiny.ts";
import { Place } from "../testing/io.ts";

let place: Place;
beforeEach(() => {
  place = new Place();
  place.file("mine.json", JSON.stringify({ base: { ...tiny, training: { steps: 60, evalEvery: 10, checkpointEvery: 0 } }, seeds: "0-1", axes: { weightDecay: [0, 0.1] } })); // prettier-ignore
});
afterEach(() => place.remove());

/** In this thread: threads load built code only. */
const sweep = (...args: readonly string[]) => ["sweep", ...args, "--workers", "0"];
const lines = (stdout: string) => stdout.trimEnd().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>); // prettier-ignore
async function stored(): Promise<readonly RunRecord[]> {
  const store = await openStore(join(place.folder, ".groklab"));
  const found = await store.list();
  await store.close();
  return found;
}

describe("groklab sweep", () => {
  it("trains every run of a file, says what came of each, and counts the verdicts", async () => {
    const { code, stdout, stderr } = await place.call(sweep("mine.json"));
    expect(code).toBe(0);
    expect(stderr.match(/^\d\/4 weightDecay (0|0\.1), seed [01]: \w+ \(.* s\)/gm)).toHaveLength(4);
    expect(stdout).toMatch(/^ *weightDecay .*\n(.*\n)* *0 .*2.*\n(.*\n)* *0\.1 .*2/m);
    expect(stdout).toMatch(/verdicts {2}\w+ \d/);
    expect(stdout).toMatch(/trained +4 runs/);
    expect(stdout).toMatch(/sweep +mine-[0-9a-f]{10} in \.groklab/);
    expect((await stored()).map(({ status }) => status)).toEqual(Array(4).fill("finished"));
  });

  it("does nothing twice, and remembers the sweep with the command that started it", async () => {
    await place.call(sweep("mine.json"));
    const { code, stdout } = await place.call(sweep("mine.json", "--policy", "pair"));
    expect(code).toBe(0);
    expect(stdout).toMatch(/trained +nothing: all of it was done before/);
    const store = await openStore(join(place.folder, ".groklab"));
    const [found, ...others] = await store.listSweeps();
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      name: "mine",
      policy: "pair",
      command: "groklab sweep mine.json --policy pair --workers 0",
      sweep: { seeds: [0, 1] },
    });
    await store.close();
  });

  it("makes a sweep of an experiment by --seeds and --set, and reuses the smaller grid's runs", async () => {
    const args = ["quick", "--set", "steps=40", "--set", "evalEvery=20", "--seeds", "0,2"];
    const first = await place.call(sweep(...args, "--set", "dMlp=8", "--json"));
    expect(lines(first.stdout).at(-1)).toMatchObject({ type: "summary", name: "quick", total: 2, trained: 2 });
    const second = await place.call(sweep(...args, "--set", "dMlp=8,16", "--json"));
    expect(lines(second.stdout).at(-1)).toMatchObject({ total: 4, before: 2, trained: 2, over: 4 });
  });

  it("with --json gives one object per run and a summary", async () => {
    const { stdout } = await place.call(sweep("mine.json", "--json"));
    const all = lines(stdout);
    expect(all.map(({ type }) => type)).toEqual(["run", "run", "run", "run", "summary"]);
    expect(all[0]).toMatchObject({
      outcome: "finished",
      step: 60,
      setting: { "optimizer.weightDecay": 0 },
      seed: 0,
      verdict: { policy: "accuracy" },
    });
    expect(all[0]["weightsHash"]).toMatch(/^sha256:/);
    const counts = Object.values(all[4]["counts"] as Record<string, number>);
    expect(counts.reduce((sum, n) => sum + n, 0)).toBe(4);
  });

  it("--dry-run counts, measures, and makes nothing", async () => {
    const { code, stdout } = await place.call(sweep("mine.json", "--dry-run"));
    expect(code).toBe(0);
    expect(stdout).toMatch(/runs +4: optimizer\.weightDecay 2 x 2 seeds/);
    expect(stdout).toMatch(/done +0 of 4/);
    expect(stdout).toMatch(/left +4 runs, about .* s on 1 worker \(measured: a moment of 1 kind of run\)/);
    expect(stdout).toMatch(/storage +about [\d.]+ kB more/);
    expect(existsSync(join(place.folder, ".groklab"))).toBe(false);
    await place.call(sweep("mine.json", "--seeds", "1"));
    const { stdout: json } = await place.call(sweep("mine.json", "--dry-run", "--json"));
    expect(lines(json)).toMatchObject([{ type: "dry-run", total: 4, over: 2, left: 2, failed: 0, kinds: 1 }]);
    expect(lines(json)[0]["seconds"]).toBeGreaterThan(0);
    expect(await stored()).toHaveLength(2);
  });

  it("keeps on after a run that cannot be trained, names it, and exits 1", async () => {
    const { code, stderr, stdout } = await place.call(sweep("mine.json", "--set", "loss=nats,nats-per-class"));
    expect(code).toBe(1);
    expect(stderr).toMatch(/loss nats-per-class, seed 0: failed: training\.loss: nats-per-class divides/);
    expect(stderr).toMatch(/groklab: 4 runs failed/);
    expect(stdout).toMatch(/trained +4 runs/);
    const dry = await place.call(sweep("mine.json", "--set", "loss=nats,nats-per-class", "--dry-run"));
    expect(dry.code).toBe(1);
    expect(dry.stdout).toMatch(/cannot be .*nats-per-class divides/);
  });

  it("stops at a signal with every run in progress saved, and says how to continue", async () => {
    const { code, stdout, stderr } = await place.call(sweep("mine.json"), { signals: [["1/4", "SIGINT"]] });
    expect(code).toBe(130);
    expect(stderr).toMatch(/saving every run in progress; once more to leave at once/);
    expect(stdout).toMatch(/continue +groklab sweep mine\.json --workers 0/);
    expect((await stored()).every(({ status }) => status !== "running")).toBe(true);
    const rest = await place.call(sweep("mine.json", "--json"));
    expect(lines(rest.stdout).at(-1)).toMatchObject({ total: 4, over: 4 });
    expect((await stored()).map(({ status }) => status)).toEqual(Array(4).fill("finished"));
  });

  it("leaves at once at a second signal", async () => {
    const { quits } = await place.call(sweep("mine.json"), {
      signals: [
        ["1/4", "SIGINT"],
        ["once more", "SIGTERM"],
      ],
    });
    expect(quits).toEqual([143]);
  });

  it("shows a block that stays in place on a terminal", async () => {
    const { stderr } = await place.call(sweep("mine.json"), { tty: true, columns: 100, env: { NO_COLOR: "1" } });
    expect(stderr).toMatch(/4 of 4 runs {2}100 %/);
  });

  it("alone lists the sweeps, and says that experiments are sweeps, too", async () => {
    const { code, stdout } = await place.call(["sweep"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/groklab sweep quick --seeds 0-8/);
  });

  it.each([
    [["quik"], /unknown sweep "quik".*did you mean "quick"/],
    [["none.yaml"], /none\.yaml cannot be read: it does not exist/],
    [["quick", "--seeds", "9-1"], /--seeds: "9-1" is not allowed/],
    [["quick", "--set", "dMlp=8,x"], /model\.dMlp: "x" is not allowed/],
    [["quick", "--set", "dMpl=8"], /unknown option "dMpl".*did you mean "dMlp"/],
    [["quick", "--set", "dMlp"], /--set "dMlp": give key=value/],
    [["quick", "--grid", "published"], /--grid: quick has no other grids/],
    [["quick", "--policy", "pear"], /unknown policy "pear".*did you mean "pair"/],
    [["quick", "--workers", "x"], /--workers: "x" is not allowed/],
    [["--seeds", "0-3"], /sweep: which one\?/],
  ])("%j is refused in one line, exit 2", async (args, message) => {
    const { code, stdout, stderr } = await place.call(["sweep", ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(existsSync(join(place.folder, ".groklab"))).toBe(false);
  });
});
