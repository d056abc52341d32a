import { describe, expect, it } from "vitest";
import { quick } from "../../../../experiments/quick.ts";
import { plan, runId } from "../../../../src/train/plan.ts";
import type { Extremes, Label } from "../../../../src/verdict/index.ts";
import { nearestCell } from "./cells.ts";
import { limits, runsForPage } from "./page-limits.ts";
import { relabelled, tallyOf, type SweptDot } from "./sweep-labels.ts";

const dot = (seed: number, label: Label, extremes?: Extremes): SweptDot => {
  const made = plan({ ...quick.experiment, seed });
  const verdict = { label, className: null, fitStep: 10, generalizeStep: null, lastStep: 100 };
  return { id: runId(made), plan: made, verdict, extremes };
};

describe("the published rule over a sweep", () => {
  const runs = [
    dot(0, "undecided", { minTrain: 1e-2, minTest: 1e-2, maxRatio: 5 }),
    dot(1, "undecided", { minTrain: 1e-7, minTest: 1e-2, maxRatio: 1e6 }),
    dot(2, "undecided", { minTrain: 1e-7, minTest: 1e-7, maxRatio: 1e3 }),
    dot(3, "undecided", { minTrain: 1e-7, minTest: 1e-7, maxRatio: 1e6 }),
    dot(4, "diverged"),
  ];

  it("labels at the thresholds, and leaves alone what it cannot judge", () => {
    const labels = relabelled(runs, 1e-5, 5e4).map(({ verdict }) => verdict?.label);
    expect(labels).toEqual(["fail", "memorize", "generalize", "grok", "diverged"]);
    expect(tallyOf(relabelled(runs, 1e-5, 10)).grok).toBe(2);
    expect(tallyOf(relabelled(runs, 1, 5e4))).toMatchObject({ fail: 0, memorize: 0, generalize: 2, grok: 2 });
  });
});

describe("arrow keys in a map", () => {
  const cells = [0, 1, 2].flatMap((x) =>
    [0, 1].map((y) => ({ label: `${x}${y}`, x: 30 * x + (x === 2 ? 40 : 0), y: 30 * y })),
  );
  it.each([
    ["00", "ArrowRight", "10"],
    ["10", "ArrowRight", "20"],
    ["11", "ArrowUp", "10"],
    ["20", "ArrowLeft", "10"],
    ["21", "ArrowDown", undefined],
    ["00", "Enter", undefined],
  ])("from %s %s leads to %s", (from, key, to) => {
    const cell = cells.find(({ label }) => label === from);
    expect(cell && nearestCell(cells, cell, key)?.label).toBe(to);
  });
});

describe("a sweep of the page", () => {
  it("is refused where it is too large", () => {
    const seeds = Array.from({ length: limits.runs + 1 }, (_, i) => i);
    expect(() => runsForPage({ base: quick.experiment, axes: [], seeds })).toThrow("more than a page trains");
    const long = { ...quick.experiment, training: { steps: limits.stepsInAll + 1 } };
    expect(() => runsForPage({ base: long, axes: [], seeds: [0] })).toThrow("more than a page trains");
  });
});
