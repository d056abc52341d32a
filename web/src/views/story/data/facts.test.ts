import { describe, expect, it } from "vitest";
import type { Eval } from "../../../../../src/train/eval.ts";
import { factsOf, number, share, steps } from "./facts.ts";
import { lossBump, normPeak, weightsInUse } from "./parity.ts";
import { turns } from "./turns.ts";

const at = (step: number, known: number, test: number, trainLoss: number, testLoss: number, norm = 1): Eval => ({
  step,
  train: { accuracy: known, loss: trainLoss },
  test: { accuracy: test, loss: testLoss },
  normL1: norm,
  normL2: norm,
});
/** Fits at 200, is below chance there, rises late. */
const evals = [
  at(0, 0.1, 0.1, 4, 4, 3),
  at(100, 0.9, 0.01, 1, 8, 5),
  at(200, 1, 0.005, 0.1, 9, 9),
  at(300, 1, 0.02, 0.01, 8, 7),
  at(400, 1, 0.6, 0.02, 1, 5),
  at(500, 1, 0.97, 0.001, 0.01, 4),
  at(600, 1, 1, 0.0005, 0.001, 3),
];

describe("what the text says of a run", () => {
  it("is counted from its curves", () => {
    expect(factsOf(evals)).toMatchObject({
      ...{ steps: 600, fitted: 200, half: 400, most: 500, all: 600, testWhenFitted: 0.005 },
      ...{ peak: { step: 200, loss: 9 }, lowest: { step: 600, loss: 0.001 }, largestNorm: 9 },
    });
    expect(factsOf(evals).plateau).toBeCloseTo(0.0125);
    expect(factsOf(evals).widestGap).toBeCloseTo(0.995);
  });

  it("says nothing of what did not happen", () => {
    const never = factsOf(evals.slice(0, 2));
    expect([never.fitted, never.half, never.all]).toEqual([undefined, undefined, undefined]);
    expect([steps(never.fitted), share(undefined), number(NaN)]).toEqual(["–", "–", "–"]);
  });

  it("finds where the penalty costs training loss, and where the weights were largest", () => {
    expect(lossBump(evals)).toEqual({ low: 0.01, high: 0.02, step: 400 });
    expect(lossBump(evals.slice(0, 4))).toBeUndefined();
    expect(normPeak(evals)).toEqual({ step: 200, value: 9 });
  });

  it("finds a loss that falls, rises and falls again", () => {
    expect(turns(evals)).toEqual({
      low: { step: 0, loss: 4 },
      high: { step: 200, loss: 9 },
      final: { step: 600, loss: 0.001 },
    });
    expect(turns([])).toBeUndefined();
  });

  it("counts the weights that a network over bits uses", () => {
    // [5 digits, bias] x 2 neurons; digits 0 to 2 count.
    const data = Float64Array.of(1, 0, -1, 0, 1, 0, 0.5, 0, 0, 0.001, 3, 3);
    expect(weightsInUse({ "mlp.W_in": { rows: 6, cols: 2, data } })).toEqual({ that: 3, distracting: 1, all: 4 });
  });
});

describe("numbers in the text", () => {
  it.each([
    [0.0044, "0.44 %"],
    [1, "100 %"],
    [0.99949, "99.95 %"],
    [0, "0 %"],
  ])("share %s", (value, text) => expect(share(value)).toBe(text));
  it.each([
    [4.2047, "4.2"],
    [1.3e-6, "1.3 · 10⁻⁶"],
    [1e-5, "1 · 10⁻⁵"],
    [101.3, "101"],
    [0, "0"],
  ])("number %s", (value, text) => expect(number(value)).toBe(text));
});
