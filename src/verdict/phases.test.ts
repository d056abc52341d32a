import { describe, expect, it } from "vitest";
import { context, cutOff, edited, failure, forgetter, generalizer, grokker, memorizer, spike } from "../../test/planted/curves.ts"; // prettier-ignore
import type { Eval } from "../train/eval.ts";
import { judge, phaseNow } from "./index.ts";

const phases = (evals: readonly Eval[]) => judge(evals, context).phases;
const words = (evals: readonly Eval[]) => phases(evals).map(({ name }) => name);

describe("the phases of a whole run", () => {
  it("of a grokker", () => {
    expect(phases(grokker())).toEqual([
      { name: "initial", from: 0, to: 0 },
      { name: "memorizing", from: 100, to: 400 },
      { name: "memorized", from: 500, to: 800 },
      { name: "generalizing", from: 900, to: 19_900 },
      { name: "generalized", from: 20_000, to: 30_000 },
    ]);
  });

  it("of a memorizer, a generalizer and a failure", () => {
    expect(words(memorizer())).toEqual(["initial", "memorizing", "memorized"]);
    expect(words(generalizer())).toEqual(["initial", "learning", "generalized"]);
    expect(words(failure())).toEqual(["initial"]);
  });

  it("of a run that forgets, and of one that learns again", () => {
    expect(words(forgetter())).toEqual(["initial", "learning", "generalized", "forgetting", "memorized"]);
    expect(words(forgetter({ again: 12_000 })).slice(3)).toEqual([
      "forgetting",
      "memorized",
      "generalizing",
      "generalized",
    ]);
  });

  it("of a run whose training data is lost", () => {
    const gone = { loss: 4.2, accuracy: 0.015 };
    const evals = memorizer().map((e) => (e.step < 9000 ? e : { ...e, train: gone, test: gone }));
    expect(words(evals)).toEqual(["initial", "memorizing", "memorized", "collapsed"]);
  });

  it("are not broken up by slingshots or a flicker of the trend", () => {
    const plain = words(grokker());
    expect(words(edited(grokker(), [250, 260], spike))).toEqual(plain);
    const noisy = grokker().map((e, i) =>
      e.step > 1000 && e.step < 19_000 ? { ...e, test: { ...e.test, loss: e.test.loss * (1 + 0.003 * (i % 3)) } } : e,
    );
    expect(words(noisy)).toEqual(plain);
  });

  it("cover every evaluated step once", () => {
    for (const evals of [grokker(), forgetter({ again: 12_000 }), memorizer({ drift: 0.9 })]) {
      const covered = phases(evals).flatMap(({ from, to }) => evals.filter((e) => e.step >= from && e.step <= to));
      expect(covered).toEqual(evals);
    }
  });
});

describe("the phase now", () => {
  const now = (evals: readonly Eval[], step: number) => phaseNow(evals.filter((e) => e.step <= step), cutOff); // prettier-ignore

  it("is that of the whole run, but for the evaluations it takes to be sure", () => {
    const evals = grokker();
    expect([0, 300, 700, 5000, 19_900].map((step) => now(evals, step))).toEqual([
      "initial",
      "memorizing",
      "memorized",
      "generalizing",
      "generalizing",
    ]);
    expect(now(evals, 20_100)).toBe("generalizing");
    expect(now(evals, 20_200)).toBe("generalized");
  });

  it("knows forgetting and collapse", () => {
    expect(now(forgetter(), 5700)).toBe("forgetting");
    const gone = { loss: 4.2, accuracy: 0.015 };
    const evals = memorizer().map((e) => (e.step < 9000 ? e : { ...e, train: gone, test: gone }));
    expect(now(evals, 9400)).toBe("collapsed");
    expect(now(evals, 9300)).toBe("memorized");
  });

  it("is not called collapsed while the training data is about to count as fitted", () => {
    // Fitted from step 500 on: told at the third evaluation, and still memorizing at the two before.
    const evals = grokker();
    expect([400, 500, 600].map((step) => now(evals, step))).toEqual(["memorizing", "memorizing", "memorizing"]);
    expect(now(evals, 700)).toBe("memorized");
  });

  it("is initial before the first evaluation, diverged after a loss that is no number", () => {
    expect(phaseNow([], cutOff)).toBe("initial");
    expect(phaseNow([], { ...cutOff, divergedAt: 0 })).toBe("diverged");
    expect(phaseNow(edited(grokker(), [300], (e) => ({ ...e, train: { loss: NaN, accuracy: 0 } })), cutOff)).toBe("diverged"); // prettier-ignore
  });

  it("agrees with the whole run's last phase once a run has come to rest", () => {
    for (const evals of [grokker(), memorizer(), generalizer(), failure(), forgetter()]) {
      expect(phaseNow(evals, context)).toBe(phases(evals).at(-1)!.name);
    }
  });
});
