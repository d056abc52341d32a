import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { testTask, type Sample } from "../../test/contracts/task.ts";
import { findTask, tasks } from "./index.ts";

/** A language task of the published sizes is built in seconds: smaller ones say the same. */
const sizes = { trainSize: 300, validationSize: 60, generalizationSize: 60 };

/** Options to try besides the defaults; a task that has to be given data has no defaults to try. */
const samples: Readonly<Record<string, readonly Sample[]>> = {
  "modular-addition": [{}, { p: 10 }, { p: 7, pairs: "unordered" }],
  "modular-subtraction": [{}, { p: 10 }],
  "modular-multiplication": [{}, { p: 10 }, { p: 7, pairs: "unordered" }],
  "modular-division": [{}, { p: 5 }],
  "sum-of-squares": [{}, { p: 10, pairs: "unordered" }],
  "quadratic-form": [{}, { p: 10 }],
  "operation-table": [{ table: "0,1,2;1,2,0;2,0,1" }, { table: "5,1,0,2;0,0,1,7" }],
  dataset: [{ rows: "0,0,0;0,1,1;1,0,1;1,1,0" }, { rows: "3,2,0,9;1,1,1,0;3,2,0,9;0,0,4,2;1,2,3,4" }],
  "question-formation": [
    sizes,
    { ...sizes, mix: "published-weights", declaratives: "center-embedded", disambiguating: 0.1 },
    { ...sizes, declaratives: "none", disambiguating: 0.5, disambiguatingRule: "linear" },
    { ...sizes, declaratives: "right-branching", templates: 5 },
  ],
  "tense-inflection": [
    sizes,
    { ...sizes, metric: "choice", mix: "published-weights", identity: false },
    { ...sizes, metric: "all-verbs", disambiguating: 0.1, disambiguatingRule: "linear", templates: 7 },
  ],
  agreement: [sizes, { ...sizes, templates: 12, verbs: "all", disambiguating: 0.2 }],
  dyck: [sizes, { ...sizes, k: 2, m: 4, distance: "distant", closers: 50 }],
  "sparse-parity": [{}, { n: 5, k: 5, trainSize: 20, testSize: 7, coding: "pm1", biasColumn: false }],
};

for (const definition of tasks) testTask(definition, samples[definition.name] ?? [{}]);

it("registers every task file under its file's name", () => {
  const others = ["index", "sequences", "split", "task"];
  const files = readdirSync(import.meta.dirname, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".test.ts"))
    .map((entry) => entry.name.replace(/\.ts$/, ""))
    .filter((name) => !others.includes(name));
  expect(tasks.map(({ name }) => name).sort()).toEqual(files.sort());
});

it("finds a task by name, and suggests the nearest", () => {
  expect(findTask("sparse-parity").name).toBe("sparse-parity");
  expect(() => findTask("modular-adition")).toThrow(
    /^unknown task "modular-adition"; .*did you mean "modular-addition"\?$/,
  );
});
