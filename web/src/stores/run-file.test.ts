import { describe, expect, it } from "vitest";
import { encodeJson } from "../../../src/runs/export.ts";
import { memoryStore } from "../../../src/runs/memory-store.ts";
import { recordRun } from "../../../src/runs/record.ts";
import { plan, withOption } from "../../../src/train/plan.ts";
import { forkAt, lineageId, unforked } from "../training/lineage.ts";
import { tinyPlan } from "../training/testing/tiny.ts";
import { maxFileBytes, readRunFile } from "./run-file.ts";

async function exported(): Promise<{ readonly text: string; readonly run: Record<string, unknown> }> {
  const store = memoryStore();
  const run = recordRun(store, tinyPlan);
  for (;;) {
    const { value, done } = await run.next();
    if (!done) continue;
    const text = new TextDecoder().decode(encodeJson([{ record: value, evals: await store.evals(value.id) }]));
    const [first] = JSON.parse(text) as Record<string, unknown>[];
    return { text, run: first };
  }
}

describe("a run file", () => {
  it("gives back what was exported: record, verdict, evaluations", async () => {
    const { text, run } = await exported();
    const [found] = await readRunFile(text);
    const { note: _, ...record } = found.record;
    expect(record).toEqual(Object.fromEntries(Object.entries(run).filter(([key]) => key !== "evals")));
    expect(found.evals).toEqual(run["evals"]);
  });

  it("keeps NaN and infinities", async () => {
    const { run } = await exported();
    const odd = { ...(run["evals"] as object[])[0], train: { loss: "NaN", accuracy: null }, normL1: "Infinity" };
    const [found] = await readRunFile(JSON.stringify({ ...run, evals: [odd] }));
    expect(found.evals[0]).toMatchObject({ train: { loss: NaN, accuracy: NaN }, normL1: Infinity });
  });

  it("keeps the measures of a language model, and no names that are none", async () => {
    const { run } = await exported();
    const [first] = run["evals"] as object[];
    const withMeasures = (measures: unknown) => JSON.stringify({ ...run, evals: [{ ...first, measures }] });
    const measures = { "test.accuracy.orc/none": 0.5, batchLoss: "NaN" };
    const [found] = await readRunFile(withMeasures(measures));
    expect(found.evals[0].measures).toEqual({ "test.accuracy.orc/none": 0.5, batchLoss: NaN });
    for (const wrong of [[1], { "<b>": 1 }, { a: "<b>" }]) {
      await expect(readRunFile(withMeasures(wrong))).rejects.toThrow("evaluation 1");
    }
  });

  it("believes neither ids nor labels of a file", async () => {
    const { run } = await exported();
    const [found] = await readRunFile(
      JSON.stringify({ ...run, id: "../../x", verdict: { label: "<img>" }, status: "running" }),
    );
    expect(found.record.id).toBe(run["id"]);
    expect(found.record.status).toBe("stopped");
    expect(found.record.verdict?.label).not.toBe("<img>");
  });

  it("keeps a run whose options changed on the way apart from one of its last plan", async () => {
    const { run } = await exported();
    const slower = plan(withOption(tinyPlan, "learningRate", "0.001"));
    const lineage = forkAt(unforked(tinyPlan), 100, slower);
    const id = lineageId(lineage);
    const [found] = await readRunFile(JSON.stringify({ ...run, id, plan: slower, lineage }));
    expect(found.record).toMatchObject({ id, plan: slower });
    expect(found.note).toEqual({ lineage });
    await expect(readRunFile(JSON.stringify({ ...run, id, plan: slower }))).rejects.toThrow("does not say how");
    const other = plan(withOption(tinyPlan, "p", "11"));
    const odd = { plan: tinyPlan, forks: [{ at: 100, plan: other }] };
    await expect(readRunFile(JSON.stringify({ ...run, lineage: odd }))).rejects.toThrow("task.p: cannot change");
  });

  it.each([
    ["{", "this is not JSON"],
    ["[]", "it holds no runs"],
    ["[1]", "there is no plan in it"],
    ['{"plan":{"task":{"name":"nope"},"model":{"name":"x"},"optimizer":{"name":"y"}}}', 'unknown task "nope"'],
  ])("that is wrong is refused: %s", async (text, message) => {
    await expect(readRunFile(text)).rejects.toThrow(message);
  });

  it("is refused where its evaluations are no numbers, or out of order", async () => {
    const { run } = await exported();
    const [first, second] = run["evals"] as Record<string, unknown>[];
    const wrong = (evals: unknown) => expect(readRunFile(JSON.stringify({ ...run, evals })));
    await wrong([{ ...first, normL1: "<script>" }]).rejects.toThrow(
      "evaluation 1: holds something that is not a number",
    );
    await wrong([second, first]).rejects.toThrow("its steps do not ascend");
    await wrong([{ ...first, step: -1 }]).rejects.toThrow("has no step");
    await wrong("many").rejects.toThrow("it has no evaluations");
  });

  it("of hostile content neither changes a prototype nor is followed down", async () => {
    const { run } = await exported();
    const text = JSON.stringify(run);
    const polluting = text.replace('"task":{', '"task":{"__proto__":{"polluted":1},"constructor":{"prototype":{}},');
    await expect(readRunFile(polluting)).rejects.toThrow(/__proto__|constructor/);
    await expect(readRunFile(text.replace("{", '{"__proto__":{"evals":[]},'))).resolves.toHaveLength(1);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    const deep = "[".repeat(200_000) + "]".repeat(200_000);
    await expect(readRunFile(deep)).rejects.toThrow(/run file: /);
    await expect(readRunFile(text.replace('"evals":[', `"evals":[${deep},`))).rejects.toThrow("evaluation 1: is not an object"); // prettier-ignore
    await expect(readRunFile(text.replace('"task":{', `"task":{"p":${deep},"q":`))).rejects.toThrow(/run file|task/);
    await expect(readRunFile(text.slice(0, text.length / 2))).rejects.toThrow("this is not JSON");
    await expect(readRunFile(text.replace(/"evals":\[\{"step":\d+/, '"evals":[{"step":1e999'))).rejects.toThrow(
      "has no step",
    );
    await expect(readRunFile(text.replace(/"p":\d+/, '"p":1e999'))).rejects.toThrow("task.p");
    await expect(readRunFile(JSON.stringify(Array.from({ length: 1001 }, () => 0)))).rejects.toThrow("more than 1000");
    await expect(readRunFile(" ".repeat(maxFileBytes + 1))).rejects.toThrow("larger than");
  });

  it("is judged without making all the examples that it asks for", async () => {
    const { run } = await exported();
    // A corpus of that size takes seconds to make: a hundred of them more than a test may take.
    const language = { task: { name: "agreement", trainSize: 300_000, validationSize: 300_000, generalizationSize: 300_000 }, model: { name: "transformer" }, optimizer: { name: "adamw" } }; // prettier-ignore
    const found = await readRunFile(JSON.stringify(Array.from({ length: 100 }, (_, seed) => ({ ...run, plan: { ...language, seed } })))); // prettier-ignore
    expect(found[99].record.verdict?.label).toBeDefined();
  });
});
