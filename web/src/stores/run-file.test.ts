import { describe, expect, it } from "vitest";
import { encodeJson } from "../../../src/runs/export.ts";
import { memoryStore } from "../../../src/runs/memory-store.ts";
import { recordRun } from "../../../src/runs/record.ts";
import { plan, withOption } from "../../../src/train/plan.ts";
import { forkAt, lineageId, unforked } from "../training/lineage.ts";
import { tinyPlan } from "../training/testing/tiny.ts";
import { readRunFile } from "./run-file.ts";

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
    const [found] = readRunFile(text);
    const { note: _, ...record } = found.record;
    expect(record).toEqual(Object.fromEntries(Object.entries(run).filter(([key]) => key !== "evals")));
    expect(found.evals).toEqual(run["evals"]);
  });

  it("keeps NaN and infinities", async () => {
    const { run } = await exported();
    const odd = { ...(run["evals"] as object[])[0], train: { loss: "NaN", accuracy: null }, normL1: "Infinity" };
    const [found] = readRunFile(JSON.stringify({ ...run, evals: [odd] }));
    expect(found.evals[0]).toMatchObject({ train: { loss: NaN, accuracy: NaN }, normL1: Infinity });
  });

  it("keeps the measures of a language model, and no names that are none", async () => {
    const { run } = await exported();
    const [first] = run["evals"] as object[];
    const withMeasures = (measures: unknown) => JSON.stringify({ ...run, evals: [{ ...first, measures }] });
    const measures = { "test.accuracy.orc/none": 0.5, batchLoss: "NaN" };
    const [found] = readRunFile(withMeasures(measures));
    expect(found.evals[0].measures).toEqual({ "test.accuracy.orc/none": 0.5, batchLoss: NaN });
    for (const wrong of [[1], { "<b>": 1 }, { a: "<b>" }]) {
      expect(() => readRunFile(withMeasures(wrong))).toThrow("evaluation 1");
    }
  });

  it("believes neither ids nor labels of a file", async () => {
    const { run } = await exported();
    const [found] = readRunFile(
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
    const [found] = readRunFile(JSON.stringify({ ...run, id, plan: slower, lineage }));
    expect(found.record).toMatchObject({ id, plan: slower });
    expect(found.note).toEqual({ lineage });
    expect(() => readRunFile(JSON.stringify({ ...run, id, plan: slower }))).toThrow("does not say how");
    const other = plan(withOption(tinyPlan, "p", "11"));
    const odd = { plan: tinyPlan, forks: [{ at: 100, plan: other }] };
    expect(() => readRunFile(JSON.stringify({ ...run, lineage: odd }))).toThrow("task.p: cannot change");
  });

  it.each([
    ["{", "this is not JSON"],
    ["[]", "it holds no runs"],
    ["[1]", "there is no plan in it"],
    ['{"plan":{"task":{"name":"nope"},"model":{"name":"x"},"optimizer":{"name":"y"}}}', 'unknown task "nope"'],
  ])("that is wrong is refused: %s", (text, message) => {
    expect(() => readRunFile(text)).toThrow(message);
  });

  it("is refused where its evaluations are no numbers, or out of order", async () => {
    const { run } = await exported();
    const [first, second] = run["evals"] as Record<string, unknown>[];
    const wrong = (evals: unknown) => () => readRunFile(JSON.stringify({ ...run, evals }));
    expect(wrong([{ ...first, normL1: "<script>" }])).toThrow("evaluation 1: holds something that is not a number");
    expect(wrong([second, first])).toThrow("its steps do not ascend");
    expect(wrong([{ ...first, step: -1 }])).toThrow("has no step");
    expect(wrong("many")).toThrow("it has no evaluations");
  });
});
