import { describe, expect, it } from "vitest";
import {
  context,
  cutOff,
  edited,
  forgetter,
  generalizer,
  grokker,
  memorizer,
  spike,
} from "../../../test/planted/curves.ts";
import type { Eval } from "../../train/eval.ts";
import { judge, type Context } from "../index.ts";

/** Two evaluations with these losses and accuracies; the unit is the published one. */
const published: Context = { chance: 1 / 67, numClasses: 67, lossUnit: "nats/class", finished: true };
const row = (step: number, train: number, test: number, accuracy = 1): Eval => ({
  step,
  train: { loss: train, accuracy },
  test: { loss: test, accuracy },
  normL1: 1,
  normL2: 1,
});
const first = row(0, 0.0652, 0.0644, 0.015);

describe("pair", () => {
  const pair = (evals: readonly Eval[], at = published, t = {}) => judge(evals, at, "pair", t);

  it("asks for the training loss first, then the test loss, then the ratio", () => {
    expect(pair([first, row(1, 2e-5, 1e-6)])).toMatchObject({ className: "High Train Loss", label: "fail" });
    expect(pair([first, row(1, 1e-7, 1)])).toMatchObject({ className: "High Test Loss", label: "memorize" });
    expect(pair([first, row(1, 1e-7, 1e-6)])).toMatchObject({
      className: "Train/Test Drop Together",
      label: "generalize",
    });
    expect(pair([first, row(1, 1e-7, 1), row(2, 1e-7, 1e-6)])).toMatchObject({ className: "Grokking", label: "grok" });
  });

  it("takes its borders as published: at m learned, at r grokking", () => {
    expect(pair([first, row(1, 1e-5, 1e-5)]).className).toBe("Train/Test Drop Together");
    expect(pair([first, row(1, 1.0001e-5, 1e-5)]).className).toBe("High Train Loss");
    expect(pair([first, row(1, 1e-5, 1.0001e-5)]).className).toBe("High Test Loss");
    expect(pair([row(0, 2, 1e5), row(1, 1e-5, 1e-5)]).className).toBe("Grokking");
    expect(pair([row(0, 2, 99_999), row(1, 1e-5, 1e-5)]).className).toBe("Train/Test Drop Together");
  });

  it("takes minima and the ratio over all evaluations: forgetting afterwards changes nothing", () => {
    const evals = [first, row(1, 1e-7, 1), row(2, 1e-7, 1e-6), row(3, 1, 9)];
    expect(pair(evals)).toMatchObject({ className: "Grokking", fitStep: 1, generalizeStep: 2, delay: 1 });
  });

  it("divides a softmax's nats by the number of classes, and a single logit's not", () => {
    const nats: Context = { ...published, lossUnit: "nats" };
    // 6e-4 nats / 67 is learned, 6e-4 as it stands is not.
    expect(pair([first, row(1, 6e-4, 6e-4)], nats).className).toBe("Train/Test Drop Together");
    expect(pair([first, row(1, 6e-4, 6e-4)], published).className).toBe("High Train Loss");
    const parity: Context = { chance: 0.5, numClasses: 2, lossUnit: "nats", finished: true };
    expect(pair([first, row(1, 1.5e-5, 1e-6)], parity).className).toBe("High Train Loss");
    expect(pair([first, row(1, 1.5e-5, 1e-6)], { ...parity, outputs: 2 }).className).toBe("Train/Test Drop Together");
  });

  it("takes its thresholds from the caller", () => {
    const evals = [first, row(1, 1e-3, 1), row(2, 1e-3, 1e-3)];
    expect(pair(evals, published, { m: 1e-3, r: 1000 }).className).toBe("Grokking");
    expect(pair(evals, published, { m: 1e-3, r: 1001 }).className).toBe("Train/Test Drop Together");
  });

  it("keeps the published label of a finished run that still falls, with a doubt", () => {
    const found = pair(memorizer({ drift: 0.7 }), context);
    expect(found).toMatchObject({ label: "memorize", className: "High Test Loss" });
    expect(found.reasons.join()).toContain("the published rule does not look at that");
  });

  it("ignores losses that are not numbers, and counts an infinite test loss as a ratio", () => {
    expect(pair([row(0, 1, NaN), row(1, 1e-7, NaN)])).toMatchObject({ className: "High Test Loss" });
    expect(pair([first, row(1, 1e-6, Infinity), row(2, 1e-6, 1e-6)]).className).toBe("Grokking");
  });

  it("a training loss of exactly 0 is learned, and any test loss above it an unbounded ratio", () => {
    expect(pair([first, row(1, 0, 1e-6)]).className).toBe("Grokking");
    expect(pair([first, row(1, 0, 0)]).className).toBe("Train/Test Drop Together");
  });
});

