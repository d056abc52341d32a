import { describe, expect, it } from "vitest";
import { setUp } from "../../../src/train/setup.ts";
import { train } from "../../../src/train/train.ts";
import { plan } from "../../../src/train/plan.ts";
import { tinyPlan } from "../training/testing/tiny.ts";
import { ablation, answers, predictionsOf } from "./predict.ts";

/** The last evaluation and the weights it was made with. */
function trained(of = tinyPlan) {
  for (const moment of train(of)) {
    if (moment.step === 200)
      return { moment: { train: moment.train, test: moment.test }, weights: moment.snapshot().params };
  }
  throw new Error("the plan has no evaluation at its last step");
}

describe("answers", () => {
  it("scores the weights as training does", () => {
    const { moment, weights } = trained();
    const setup = setUp(tinyPlan);
    const { train: known, test } = answers(setup, weights, ablation([], setup.dtype));
    expect({ train: known, test }).toEqual(moment);
  });

  it("tells trained and held-out pairs apart, right and wrong", () => {
    const { moment, weights } = trained();
    const setup = setUp(tinyPlan);
    const found = predictionsOf(setup, answers(setup, weights, ablation([], setup.dtype)).predicted);
    const count = (kind: number) => found.field!.cells.filter((cell) => cell === kind).length;
    expect(count(1) + count(2)).toBe(setup.split.train.length);
    expect(count(1) / setup.split.train.length).toBeCloseTo(moment.train.accuracy, 12);
    expect(count(3) / setup.split.test.length).toBeCloseTo(moment.test.accuracy, 12);
    expect(found.total).toBe(81);
    for (const { input, label, predicted, right } of found.rows) {
      const [a = 0, b = 0] = input.split(", ").map(Number);
      expect(label).toBe(String((a + b) % 9));
      expect(predicted).toMatch(/^\d$/);
      expect(right).toBe(label === predicted);
    }
  });

  it("without all neurons answers 0 to everything, and without none as before", () => {
    const { weights } = trained();
    const setup = setUp(tinyPlan);
    const all = Array.from({ length: 8 }, (_, j) => j);
    const { predicted, test } = answers(setup, weights, ablation(all, setup.dtype));
    expect(new Set(predicted)).toEqual(new Set([0]));
    expect(test.loss).toBeCloseTo(Math.log(9), 5);
    const one = answers(setup, weights, ablation([3], setup.dtype));
    const none = answers(setup, weights, ablation([], setup.dtype));
    expect(one.train.loss).not.toBe(none.train.loss);
  });

  it("reads strings of bits", () => {
    const bits = plan({
      task: { name: "sparse-parity", n: 6, k: 2, trainSize: 40, testSize: 20 },
      model: { name: "bit-mlp", dMlp: 8 },
      optimizer: { name: "adamw" },
      training: { steps: 200, evalEvery: 100 },
    });
    const { moment, weights } = trained(bits);
    const setup = setUp(bits);
    const found = answers(setup, weights, ablation([], setup.dtype));
    expect({ train: found.train, test: found.test }).toEqual(moment);
    const { rows, field } = predictionsOf(setup, found.predicted);
    expect(field).toBeUndefined();
    expect(rows[0].input).toMatch(/^[01]{6}1$/);
  });
});
