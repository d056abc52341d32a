import { describe, expect, it } from "vitest";
import { context, edited, failure, forgetter, generalizer, grokker, memorizer, spike, through } from "../../../test/planted/curves.ts"; // prettier-ignore
import { judge, type Overrides } from "../index.ts";
import type { Eval } from "../../train/eval.ts";

const verdict = (evals: readonly Eval[], t: Overrides = {}) => judge(evals, context, "accuracy", t);
const all = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe("grok", () => {
  it("has the steps, the delay and the ratio next to it", () => {
    expect(verdict(grokker())).toMatchObject({
      label: "grok",
      className: null,
      fitStep: 500,
      generalizeStep: 20_000,
      delay: 19_500,
      ratio: 40,
      slingshots: 0,
      robust: true,
    });
  });

  it("needs a ratio of 3: 2.4 is shown and is not one", () => {
    const borderline = verdict(grokker({ fit: 1000, generalize: 2400, steps: 9000 }));
    expect(borderline).toMatchObject({ label: "generalize", delay: 1400, ratio: 2.4 });
    expect(borderline.reasons.join()).toContain("ratio 2.4 (grok from 3)");
    expect(borderline.reasons.join()).toContain("a borderline case");
    expect(verdict(grokker({ fit: 1000, generalize: 2400, steps: 9000 }), { ratioMin: 2.4 }).label).toBe("grok");
    expect(verdict(grokker({ fit: 1000, generalize: 3000, steps: 9000 })).label).toBe("grok");
  });

  it("needs a delay of 200 steps, whatever the ratio", () => {
    const quick = (generalize: number) => verdict(grokker({ fit: 20, generalize, steps: 1000, every: 10 }));
    expect(quick(210)).toMatchObject({ label: "generalize", delay: 190, ratio: 10.5 });
    expect(quick(220)).toMatchObject({ label: "grok", delay: 200, ratio: 11 });
  });

  it("needs the test data not to be half learned already when the training data is fitted", () => {
    const late = (accuracy: number) =>
      through(
        [
          { step: 0, train: [4.3, 0.015], test: [4.3, 0.015] },
          { step: 500, train: [1e-4, 1], test: [9, accuracy] },
          { step: 9500, train: [1e-4, 1], test: [9, accuracy] },
          { step: 10_000, train: [1e-4, 1], test: [1e-3, 1] },
          { step: 15_000, train: [1e-4, 1], test: [1e-3, 1] },
        ],
        100,
      );
    expect(verdict(late(0.45)).label).toBe("grok");
    expect(verdict(late(0.55))).toMatchObject({ label: "generalize", delay: 9500 });
    expect(verdict(late(0.55)).reasons.join()).toContain("(grok below 50 %)");
  });

  it("needs the test-loss hump: above the initial or the chance loss between the two steps", () => {
    const hump = (height: number, initial = 4.3) =>
      through(
        [
          { step: 0, train: [initial, 0.015], test: [initial, 0.015] },
          { step: 500, train: [1e-4, 1], test: [height, 0.1] },
          { step: 9500, train: [1e-4, 1], test: [height, 0.1] },
          { step: 10_000, train: [1e-4, 1], test: [1e-3, 1] },
          { step: 15_000, train: [1e-4, 1], test: [1e-3, 1] },
        ],
        100,
      );
    expect(verdict(hump(4.1)).label).toBe("generalize");
    expect(verdict(hump(4.25)).label).toBe("grok"); // above chance, 4.205
    expect(verdict(hump(3), { humpMin: 0 }).label).toBe("grok");
    expect(verdict(hump(3, 2)).label).toBe("grok"); // above its initial value
    expect(verdict(hump(30, 60)).label).toBe("grok"); // a large initial loss: the chance loss counts
  });

  it("reads losses in the published unit as the same numbers", () => {
    const published = grokker().map((e) => ({
      ...e,
      train: { ...e.train, loss: e.train.loss / 67 },
      test: { ...e.test, loss: e.test.loss / 67 },
    }));
    const found = judge(published, { ...context, lossUnit: "nats/class" });
    expect(found).toEqual(verdict(grokker()));
  });

  it("is possible where the training data is fitted at step 0: the delay alone decides", () => {
    const evals = grokker().map((e) => ({ ...e, train: { loss: 1e-4, accuracy: 1 } }));
    expect(verdict(evals)).toMatchObject({ label: "grok", fitStep: 0, delay: 20_000, ratio: null });
    expect(verdict(evals).reasons.join()).toContain("fitted at step 0, so no ratio");
    expect(verdict(evals, { delayMin: 20_001 }).label).toBe("generalize");
  });
});

describe("generalize", () => {
  it("is learning both halves together", () => {
    expect(verdict(generalizer())).toMatchObject({ label: "generalize", delay: 0, ratio: 1 });
  });

  it("holds with training data that is never fitted, and then has no delay", () => {
    const evals = generalizer().map((e) => ({ ...e, train: { loss: 0.9, accuracy: 0.85 } }));
    expect(verdict(evals)).toMatchObject({ label: "generalize", fitStep: null, generalizeStep: 500, delay: null });
  });

  it("has a negative delay where the test data came first", () => {
    const evals = generalizer().map((e) => (e.step < 2000 ? { ...e, train: { loss: 0.9, accuracy: 0.85 } } : e));
    expect(verdict(evals)).toMatchObject({ label: "generalize", fitStep: 2000, generalizeStep: 500, delay: -1500 });
  });
});

