import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Place } from "../testing/io.ts";

let place: Place;
beforeAll(async () => {
  place = new Place();
  const sizes = { trainSize: 300, validationSize: 40, generalizationSize: 40 };
  for (const [file, task] of [
    ["qf.json", { name: "question-formation", ...sizes }],
    ["dyck.json", { name: "dyck", k: 3, m: 4, ...sizes }],
  ] as const)
    // prettier-ignore
    place.file(
      file,
      JSON.stringify({
        task,
        model: { name: "transformer", dModel: 16, nLayers: 2, nHeads: 2, mlpRatio: 1 },
        optimizer: { name: "adamw", learningRate: 0.003 },
        training: { steps: 20, evalEvery: 10, checkpointEvery: 10 },
      }),
    );
  const { stderr, code } = await place.call(["run", "qf.json"]);
  expect([code, /by a short trial now/.test(stderr)]).toEqual([0, true]);
  await place.call(["run", "dyck.json", "--store", "other"]);
});
afterAll(() => place.remove());

describe("groklab explain, of a language model", () => {
  it("says which rule it follows, by construction, and shows heads, trees and course", async () => {
    const { code, stdout } = await place.call(["explain", "last"]);
    expect(code).toBe(0);
    for (const part of [
      "rule, where the two differ",
      "heads, by what",
      "F1 with gold",
      "projected",
      "course",
      "what stopping early",
    ])
      // prettier-ignore
      expect(stdout).toContain(part);
    expect(stdout).toMatch(/layer [01], head [01]/);
  });

  it("gives the same as JSON, one part a line, of an earlier step where asked", async () => {
    const { stdout } = await place.call(["explain", "last", "--json", "--step", "10"]);
    const rows = stdout.trim().split("\n").map((line) => JSON.parse(line) as { type: string; name?: string; rows?: { step: number }[]; rule?: { pairs: number } }); // prettier-ignore
    expect(rows.find(({ name }) => name === "course")?.rows?.map(({ step }) => step)).toEqual([0, 10]);
    expect(rows.at(-1)).toMatchObject({ type: "explanation", kind: "language" });
    expect(rows.at(-1)?.rule?.pairs).toBe(40);
  });

  it("has no rule to tell of brackets", async () => {
    const { code, stdout } = await place.call(["explain", "last", "--store", "other"]);
    expect(code).toBe(0);
    expect(stdout).toContain("A language model of dyck");
    expect(stdout).not.toContain("F1 with gold");
  });

  it("writes a page and the rows beside it", async () => {
    const { code } = await place.call(["explain", "last", "--out", "report"]);
    expect(code).toBe(0);
    const page = readFileSync(join(place.folder, "report", "report.html"), "utf8");
    for (const part of [
      "What happened when",
      "Which rule it follows",
      "What its heads do",
      "How its states are shaped",
      "What stopping early",
    ])
      // prettier-ignore
      expect(page).toContain(part);
    expect(page).not.toMatch(/NaN|undefined|<script/);
    expect(readdirSync(join(place.folder, "report"))).toContain("trees.json");
    const again = await place.call(["explain", "last", "--out", "report"]);
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining("it has a report already")]);
  });

  it.each(["generalization-curves", "construction-curves", "token-loss", "structure", "trees", "attention"])(
    "draws %s",
    async (figure) => {
      const { code, stdout } = await place.call(["figure", "last", figure, "--out", "-"]);
      expect([code, stdout.startsWith("<svg"), /NaN|undefined/.test(stdout)]).toEqual([0, true, false]);
    },
  );

  it("draws curves from elsewhere behind its own, in shares or in percent, and nowhere else", async () => {
    place.file("published.csv", "step,seed 42,seed 52\n0,25,30\n10,4,8\n20,97.5,\n");
    const call = ["figure", "last", "generalization-curves", "--out", "-"];
    const [own, behind] = [await place.call(call), await place.call([...call, "--reference", "published.csv"])];
    expect([own.code, behind.code]).toEqual([0, 0]);
    expect([/>reference</.test(own.stdout), />reference</.test(behind.stdout)]).toEqual([false, true]);
    place.file("shares.csv", "step,seed 42,seed 52\n0,0.25,0.3\n10,0.04,0.08\n20,0.975,\n");
    expect((await place.call([...call, "--reference", "shares.csv"])).stdout).toBe(behind.stdout);
    const other = await place.call(["figure", "last", "token-loss", "--out", "-", "--reference", "published.csv"]);
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining("draws no curves from elsewhere")]);
    place.file("broken.csv", "step,seed 42\n0,a quarter\n");
    const broken = await place.call([...call, "--reference", "broken.csv"]);
    expect([broken.code, broken.stderr]).toEqual([2, expect.stringContaining("broken.csv, line 2, column 2")]);
  });

  it("draws every seed of a sweep, with curves from elsewhere", async () => {
    const base = JSON.parse(readFileSync(join(place.folder, "qf.json"), "utf8")) as unknown;
    place.file("qf-seeds.json", JSON.stringify({ base, seeds: "0-1" }));
    await place.call(["sweep", "qf-seeds.json", "--workers", "0", "--store", "seeds"]);
    const { code, stdout } = await place.call(["figure", "qf-seeds", "generalization-curves", "--reference", "published.csv", "--out", "-", "--store", "seeds"]); // prettier-ignore
    expect([code, stdout.includes("2 seeds, median"), />reference</.test(stdout)]).toEqual([0, true, true]);
  });

  it("names the checkpoints near a step that has none", async () => {
    const { code, stderr } = await place.call(["explain", "last", "--step", "15"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("has no checkpoint at step 15; nearest: 10 and 20")]);
  });
});
