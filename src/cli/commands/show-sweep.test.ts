import { parquetReadObjects } from "hyparquet";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Place } from "../testing/io.ts";
import { storeTinySweep, tinySweepId } from "../testing/tiny-sweep.ts";

let place: Place;
beforeAll(async () => {
  place = new Place();
  await storeTinySweep(place.folder);
});
afterAll(() => place.remove());

const objects = (stdout: string) => stdout.trimEnd().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>); // prettier-ignore

describe("groklab show <sweep>", () => {
  it("shows a line for each setting, seeds taken together, with what is left to do", async () => {
    const { code, stdout, stderr } = await place.call(["show", "tiny"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(new RegExp(`^sweep +${tinySweepId}$`, "m"));
    expect(stdout).toMatch(/^runs +11 of 12 runs over, 1 not begun$/m);
    expect(stdout).toMatch(/^command +groklab sweep tiny\.yaml$/m);
    expect(stdout).toMatch(/^dMlp +weightDecay .*to come +generalizes \(95 %\)/m);
    expect(stdout).toMatch(/^ +4 +0\.1 /m);
    expect(stdout).toMatch(/^ +16 +1 .* 1 +\d\/2 /m);
    expect(stdout).toMatch(/^ +all /m);
  });

  it("fits narrow terminals, down to one column of counts", async () => {
    for (const columns of [200, 80, 60, 40]) {
      const { stdout } = await place.call(["show", tinySweepId], { tty: true, columns, env: { NO_COLOR: "1" } });
      const table = stdout.slice(stdout.indexOf("dMlp"), stdout.indexOf("next"));
      expect(table.split("\n").every((line) => line.length <= columns)).toBe(true);
      expect(table).toMatch(/^ +16 +1 /m);
    }
  });

  it("takes settings together, chooses runs, sorts, and judges by another policy", async () => {
    const by = await place.call(["show", "tiny", "--by", "dMlp", "--json"]);
    expect(objects(by.stdout)).toMatchObject([
      { type: "setting", label: "dMlp 4", n: 6 },
      { type: "setting", label: "dMlp 16", n: 5, open: 1 },
      { type: "summary", sweep: tinySweepId, policy: "accuracy", total: { n: 11 } },
    ]);
    const some = await place.call(["show", "tiny", "--where", "weightDecay=0.1", "--where", "seed=0,1", "--json"]);
    expect(objects(some.stdout)).toMatchObject([{ n: 2 }, { n: 2 }, { total: { n: 4 } }]);
    const pair = await place.call(["show", "tiny", "--policy", "pair", "--sort", "delay", "--json"]);
    expect(objects(pair.stdout).at(-1)).toMatchObject({ policy: "pair" });
    const asked = ["--by", "size", "--where", "dMlp=5", "--sort", "luck"];
    for (let i = 0; i < asked.length; i += 2) {
      const { code, stderr } = await place.call(["show", "tiny", asked[i], asked[i + 1]]);
      expect(code).toBe(2);
      expect(stderr).toMatch(/what varies in this sweep: dMlp, weightDecay|there are 4, 16|one of setting/);
    }
    expect((await place.call(["show", "last", "--by", "dMlp"])).stderr).toMatch(/no sweep/);
  });

  it("knows a declared sweep that was never started here", async () => {
    const { stdout } = await place.call(["show", "train-fraction"]);
    expect(stdout).toMatch(/^runs +0 of 35 runs over, 35 not begun$/m);
  });
});

describe("groklab list sweeps", () => {
  it("lists those declared, and those stored with what their runs did", async () => {
    const { stdout } = await place.call(["list", "sweeps"]);
    expect(stdout).toMatch(/^sparse-parity-sweep +1,125 /m);
    expect(stdout).toMatch(new RegExp(`^${tinySweepId} +11 of 12 `, "m"));
    const json = objects((await place.call(["list", "sweeps", "--json"])).stdout);
    expect(json.at(-1)).toMatchObject({ type: "sweep", id: tinySweepId, total: 12, over: 11 });
    expect(objects((await place.call(["list", "sweeps", "--json", "--store", "nowhere"])).stdout).length).toBe(json.length - 1); // prettier-ignore
  });
});

describe("groklab export <sweep>", () => {
  it("writes a table of runs, whose types survive, and one of evaluations", async () => {
    expect((await place.call(["export", "tiny", "--out", "runs.parquet"])).code).toBe(0);
    const file = readFileSync(join(place.folder, "runs.parquet"));
    const rows = await parquetReadObjects({ file: file.buffer.slice(file.byteOffset, file.byteOffset + file.length) }); // prettier-ignore
    expect(rows).toHaveLength(12);
    expect(rows[0]).toMatchObject({ seed: 0n, "model.dMlp": 4n, "optimizer.weightDecay": 0.1, status: "finished" });
    expect(typeof rows[0]["minTrain"]).toBe("number");
    expect(rows[11]).toMatchObject({ seed: 2n, status: "missing", label: null, fitStep: null });

    await place.call(["export", "tiny", "--table", "evals", "--where", "dMlp=16", "--out", "evals.csv"]);
    const lines = readFileSync(join(place.folder, "evals.csv"), "utf8").trimEnd().split("\n");
    expect(lines[0]).toBe("run,seed,model.dMlp,optimizer.weightDecay,step,trainLoss,trainAccuracy,testLoss,testAccuracy,normL1,normL2"); // prettier-ignore
    expect(lines).toHaveLength(1 + 5 * 21);
  });

  it("refuses what is not for it", async () => {
    for (const [flags, words] of [
      [["--out", "x.npz"], /csv or parquet/],
      [["--out", "x.csv", "--table", "weights"], /runs, evals/],
      [["--out", "x.csv", "--step", "5"], /holds every step/],
    ] as const) {
      const { code, stderr } = await place.call(["export", "tiny", ...flags]);
      expect(code).toBe(2);
      expect(stderr).toMatch(words);
    }
  });
});

describe("groklab figure <sweep>", () => {
  it("draws each figure of a sweep, of all its runs or of a cell", async () => {
    const cell = ["--where", "dMlp=16", "--where", "weightDecay=0.1"];
    for (const [figure, flags] of [
      ["verdict-map", ["--set", "x=weightDecay", "--policy", "pair"]],
      ["share-bars", ["--set", "by=dMlp", "--theme", "dark"]],
      ["times", ["--set", "of=fitStep"]],
      ["cell-curves", cell],
      ["run-gallery", []],
      ["seed-curves", [...cell, "--set", "measure=loss"]],
    ] as const) {
      const { code, stdout, stderr } = await place.call(["figure", "tiny", figure, "--out", "-", ...flags]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
      expect(stdout).not.toMatch(/NaN|undefined/);
    }
    const { stdout } = await place.call(["figure", tinySweepId, "--out", "map.svg"]);
    expect(stdout).toMatch(new RegExp(`^verdict-map of ${tinySweepId}: map.svg, `));
  });

  it("says what does not fit", async () => {
    for (const [call, words] of [
      [["figure", "tiny", "stars", "--out", "-"], /unknown figure of a sweep "stars"; known: verdict-map, share-bars/],
      [["figure", "tiny", "--out", "-", "--set", "z=1"], /verdict-map.z: unknown/],
      [["figure", "tiny", "--out", "-", "--step", "3"], /not of one checkpoint/],
      [["figure", "last", "--out", "-", "--where", "dMlp=4"], /no sweep/],
    ] as const) {
      const { code, stderr } = await place.call(call);
      expect(code).toBe(2);
      expect(stderr).toMatch(words);
    }
  });
});
