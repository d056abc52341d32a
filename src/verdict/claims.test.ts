import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { context, forgetter, generalizer, grokker, memorizer, through } from "../../test/planted/curves.ts";
import type { Eval } from "../train/eval.ts";
import { turningPoints } from "./claim-checks.ts";
import { checkClaims, claim, judge, type Claim } from "./index.ts";

const check = (one: Claim, evals: readonly Eval[] = grokker(), extra = {}) =>
  checkClaims([one], { verdict: judge(evals, context), evals, context, ...extra })[0];
const holds = (one: Claim, evals?: readonly Eval[]) => check(one, evals).holds;
/** Evaluations every 100 steps with these test losses. */
const losses = (...values: number[]): Eval[] =>
  values.map((loss, i) => ({ step: 100 * i, train: { loss: 1, accuracy: 1 }, test: { loss, accuracy: 0.5 }, normL1: 3, normL2: 2 })); // prettier-ignore

describe("claims about the verdict", () => {
  it("the label is one of those named", () => {
    expect(check(claim.verdictIs("grok"))).toMatchObject({
      claim: "the verdict is grok",
      expected: "is grok",
      holds: true,
      found: expect.stringMatching(/^grok; training data fitted at step 500/) as string,
    });
    expect(holds(claim.verdictIs("generalize"))).toBe(false);
    expect(holds(claim.verdictIs(["memorize", "undecided"]), memorizer())).toBe(true);
  });

  it("the label or class of another policy is judged anew, from the context", () => {
    expect(check(claim.verdictIs("grok", { policy: "liu" }))).toMatchObject({
      claim: "the verdict by the liu policy is grok",
      holds: true,
    });
    expect(holds(claim.classIs("Grokking", { policy: "pair" }))).toBe(true);
    expect(check(claim.classIs("Grokking"))).toMatchObject({ holds: false, found: "none (grok)" });
    const bare = { verdict: judge(grokker(), context), evals: grokker() };
    expect(() => checkClaims([claim.classIs("Grokking", { policy: "pair" })], bare)).toThrow(/needs the run's context/);
    expect(checkClaims([claim.verdictIs("grok", { policy: "accuracy" })], bare)[0].holds).toBe(true);
  });

  it("steps, delay and ratio lie where they are claimed, ends included", () => {
    expect(check(claim.stepBetween("generalizeStep", 15_000, 20_000))).toEqual({
      claim: "the generalize step lies in 15,000 to 20,000",
      expected: "lies in 15,000 to 20,000",
      holds: true,
      found: "20,000",
    });
    expect(holds(claim.stepBetween("fitStep", 501, 600))).toBe(false);
    expect(holds(claim.stepBetween("delay", 19_500, 19_500))).toBe(true);
    expect(holds(claim.ratioAtLeast(40)) && holds(claim.delayAtLeast(19_500))).toBe(true);
    expect(holds(claim.ratioAtLeast(40.1)) || holds(claim.delayAtLeast(19_501))).toBe(false);
    expect(check(claim.stepBetween("generalizeStep", 0, 1e6), memorizer())).toMatchObject({
      holds: false,
      found: "never",
    });
    expect(check(claim.ratioAtLeast(1), memorizer())).toMatchObject({ holds: false, found: "none" });
  });

  it("the label is robust, or says where not", () => {
    expect(holds(claim.isRobust())).toBe(true);
    expect(check(claim.isRobust(), grokker({ every: 2500 })).found).toBe("the run is too short to tell");
    expect(check(claim.isRobust(), grokker({ steps: 20_400 })).found).toContain("with every 4th evaluation");
  });

  it("phases come in the claimed order, with others between", () => {
    expect(holds(claim.phasesInOrder("memorized", "generalized"))).toBe(true);
    expect(holds(claim.phasesInOrder("generalized", "memorized"))).toBe(false);
    expect(check(claim.phasesInOrder("generalized", "forgetting", "memorized"), forgetter())).toMatchObject({
      claim: "the run goes through generalized, forgetting, memorized",
      holds: true,
    });
  });
});

describe("claims about values", () => {
  it("a value at a step, relative or absolute", () => {
    const evals = losses(0.065188483, 1.41);
    expect(check(claim.valueAt(0, "test.loss", 0.0651884832, { absolute: 1e-8 }), evals)).toEqual({
      claim: "test loss at step 0 is 0.0651884832 to within 1e-8",
      expected: "is 0.0651884832 to within 1e-8",
      holds: true,
      found: "0.065188483",
    });
    expect(holds(claim.valueAt(0, "test.loss", 0.0651885, { absolute: 1e-8 }), evals)).toBe(false);
    expect(holds(claim.valueAt(100, "test.loss", 1.47, { within: 0.05 }), evals)).toBe(true);
    expect(holds(claim.valueAt(100, "test.loss", 1.5, { within: 0.05 }), evals)).toBe(false);
    expect(holds(claim.valueAt(0, "normL2", 2, { absolute: 0 }), evals)).toBe(true);
    expect(check(claim.valueAt(0, "test.loss", 1, { absolute: 9 }), losses(NaN))).toMatchObject({
      holds: false,
      found: "not a number",
    });
  });

  it("a step that was not evaluated is no value, and the nearest are named", () => {
    const at = (step: number, extra = {}) =>
      check(claim.valueAt(step, "test.loss", 1, { absolute: 9 }), losses(1, 1, 1), extra);
    expect(at(150)).toMatchObject({ holds: false, found: "not evaluated; nearest evaluated steps: 100 and 200" });
    expect(at(900).found).toBe("not evaluated; nearest evaluated steps: 200");
    const plan = { task: { name: "t" }, split: {}, model: { name: "m" }, optimizer: { name: "o" }, training: { steps: 200 }, seed: 1 }; // prettier-ignore
    expect(at(900, { plan }).found).toBe("not evaluated: the plan ends at step 200");
  });

  it("ever, always and at the end, with the step that decides", () => {
    const evals = losses(3, 9, 2, 4);
    expect(check(claim.everAbove("test.loss", 8), evals)).toMatchObject({
      claim: "test loss is at some step above 8",
      holds: true,
      found: "9 at step 100",
    });
    expect(check(claim.everAbove("test.loss", 9), evals)).toMatchObject({ holds: false, found: "9 at step 100" });
    expect(check(claim.everBelow("test.loss", 2), evals)).toMatchObject({ holds: false, found: "2 at step 200" });
    expect(holds(claim.everBelow("test.loss", 2.1), evals)).toBe(true);
    expect(check(claim.alwaysAtLeast("test.loss", 2), evals)).toMatchObject({ holds: true, found: "2 at step 200" });
    expect(check(claim.alwaysAtLeast("test.loss", 3.5), evals)).toMatchObject({
      holds: false,
      found: "3 at step 0 (not so at 2 of 4 evaluations)",
    });
    expect(check(claim.alwaysAtMost("test.loss", 4, { from: 200 }), evals)).toMatchObject({
      claim: "test loss is always at most 4 from step 200 on",
      holds: true,
      found: "4 at step 300",
    });
    expect(holds(claim.alwaysAtMost("test.loss", 4, { from: 100, to: 300 }), evals)).toBe(false);
    expect(check(claim.finalBelow("test.loss", 4.1), evals)).toMatchObject({ holds: true, found: "4 at step 300" });
    expect(holds(claim.finalBelow("test.loss", 4), evals) || holds(claim.finalAbove("test.loss", 4), evals)).toBe(
      false,
    );
  });

  it("the largest and the smallest value", () => {
    const evals = losses(3, NaN, 9, 2);
    expect(check(claim.maxBetween("test.loss", 8, 10), evals)).toMatchObject({
      claim: "the largest test loss lies in 8 to 10",
      holds: true,
      found: "9 at step 200",
    });
    expect(holds(claim.maxBetween("test.loss", 9.1, 10), evals)).toBe(false);
    expect(holds(claim.minBetween("test.loss", 2, 2), evals)).toBe(true);
  });

  it("a gap at every evaluation", () => {
    const gap = claim.gapAlways("train.accuracy", "test.accuracy", "<=", 0.03);
    expect(check(gap, generalizer())).toMatchObject({ holds: true, found: "0 at step 0" });
    expect(check(gap)).toMatchObject({
      claim: "the gap between training accuracy and test accuracy is always at most 0.03",
      holds: false,
    });
    expect(holds(claim.gapAlways("train.accuracy", "test.accuracy", ">", 0.9, { from: 500, to: 10_000 }))).toBe(true);
  });

  it("the first step at a value: losses come down to it, accuracies up", () => {
    expect(check(claim.firstReach("test.accuracy", 1, 19_000, 20_000))).toEqual({
      claim: "test accuracy first comes up to 1 in steps 19,000 to 20,000",
      expected: "in steps 19,000 to 20,000",
      holds: true,
      found: "at step 20,000",
    });
    expect(holds(claim.firstReach("train.loss", 1.001e-4, 500, 500))).toBe(true);
    expect(holds(claim.firstReach("train.loss", 1.001e-4, 501, 900))).toBe(false);
    expect(check(claim.firstReach("test.accuracy", 1, 0, 1e6), memorizer()).found).toBe("never; 0.015 at step 0");
  });

  it("without evaluations nothing holds", () => {
    const claims = [
      claim.everAbove("test.loss", 0),
      claim.alwaysAtLeast("test.loss", 0),
      claim.finalBelow("test.loss", 9),
      claim.maxBetween("test.loss", 0, 9),
      claim.gapAlways("train.loss", "test.loss", "<=", 9),
      claim.firstReach("test.loss", 9, 0, 9),
      claim.valueAt(0, "test.loss", 0, { absolute: 9 }),
      claim.alwaysAtMost("test.loss", 9, { from: 5 }),
    ];
    for (const one of claims) expect(check(one, [])).toMatchObject({ holds: false, found: "no evaluation" });
  });
});

describe("claims about the course of a series", () => {
  it("falls, then rises", () => {
    const reversed = claim.fallsThenRises("test.loss", { factor: 2 });
    expect(check(reversed, losses(4, 3, 1, 2.5))).toEqual({
      claim: "test loss falls, then rises by a factor of 2",
      expected: "falls, then rises by a factor of 2",
      holds: true,
      found: "falls from 4 (step 0) to 1 (step 200), rises from 1 (step 200) to 2.5 (step 300)",
    });
    expect(holds(reversed, losses(4, 3, 1, 1.9))).toBe(false);
    expect(holds(reversed, losses(4, 3, 2.1, 9))).toBe(false);
    expect(check(reversed, losses(4, 3, 3.5)).found).toBe("never moves by a factor of 2");
    expect(holds(reversed, losses(1, 9, 1))).toBe(false);
    expect(holds(claim.risesThenFalls("test.loss", { factor: 2 }), losses(1, 9, 1))).toBe(true);
    expect(holds(reversed, losses(1, 9, 1, 9))).toBe(true);
  });

  it("falls, rises, and falls again: the generalize-memorize-generalize run", () => {
    const again = claim.fallsThenRisesThenFalls("test.loss", { factor: 10 });
    expect(holds(again, forgetter({ again: 12_000 }))).toBe(true);
    expect(holds(again, forgetter())).toBe(false);
    expect(holds(claim.fallsThenRises("test.loss", { factor: 10 }), forgetter())).toBe(true);
  });

  it("are not misled by a loss of 0 or by values that are not numbers", () => {
    const falls = claim.fallsThenRises("test.loss", { factor: 2 });
    expect(holds(falls, losses(0, 0, 0))).toBe(false);
    expect(turningPoints(losses(0, 0, 0), "test.loss", 2)).toEqual([]);
    expect(holds(falls, losses(1, NaN, 0, 0.1))).toBe(true);
  });

  it("no swing that exists is missed, and none is made up", () => {
    const brute = (values: readonly number[], factor: number) => {
      const moved = (from: number, to: number) => to > from && to >= from * factor;
      let [fallRise, fallRiseFall] = [false, false];
      for (let i = 0; i < values.length; i++)
        for (let j = i + 1; j < values.length; j++)
          for (let k = j + 1; k < values.length; k++) {
            if (!moved(values[j], values[i]) || !moved(values[j], values[k])) continue;
            fallRise = true;
            fallRiseFall ||= values.slice(k + 1).some((end) => moved(end, values[k]));
          }
      return [fallRise, fallRiseFall];
    };
    const series = fc.array(fc.constantFrom(0, 1, 1.5, 2, 3, 4, 7, 8), { maxLength: 14 });
    fc.assert(
      fc.property(series, fc.constantFrom(1.5, 2, 3), (values, factor) => {
        const evals = losses(...values);
        const found = [
          holds(claim.fallsThenRises("test.loss", { factor }), evals),
          holds(claim.fallsThenRisesThenFalls("test.loss", { factor }), evals),
        ];
        expect(found).toEqual(brute(values, factor));
        const turns = turningPoints(evals, "test.loss", factor);
        for (const [i, turn] of turns.entries()) if (i > 0) expect(turn.swing).not.toBe(turns[i - 1].swing);
      }),
      { numRuns: 500 },
    );
  });
});

describe("a claim", () => {
  it("is plain data: it survives JSON", () => {
    const claims = [
      claim.verdictIs("grok"),
      claim.stepBetween("delay", 1, 20_000),
      claim.valueAt(500, "train.loss", 1e-4, { within: 0.1 }),
      claim.fallsThenRises("test.loss", { factor: 3 }),
      claim.finalBelow("test.loss", 1),
    ];
    const run = { verdict: judge(grokker(), context), evals: grokker() };
    expect(checkClaims(JSON.parse(JSON.stringify(claims)) as Claim[], run)).toEqual(checkClaims(claims, run));
  });

  it("of an unknown kind, an empty range or a factor of 1 is refused", () => {
    const odd = { kind: "verdictsIs" } as unknown as Claim;
    expect(() => check(odd)).toThrow(/unknown claim "verdictsIs".*did you mean "verdictIs"/);
    expect(() => check({ kind: "constructor" } as unknown as Claim)).toThrow('unknown claim "constructor"');
    expect(() => claim.stepBetween("fitStep", 5, 4)).toThrow("a range from 5 to 4 holds nothing");
    expect(() => claim.maxBetween("test.loss", 1, NaN)).toThrow("holds nothing");
    expect(() => claim.fallsThenRises("test.loss", { factor: 1 })).toThrow("give a number above 1");
  });

  it("reads the same whether it holds or not", () => {
    const flat = through([{ step: 0, train: [1, 0.1], test: [1, 0.1] }, { step: 500, train: [1, 0.1], test: [1, 0.1] }], 100); // prettier-ignore
    const one = claim.firstReach("test.accuracy", 1, 0, 500);
    expect(check(one, flat).claim).toBe(check(one).claim);
    expect(check(one, flat).holds).toBe(false);
  });
});