describe("liu", () => {
  const liu = (evals: readonly Eval[], t = {}) => judge(evals, context, "liu", t);

  it("tells its four phases", () => {
    expect(liu(grokker())).toMatchObject({ className: "grokking", label: "grok" });
    expect(liu(generalizer())).toMatchObject({ className: "comprehension", label: "generalize" });
    expect(liu(memorizer())).toMatchObject({ className: "memorization", label: "memorize" });
    const confused = memorizer().map((e) => ({ ...e, train: { loss: 1, accuracy: 0.89 } }));
    expect(liu(confused)).toMatchObject({ className: "confusion", label: "fail" });
  });

  it("calls 999 steps comprehension and 1,000 grokking", () => {
    const apart = (steps: number) => [row(0, 1, 1, 0), { ...row(10, 1, 1, 0), train: { loss: 0, accuracy: 0.9 } }, row(10 + steps, 0, 0, 0.9)]; // prettier-ignore
    expect(liu(apart(999)).className).toBe("comprehension");
    expect(liu(apart(1000)).className).toBe("grokking");
  });

  it("calls it confusion when the training data is never learned, even if the test data is", () => {
    const evals = generalizer().map((e) => ({ ...e, train: { loss: 1, accuracy: 0.5 } }));
    expect(liu(evals)).toMatchObject({ className: "confusion", label: "fail", generalizeStep: 450 });
  });

  it("keeps its word for a run that is undecided", () => {
    expect(liu(memorizer({ drift: 0.7 }))).toMatchObject({ label: "undecided", className: "memorization" });
    expect(judge(memorizer(), cutOff, "liu")).toMatchObject({ label: "undecided", className: "memorization" });
  });
});

describe("power", () => {
  it("takes the first step with 99 % test accuracy, one evaluation being enough", () => {
    const evals = edited(memorizer(), [120], (e) => ({ ...e, test: { loss: 1, accuracy: 0.99 } }));
    expect(judge(evals, context, "power")).toMatchObject({ label: "grok", fitStep: 500, generalizeStep: 12_000 });
    const almost = edited(memorizer(), [120], (e) => ({ ...e, test: { loss: 1, accuracy: 0.9899 } }));
    expect(judge(almost, context, "power")).toMatchObject({ label: "memorize", generalizeStep: null });
  });

  it("is no grok without the delay, or without fitting", () => {
    expect(judge(grokker({ fit: 1000, generalize: 2400 }), context, "power").label).toBe("generalize");
    const unfitted = grokker().map((e) => ({ ...e, train: { loss: 1, accuracy: 0.9 } }));
    expect(judge(unfitted, context, "power")).toMatchObject({ label: "generalize", fitStep: null });
  });
});

describe("muon", () => {
  it("counts test accuracy from the fit step on only", () => {
    const early = edited(grokker(), [2], (e) => ({ ...e, test: { loss: 1, accuracy: 0.96 } }));
    expect(judge(early, context, "muon")).toMatchObject({ label: "grok", fitStep: 500, generalizeStep: 20_000 });
  });

  it("asks for no least delay, and says so", () => {
    const found = judge(grokker({ fit: 1000, generalize: 1600, steps: 5000 }), context, "muon");
    expect(found).toMatchObject({ label: "grok", delay: 600 });
    expect(found.reasons.join()).toContain("asks for no least delay; here it is 600 steps");
  });

  it("fails without fitted training data", () => {
    const unfitted = grokker().map((e) => ({ ...e, train: { loss: 1, accuracy: 0.98 } }));
    expect(judge(unfitted, context, "muon").label).toBe("fail");
  });
});

describe("plateau", () => {
  it("takes the first step within 1 % of the best of the run", () => {
    const evals = grokker().map((e) => ({ ...e, test: { ...e.test, accuracy: 0.8 * e.test.accuracy } }));
    expect(judge(evals, context, "plateau")).toMatchObject({ label: "grok", generalizeStep: 20_000 });
    const step = (within: number) => judge(evals, context, "plateau", { within }).generalizeStep;
    expect(step(0.5)).toBe(19_800);
  });

  it("does not take a plateau near chance for learning", () => {
    expect(judge(memorizer({ accuracy: 0.4 }), context, "plateau").label).toBe("memorize");
    expect(judge(memorizer({ accuracy: 0.4 }), context, "plateau", { learnedMin: 0.3 }).label).toBe("generalize");
  });
});

describe("playground", () => {
  const playground = (evals: readonly Eval[]) => judge(evals, context, "playground");

  it("looks at the last evaluation alone", () => {
    expect(playground(forgetter()).label).toBe("memorize");
    expect(playground(edited(grokker(), [300], spike)).label).toBe("fail");
    expect(playground(generalizer())).toMatchObject({ label: "grok", className: "grokked", delay: 0 });
  });

  it("needs more than its thresholds", () => {
    const at = (train: number, test: number) =>
      Array.from({ length: 6 }, (_, i) => ({ ...row(i, 1, 1), train: { loss: 1, accuracy: train }, test: { loss: 1, accuracy: test } })); // prettier-ignore
    expect(playground(at(0.95, 1)).label).toBe("fail");
    expect(playground(at(0.96, 0.9)).label).toBe("memorize");
    expect(playground(at(0.96, 0.901)).label).toBe("grok");
  });
});