describe("memorize", () => {
  it("is a flat or rising test loss at the end of all steps", () => {
    for (const drift of [1, 1.5, 0.99]) {
      expect(verdict(memorizer({ drift })), `${drift}`).toMatchObject({
        label: "memorize",
        className: null,
        generalizeStep: null,
      });
    }
  });

  it("is not said while the test loss falls by 1 % over the last quarter", () => {
    expect(verdict(memorizer({ drift: 0.9 }))).toMatchObject({ label: "undecided", className: "censored" });
    // The whole fall is 3 %: .8 % of it in the last quarter.
    expect(verdict(memorizer({ drift: 0.97 })).label).toBe("memorize");
    expect(verdict(memorizer({ drift: 0.97 }), { fallMin: 0.005 }).label).toBe("undecided");
  });

  it("does not take a slingshot for a fall or a rise", () => {
    expect(verdict(edited(memorizer(), [160, 170, 180, 198, 199], spike)).label).toBe("memorize");
    expect(verdict(edited(memorizer({ drift: 0.7 }), [160, 170, 180, 198], spike)).label).toBe("undecided");
  });

  it("is not said while the test accuracy rises, even with a rising loss", () => {
    const evals = memorizer({ drift: 1.2 }).map((e) => ({ ...e, test: { ...e.test, accuracy: e.step / 40_000 } }));
    expect(verdict(evals)).toMatchObject({ label: "undecided" });
    expect(verdict(evals).reasons.join()).toContain("test accuracy still rises, by 12.7 %");
  });

  it("is called semi-grok on a plateau between chance and learned", () => {
    expect(verdict(memorizer({ accuracy: 0.6 }))).toMatchObject({ label: "memorize", className: "semi-grok" });
    expect(verdict(memorizer({ accuracy: 0.1 }))).toMatchObject({ label: "memorize", className: null });
  });

  it("needs five evaluations to see that nothing moves", () => {
    const four = memorizer({ every: 5000, steps: 15_000, fit: 500 });
    expect(verdict(four.map((e) => (e.step > 0 ? e : { ...e, train: { loss: 1e-4, accuracy: 1 } }))).label).toBe(
      "undecided",
    );
    expect(verdict(memorizer({ every: 4000, steps: 20_000, fit: 500 })).label).toBe("memorize");
  });

  it("is not said without test data", () => {
    const evals = memorizer().map((e) => ({ ...e, test: { loss: NaN, accuracy: NaN } }));
    expect(verdict(evals)).toMatchObject({ label: "undecided", fitStep: 500 });
    expect(verdict(evals).reasons.join()).toContain("no test accuracy was measured");
  });
});

describe("fail", () => {
  it("is training data never fitted, once nothing improves", () => {
    expect(verdict(failure())).toMatchObject({ label: "fail", className: null, fitStep: null });
  });

  it("is not said while the training loss falls", () => {
    const evals = failure().map((e) => ({ ...e, train: { loss: 4.2 - e.step / 10_000, accuracy: 0.1 } }));
    expect(verdict(evals).label).toBe("undecided");
    expect(verdict(evals).reasons.join()).toContain("training loss still falls");
  });

  it("is called collapse where the training data was fitted once", () => {
    const gone = { loss: 4.2, accuracy: 0.015 };
    const evals = memorizer().map((e) => (e.step < 9000 ? e : { ...e, train: gone, test: gone }));
    expect(verdict(evals)).toMatchObject({ label: "fail", className: "collapse", fitStep: 500 });
    expect(verdict(evals).reasons.join()).toContain("training data lost again at step 9,000");
  });

  it("is not said when the training data was fitted at the last evaluations", () => {
    const evals = edited(failure(), [99, 100], (e) => ({ ...e, train: { loss: 1e-3, accuracy: 1 } }));
    expect(verdict(evals)).toMatchObject({ label: "undecided", fitStep: null });
  });
});

describe("a label at the edge", () => {
  it("is undecided when test data was learned at the last two evaluations only", () => {
    const evals = edited(memorizer(), [199, 200], (e) => ({ ...e, test: { loss: 1e-3, accuracy: 1 } }));
    expect(verdict(evals)).toMatchObject({ label: "undecided", generalizeStep: null });
    expect(verdict(evals).reasons.join()).toContain("for the last 2 evaluations only (3 needed)");
    expect(verdict(evals, { dwellIn: 2 }).label).toBe("grok");
  });

  it("survives slingshots, and counts them", () => {
    const spiked = verdict(edited(grokker(), [100, 150, 250, 251, 252, 253], spike));
    expect(spiked).toMatchObject({ label: "grok", fitStep: 500, generalizeStep: 20_000, slingshots: 3 });
  });

  it("stands, with a doubt, when the run ends in a drop too short to judge", () => {
    const ended = verdict(edited(grokker(), [298, 299, 300], spike));
    expect(ended).toMatchObject({ label: "grok", slingshots: 0 });
    expect(ended.reasons.join()).toContain("the last 3 evaluations of the test data lie below the threshold");
    expect(verdict(edited(grokker(), all(296, 301), spike)).label).not.toBe("grok");
  });
});

describe("a run that generalized and forgot", () => {
  it("memorizes at its end, is called ungrok, and says when", () => {
    const found = verdict(forgetter());
    expect(found).toMatchObject({ label: "memorize", className: "ungrok", fitStep: 500, generalizeStep: 500 });
    expect(found.reasons.join()).toContain("test data learned at step 500, lost again at step 5,300");
  });

  it("generalizes when it learned again, from its first steps on", () => {
    const found = verdict(forgetter({ again: 12_000 }));
    expect(found).toMatchObject({ label: "generalize", className: "regained", generalizeStep: 500 });
    expect(found.reasons.join()).toContain("it was lost at step 5,300 and learned again");
  });
});

describe("a long run", () => {
  it("is judged however many evaluations it has", () => {
    const label = (evals: readonly Eval[]) => verdict(evals, { dwellIn: 3 }).label;
    expect(label(failure({ steps: 150_000, every: 1 }))).toBe("fail");
  });
});
