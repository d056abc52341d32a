import { describe, expect, it } from "vitest";
import type { NamedArrays } from "../../../src/tensor/index.ts";
import { plan } from "../../../src/train/plan.ts";
import { train } from "../../../src/train/train.ts";
import { tinyPlan } from "../training/testing/tiny.ts";
import { examine } from "./examine.ts";
import { panelNames } from "./messages.ts";

function lookAt(of: typeof tinyPlan, ablated: readonly number[] = []) {
  const course: { readonly step: number; readonly params: NamedArrays }[] = [];
  for (const moment of train(of)) {
    if (moment.step % 100 === 0) course.push({ step: moment.step, params: moment.snapshot().params });
  }
  const { step, params } = course.at(-1)!;
  return examine({ call: 1, plan: of, step, params, ablated, width: 600, panels: panelNames, course });
}

describe("examine", () => {
  it("draws every panel of a network on pairs, and says what it computes with", () => {
    const found = lookAt(tinyPlan, [0, 1]);
    for (const name of ["weights", "spectrum", "waves", "stars", "progress"] as const) {
      expect(found.figures[name]).toHaveLength(1);
      expect(found.figures[name]![0]).toMatch(/^<svg .*aria-label="[^"]+"/s);
      expect(found.figures[name]![0]).not.toContain("NaN");
    }
    expect(found.mechanism?.sentence).not.toBe("");
    expect(found.mechanism?.evidence.length).toBeGreaterThan(3);
    expect(found.neurons).toBe(8);
    expect(found.ablatedScores?.train.loss).not.toBe(found.scores?.train.loss);
    expect(found.predictions?.total).toBe(81);
  });

  it("draws the weights of a network on digits, and says that it has no waves", () => {
    const bits = plan({
      task: { name: "sparse-parity", n: 6, k: 2, trainSize: 40, testSize: 20 },
      model: { name: "bit-mlp", dMlp: 8 },
      optimizer: { name: "adamw" },
      training: { steps: 200, evalEvery: 100 },
    });
    const found = lookAt(bits);
    expect(found.figures.weights).toHaveLength(1);
    expect(found.figures.waves).toBeUndefined();
    expect(found.missing).toContain("this one reads digits");
    expect(found.mechanism?.sentence).not.toBe("");
  });

  it("shows a language model by its answers, the attention and trees of a sentence, and its rule", () => {
    const sizes = { trainSize: 200, validationSize: 30, generalizationSize: 40 };
    const language = plan({
      task: { name: "question-formation", ...sizes },
      model: { name: "transformer", nLayers: 1, dModel: 16, nHeads: 2 },
      optimizer: { name: "adamw" },
      training: { steps: 100, evalEvery: 50, evalSequences: 5 },
    });
    const found = lookAt(language);
    const { rows, total } = found.predictions!;
    // Of the in-domain sentences only the questions are asked about; all of the generalization set are questions.
    expect(rows.filter(({ train: inDomain }) => !inDomain)).toHaveLength(40);
    expect(rows).toHaveLength(total);
    expect(total).toBeGreaterThan(45);
    for (const { input, label, predicted, right } of rows) {
      expect(input).toMatch(/^[a-z ].* …$/);
      expect(right).toBe(label === predicted);
    }
    expect(found.figures.weights![0]).toContain('data-layer="0" data-head="1"');
    expect(found.figures.mechanism![0]).toMatch(/^<svg .*aria-label="[^"]+"/s);
    expect(found.mechanism?.sentence).toMatch(/rule/);
    expect(found.mechanism?.evidence).toHaveLength(3);
    expect(found.missing).toContain("reads words");
  });
});
