import { describe, expect, it } from "vitest";
import type { Eval } from "../train/eval.ts";
import { stagesOf, type StageReading } from "./stages.ts";

const evals = (losses: readonly number[]): readonly Eval[] =>
  losses.map((loss, i) => ({
    step: 10 * i,
    train: { loss: 1, accuracy: 1 },
    test: { loss, accuracy: 0 },
    normL1: 0,
    normL2: 0,
  }));
const reading: StageReading = {
  mechanism: { label: "unexplained", sentence: "", parts: [], carried: null },
  rebuilt: null,
};
const told = (losses: readonly number[], checkpoints = losses.map((_, i) => 10 * i)) =>
  stagesOf(evals(losses), checkpoints, () => reading).stages.map(({ trend, from, to, step }) => [trend, from, to, step]); // prettier-ignore

describe("the stages of a run", () => {
  it("are three where the test loss falls, rises and falls", () => {
    expect(told([4, 3, 1, 0.5, 1, 2, 3, 1, 0.2, 0.1])).toEqual([
      ["generalizes", 0, 30, 30],
      ["memorizes", 30, 60, 60],
      ["generalizes", 60, 90, 90],
    ]);
  });

  it("are two where it memorizes first", () => {
    expect(told([4, 8, 20, 19, 18, 3, 0.1])).toEqual([
      ["memorizes", 0, 20, 20],
      ["generalizes", 20, 60, 60],
    ]);
  });

  it("are one where ripples stay below the factor", () => {
    expect(told([4, 3.9, 4.4, 4, 3.5, 3.6, 3.3, 1, 1.2, 0.9])).toEqual([["generalizes", 0, 90, 90]]);
    expect(told([4, 4.1, 4.2])).toEqual([["memorizes", 0, 20, 20]]);
  });

  it("are read at the nearest checkpoint", () => {
    expect(told([4, 8, 20, 19, 18, 3, 0.1], [0, 25, 60]).map((stage) => stage[3])).toEqual([25, 60]);
  });

  it("take larger turns where there would be too many", () => {
    const spikes = Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? 10 / (i + 1) : 20 / (i + 1)));
    const { factor, stages } = stagesOf(evals(spikes), [0, 590], () => reading);
    expect(factor).toBeGreaterThan(1.5);
    expect(stages.length).toBeLessThanOrEqual(5);
  });

  it("are none without a curve", () => {
    expect(told([])).toEqual([]);
    expect(told([1])).toEqual([]);
  });
});
