import { describe, expect, it } from "vitest";
import { memorizer } from "../../test/planted/curves.ts";
import { aboveChance, chanceLoss, contextOf, curveOf, publishedLoss, toNats } from "./curve.ts";
import type { Context } from "./verdict.ts";

const modular: Context = { chance: 1 / 67, numClasses: 67, lossUnit: "nats", finished: true };
const parity: Context = { chance: 0.5, numClasses: 2, lossUnit: "nats", finished: true };

describe("units", () => {
  it("accuracy is 0 at chance, 1 when perfect, negative below chance", () => {
    expect(aboveChance(1 / 67, modular)).toBeCloseTo(0, 15);
    expect(aboveChance(1, modular)).toBe(1);
    expect(aboveChance(0.4, parity)).toBeCloseTo(-0.2, 12);
    expect(aboveChance(1, { chance: 1 })).toBe(1);
  });

  it("the published loss of a softmax is cross-entropy / p: chance is ln 67 / 67", () => {
    expect(publishedLoss(Math.log(67), modular)).toBeCloseTo(0.06276, 5);
    expect(publishedLoss(0.0652, { ...modular, lossUnit: "nats/class" })).toBe(0.0652);
    expect(toNats(Math.log(67) / 67, { ...modular, lossUnit: "nats/class" })).toBeCloseTo(Math.log(67), 12);
    expect(toNats(2, modular)).toBe(2);
  });

  it("the published loss of a single logit is in nats per example, undivided", () => {
    expect(publishedLoss(Math.LN2, parity)).toBe(Math.LN2);
    for (const lossUnit of ["nats", "nats/class"] as const) {
      expect(publishedLoss(0.3, { ...parity, outputs: 1, lossUnit })).toBe(0.3);
      expect(toNats(0.3, { ...parity, outputs: 1, lossUnit })).toBe(0.3);
    }
  });

  it("two logits for two classes are divided by two, when they are said to be two", () => {
    expect(publishedLoss(1, { ...parity, outputs: 2 })).toBe(0.5);
    expect(toNats(0.5, { ...parity, outputs: 2, lossUnit: "nats/class" })).toBe(1);
  });

  it("the chance loss is that of a uniform guess", () => {
    expect(chanceLoss(modular)).toBeCloseTo(Math.log(67), 14);
    expect(chanceLoss(parity)).toBeCloseTo(Math.LN2, 15);
  });

  it("the unit is read from the Plan", () => {
    const plan = (loss: string) => ({
      task: { name: "modular-addition" },
      split: {},
      model: { name: "m" },
      optimizer: { name: "o" },
      training: { loss },
      seed: 1,
    });
    const task = { chance: 0.1, numClasses: 10 };
    expect(contextOf(plan("nats-per-class"), task, { finished: true }).lossUnit).toBe("nats/class");
    expect(contextOf(plan("nats"), task, { finished: false, divergedAt: 7 })).toEqual({
      ...task,
      lossUnit: "nats",
      finished: false,
      divergedAt: 7,
    });
  });
});

describe("the curve that policies see", () => {
  const evals = memorizer({ steps: 2000 });

  it("is the evaluations themselves when they are in order", () => {
    expect(curveOf(evals, modular)).toMatchObject({ evals, divergedAt: null });
  });

  it("is put in order, and the later of two evaluations of one step counts", () => {
    const again = { ...evals[3], normL1: 999 };
    const found = curveOf([...evals.toReversed(), again], modular).evals;
    expect(found.map((e) => e.step)).toEqual(evals.map((e) => e.step));
    expect(found[3].normL1).toBe(999);
  });

  it("ends before the first training loss or norm that is not finite", () => {
    for (const broken of [
      { train: { loss: NaN, accuracy: 0 } },
      { train: { loss: Infinity, accuracy: 0 } },
      { normL2: NaN },
    ]) {
      const found = curveOf(evals.map((e, i) => (i >= 7 ? { ...e, ...broken } : e)), modular); // prettier-ignore
      expect(found.divergedAt).toBe(700);
      expect(found.evals).toHaveLength(7);
    }
  });

  it("ends where a test loss stops being a number, not where it is infinite", () => {
    const change = (loss: number) => evals.map((e, i) => (i === 7 ? { ...e, test: { loss, accuracy: 0 } } : e));
    expect(curveOf(change(NaN), modular).divergedAt).toBe(700);
    expect(curveOf(change(Infinity), modular).divergedAt).toBeNull();
  });

  it("goes on where there never was a test loss", () => {
    const none = evals.map((e) => ({ ...e, test: { loss: NaN, accuracy: NaN } }));
    expect(curveOf(none, modular)).toMatchObject({ divergedAt: null, evals: { length: evals.length } });
  });

  it("takes the earlier of what the loop saw and what the evaluations show", () => {
    expect(curveOf(evals, { ...modular, divergedAt: 150 }).divergedAt).toBe(150);
  });
});
