import { describe, expect, it } from "vitest";
import { quick } from "../../../../experiments/quick.ts";
import type { Eval } from "../../../../src/train/eval.ts";
import { plan } from "../../../../src/train/plan.ts";
import { depthBars, joined, measures } from "./draw.ts";
import { readSentences, type SentenceRow } from "./sentences.ts";
import { fromCoarse } from "./measuring/order.ts";
import { settingsOf } from "./settings.ts";
import { depthRows, earlyStop, lastOf, measuresNamed, withMeasures, type StructureRun } from "./structure-facts.ts";

const at = (step: number, known: number, test: number, more: Readonly<Record<string, number>> = {}): Eval => ({
  step,
  train: { accuracy: known, loss: 1 },
  test: { accuracy: test, loss: 1 },
  normL1: 1,
  normL2: step,
  measures: more,
});
/** A planted run: the in-domain accuracy is at its best early, the other rises late or never. */
function planted(nLayers: number, seed: number, found: boolean): StructureRun {
  const base = plan(quick.experiment);
  return {
    id: `planted-${nLayers}-${seed}`,
    plan: {
      ...base,
      training: { ...base.training, steps: 9000 },
      task: { name: "question-formation" },
      model: { name: "transformer", nLayers },
      seed,
    },
    evals: [
      at(0, 0.25, 0.2),
      at(3000, 0.999, 0.3, { treeScore: 0.3 }),
      at(6000, 0.998, 0.5, { treeScore: 0.5 }),
      at(9000, 0.998, found ? 0.95 : 0.4, { treeScore: 0.7, "test.accuracy.ORC": 0.9, "test.accuracy.SRCt": 0.5 }),
    ],
  };
}
const runs = [planted(2, 0, false), planted(2, 1, false), planted(6, 0, true), planted(6, 1, false)];

describe("values that are measured seldom", () => {
  it("are joined by straight lines between the first and the last of them", () => {
    expect([...joined(Float64Array.of(NaN, 1, NaN, NaN, 4, NaN))]).toEqual([NaN, 1, 2, 3, 4, NaN]);
  });
});

describe("runs of transformers", () => {
  it("would have been stopped before they found the tree", () => {
    expect(earlyStop(runs[2].evals)?.step).toBe(3000);
    const unfinished = { ...runs[2], evals: runs[2].evals.slice(0, 3) };
    expect(depthRows([unfinished])).toEqual([{ depth: 6, runs: 0, ever: 0, atEnd: 0, early: 0 }]);
    expect(depthRows(runs)).toEqual([
      { depth: 2, runs: 2, ever: 0, atEnd: 0, early: 0 },
      { depth: 6, runs: 2, ever: 1, atEnd: 1, early: 0 },
    ]);
  });

  it("have the measures that their evaluations hold", () => {
    expect(measuresNamed(runs, /tree/i)).toEqual(["treeScore"]);
    expect(lastOf(runs[2].evals, "test.accuracy.")).toEqual([
      ["ORC", 0.9],
      ["SRCt", 0.5],
    ]);
  });

  it("are drawn with what there is to see in words", () => {
    const bars = depthBars(depthRows(runs), 400);
    expect(bars).toContain("6 layers 1 of 2 at the end, 0 if stopped early, 1 at some time");
    // Wilson: one of two is anything from a tenth to nine tenths.
    expect(bars).toContain("6 layers, at the end: 1 of 2, 95 %: 9% to 91%");
    expect(bars).toContain(">6 (2)<");
    expect(measures(runs[0], ["treeScore"], 400)).toContain("tree score of the projection");
    expect(depthBars([], 400)).toContain("No runs yet");
  });
});

describe("runs of one task", () => {
  it("are seeds of one setting only where nothing but depth and seed differs", () => {
    const control = planted(2, 0, false);
    const task = { ...control.plan.task, declaratives: "none" };
    const found = settingsOf([{ ...control, id: "control", plan: { ...control.plan, task } }, ...runs]);
    expect(found.map(({ runs: members }) => members.length)).toEqual([4, 1]);
    expect(found.map(({ name }) => name)).toEqual(["that of most runs", "declaratives none"]);
    expect(settingsOf(runs).map(({ name }) => name)).toEqual(["that of most runs"]);
  });

  it("get what was measured of their checkpoints", () => {
    const measured = withMeasures(runs[0], new Map([[6000, { treeParseval: 0.7 }]]));
    expect(measured.evals[2].measures).toEqual({ treeScore: 0.5, treeParseval: 0.7 });
    expect(measured.evals[1]).toBe(runs[0].evals[1]);
  });

  it("are measured coarsely first, each checkpoint once", () => {
    const steps = Array.from({ length: 21 }, (_, i) => 1000 * i);
    const order = fromCoarse(steps);
    expect(order.slice(0, 3)).toEqual([20_000, 0, 10_000]);
    expect([...order].sort((a, b) => a - b)).toEqual(steps);
    expect([fromCoarse([]), fromCoarse([5]), fromCoarse([5, 9])]).toEqual([[], [5], [9, 5]]);
  });
});

describe("sentences", () => {
  const words = ["my", "walrus", "does", "giggle"];
  const uniform = Array.from({ length: 5 }, (_, i) => Array.from({ length: 5 }, (_, j) => (j <= i ? 1 / (i + 1) : 0)));
  const row: SentenceRow = {
    ...{ run: "planted", step: 9000, words, attention: [[uniform, uniform]] },
    projected: [0, [1, [2, 3]]],
    gold: [
      [0, 1],
      [2, 3],
    ],
  };

  it("are read from a file, and refused where they are not what they should be", () => {
    expect(readSentences([row])).toEqual([row]);
    expect(() => readSentences({})).toThrow("not a list");
    expect(() => readSentences([{ ...row, words: [1] }])).toThrow("words");
    expect(() => readSentences([{ ...row, gold: [[0, 1], 2] }])).toThrow("over 3 words instead of 4");
    expect(() => readSentences([{ ...row, gold: [1, [0, [2, 3]]] }])).toThrow("not a binary tree");
    expect(() => readSentences([{ ...row, attention: [[[[1]]]] }])).toThrow("[layers][heads][5][5]");
    expect(() => readSentences([{ ...row, run: 5 }])).toThrow("names no run");
  });
});
