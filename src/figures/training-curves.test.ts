import { describe, expect, it } from "vitest";
import type { Eval } from "../train/eval.ts";
import { dark, light } from "./svg/index.ts";
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
    expect(svg.split(`stroke="${light.train}"`)).toHaveLength(3);
    expect(svg.split(`stroke="${light.test}"`)).toHaveLength(3);
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

  it("draws only the steps asked for, and the step where a page stands", () => {
    const evals = [at(0, 0, 0), at(50, 0.5, 0.25), at(100, 1, 0.5)];
    const svg = trainingCurves(evals, { steps: [40, 60], step: 50, marks: [{ step: 90, label: "late" }], theme: dark });
    expect(svg).toContain(`data-x-domain="40,60"`);
    expect(svg).toContain(`data-step="50"`);
    expect(svg).not.toContain(">late</");
    expect(svg).toContain(dark.paper);
    expect(svg).not.toContain(light.train);
  });

  it("tells a page where its panels are", () => {
    const svg = trainingCurves([at(0, 0, 0), at(50, 1, 1)], { measures: ["loss"], width: 400 });
    const [, left, , width] = /data-plot="([\d.]+),([\d.]+),([\d.]+),/.exec(svg) ?? [];
    expect(Number(left) + Number(width)).toBeLessThan(400);
    expect(svg).toContain(`data-y-scale="log"`);
    expect(svg).not.toContain(">accuracy (");
  });

  it("gives the same text twice", () => {
    const evals = [at(0, 0.1, 0.2), at(33, 0.7, 0.3), at(100, 1, 0.4)];
    expect(trainingCurves(evals)).toBe(trainingCurves(evals));
  });
});
