import { describe, expect, it } from "vitest";
import type { Eval } from "../train/eval.ts";
import { accuracyAtLeast, earlyStopTable, lossPatience, trainOn } from "./early-stopping.ts";
import { trajectory } from "./trajectory.ts";

/** Readings every 10 steps. */
const run = (inDomain: readonly number[], general: readonly number[], losses = inDomain.map(() => 1)): Eval[] =>
  inDomain.map((accuracy, i) => ({
    step: 10 * i,
    train: { accuracy, loss: losses[i] },
    test: { accuracy: general[i], loss: 1 },
    normL1: 1,
    normL2: 1,
  }));

describe("trajectory", () => {
  it("tells a crossing that does not last from one that does", () => {
    const swinging = trajectory(run([1, 1, 1, 1, 1], [0.2, 0.9, 0.1, 1, 0.8]));
    expect(swinging).toMatchObject({ readings: 5, firstCrossing: 10, shareAbove: 3 / 4, max: 1, min: 0.1, final: 0.8 });
    expect(swinging.totalVariation).toBeCloseTo(0.7 + 0.8 + 0.9 + 0.2);
    expect(trajectory(run([1, 1], [0, 1])).totalVariation).toBe(1);
  });

  it("says null where it never crosses, takes another threshold or series, and leaves out what is no number", () => {
    expect(trajectory(run([1, 1], [0.1, 0.7]))).toMatchObject({ firstCrossing: null, shareAbove: null });
    expect(trajectory(run([1, 1], [0.1, 0.7]), { threshold: 0.7 }).firstCrossing).toBe(10);
    expect(trajectory(run([0.5, 0.9], [0, 0]), { series: (e) => e.train.accuracy }).firstCrossing).toBe(10);
    expect(trajectory(run([1, 1, 1], [0.5, NaN, 1]))).toMatchObject({ readings: 2, totalVariation: 0.5 });
    expect(trajectory([])).toMatchObject({ readings: 0, firstCrossing: null, totalVariation: 0, final: NaN });
  });
});

describe("early stopping", () => {
  const runs = [
    run([0.2, 0.99, 1, 1], [0.3, 0.05, 0.4, 0.9], [3, 1, 1.1, 1.2]),
    run([0.2, 0.9, 0.99, 1], [0.3, 0.1, 0.25, 0.7], [3, 2, 1, 0.5]),
  ];

  it("reports what each rule would have", () => {
    const [saturated, patient, end] = earlyStopTable(runs, [accuracyAtLeast(0.99), lossPatience(2), trainOn]);
    expect(saturated).toMatchObject({ rule: "in-domain accuracy >= 99 %", runs: 2, stopped: 2, step: 15, max: 0.25 });
    expect(saturated.mean).toBeCloseTo(0.15);
    expect(patient).toMatchObject({ stopped: 1, step: 30, mean: 0.9, median: 0.9, min: 0.9 });
    expect(end.mean).toBeCloseTo(0.8);
    expect(end.median).toBeCloseTo(0.8);
  });

  it("has no numbers where a rule never stops", () => {
    expect(earlyStopTable(runs, [accuracyAtLeast(1.1)])).toMatchObject([
      { stopped: 0, step: null, mean: null, min: null },
    ]);
  });

  it("has the published rows by default, and the end last", () => {
    expect(earlyStopTable(runs).map(({ rule }) => rule)).toEqual([
      ...["95", "99", "99.5", "100"].map((percent) => `in-domain accuracy >= ${percent} %`),
      "in-domain loss no lower for 3 evaluations",
      "in-domain loss no lower for 10 evaluations",
      "train on to the end",
    ]);
  });
});
