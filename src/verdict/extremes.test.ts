import { describe, expect, it } from "vitest";
import { context, grokker, memorizer } from "../../test/planted/curves.ts";
import { extremesOf, pairClassOf } from "./extremes.ts";
import { judge } from "./index.ts";

describe("the extremes of a run", () => {
  it("are on every verdict, in the published unit", () => {
    const { extremes } = judge(memorizer(), context);
    expect(extremes!.minTrain).toBeCloseTo(1e-4 / 67, 12);
    expect(extremes!.maxRatio).toBeGreaterThan(1e5);
    expect(judge([], context).extremes).toBeUndefined();
  });

  it("give the class that pair gives, at any thresholds, without the curve", () => {
    for (const evals of [grokker(), memorizer(), memorizer({ drift: 0.01 })]) {
      const { extremes } = judge(evals, context);
      for (const m of [1e-7, 2e-6, 1e-5, 1, 10])
        for (const r of [1, 5e4, 1e8])
          expect(pairClassOf(extremes!, { m, r })).toBe(judge(evals, context, "pair", { m, r }).className);
    }
  });

  it("are JSON where a loss is infinite or there is no test data", () => {
    const [e] = grokker();
    const none = extremesOf([{ ...e, test: { loss: NaN, accuracy: NaN } }], context);
    expect(none.minTest).toBeNull();
    expect(pairClassOf(none, { m: 1e5, r: 1 })).toBe("High Test Loss");
    const zero = extremesOf([{ ...e, train: { loss: 0, accuracy: 1 } }], context);
    expect(zero).toMatchObject({ minTrain: 0, maxRatio: null });
    expect(JSON.parse(JSON.stringify(zero))).toEqual(zero);
  });
});
