import { describe, expect, it } from "vitest";
import type { Eval } from "../train/eval.ts";
import { trainingCurves } from "./training-curves.ts";

const at = (step: number, train: number, test: number): Eval => ({
  step,
  train: { loss: 1 / (1 + step), accuracy: train },
  test: { loss: 2, accuracy: test },
  normL1: 1,
  normL2: 1,
});

describe("trainingCurves", () => {
  it("draws two lines in each panel and says what they end at", () => {
    const svg = trainingCurves([at(0, 0, 0), at(50, 1, 0.25), at(100, 1, 0.5)], { title: "p < 5 & more" });
    expect(svg).toContain("train accuracy ends at 100.0 %, test accuracy at 50.0 %");
    expect(svg.match(/stroke="#7b3fb5"/g)).toHaveLength(2);
    expect(svg.match(/stroke="#1f9d55"/g)).toHaveLength(2);
    expect(svg).toContain("p &lt; 5 &amp; more");
  });

  it("marks the steps it is given", () => {
    const svg = trainingCurves([at(0, 0, 0), at(100, 1, 1)], { marks: [{ step: 40, label: "fitted" }] });
    expect(svg).toContain("fitted at step 40");
    expect(svg).toContain(">fitted</");
  });

  it("leaves out what has no place on the axis", () => {
    const broken: Eval = {
      ...at(100, NaN, 0.5),
      train: { loss: NaN, accuracy: NaN },
      test: { loss: 0, accuracy: 0.5 },
    };
    expect(trainingCurves([at(0, 0, 0), broken])).not.toContain("NaN");
    expect(trainingCurves([])).toContain("No evaluations yet");
  });

  it("gives the same text twice", () => {
    const evals = [at(0, 0.1, 0.2), at(33, 0.7, 0.3), at(100, 1, 0.4)];
    expect(trainingCurves(evals)).toBe(trainingCurves(evals));
  });
});
