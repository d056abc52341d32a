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

  it("names the checkpoints near a step that has none", async () => {
    const { code, stderr } = await place.call(["explain", "last", "--step", "15"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("has no checkpoint at step 15; nearest: 10 and 20")]);
  });
});
