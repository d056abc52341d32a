import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { context, cutOff, generalizer, grokker, memorizer } from "../../test/planted/curves.ts";
import { agreement, judge, kaplanMeier, wilson } from "./index.ts";

describe("the Wilson interval", () => {
  it("agrees with statsmodels", () => {
    // statsmodels 0.15.0: proportion_confint(k, n, method="wilson")
    const cases = [
      [8, 10, 0.4901625, 0.9433178],
      [0, 10, 0, 0.2775328],
      [10, 10, 0.7224672, 1],
      [1, 1, 0.2065493, 1],
      [245, 450, 0.49824793, 0.58988857],
    ] as const;
    for (const [k, n, low, high] of cases) {
      expect(wilson(k, n)[0]).toBeCloseTo(low, 6);
      expect(wilson(k, n)[1]).toBeCloseTo(high, 6);
    }
  });

  it("holds the share, lies in 0 to 1 and mirrors", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, part) => {
        const k = Math.round(part * n);
        const [low, high] = wilson(k, n);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(k / n);
        expect(high).toBeGreaterThanOrEqual(k / n);
        expect(wilson(n - k, n)[0]).toBeCloseTo(1 - high, 12);
      }),
    );
  });

  it("refuses what is no share", () => {
    for (const [k, n] of [[1, 0], [3, 2], [-1, 5]] as const) expect(() => wilson(k, n)).toThrow(RangeError); // prettier-ignore
  });
});

describe("the Kaplan-Meier estimate", () => {
  it("agrees with the classic remission times under 6-MP (Freireich 1963)", () => {
    const events = [6, 6, 6, 7, 10, 13, 16, 22, 23].map((step) => ({ step, observed: true }));
    const censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35].map((step) => ({ step, observed: false }));
    const found = kaplanMeier([...events, ...censored]);
    const table = [
      [6, 0.857143, 21, 3],
      [7, 0.806723, 17, 1],
      [10, 0.752941, 15, 1],
      [13, 0.690196, 12, 1],
      [16, 0.627451, 11, 1],
      [22, 0.537815, 7, 1],
      [23, 0.448179, 6, 1],
    ];
    expect(found.curve.map((row) => [row.step, Number(row.survival.toFixed(6)), row.atRisk, row.events])).toEqual(
      table,
    );
    expect(found.median).toBe(23);
    // lifelines 0.30.3: KaplanMeierFitter and median_survival_times of its confidence interval, as the table above
    expect(found.medianInterval).toEqual([13, null]);
  });

  it("without censoring has the plain median, and reaches 0", () => {
    const found = kaplanMeier([5, 3, 9, 7, 1].map((step) => ({ step, observed: true })));
    expect(found.median).toBe(5);
    expect(found.curve.at(-1)!.survival).toBe(0);
  });

  it("has no median while more than half are still without the event", () => {
    const lives = [100, 200].map((step) => ({ step, observed: true }));
    const rest = Array.from({ length: 3 }, () => ({ step: 1000, observed: false }));
    expect(kaplanMeier([...lives, ...rest]).median).toBeNull();
    expect(kaplanMeier([])).toEqual({ curve: [], median: null, medianInterval: [null, null] });
  });

  it("falls, between 1 and 0, and does not depend on the order of the runs", () => {
    const lives = fc.array(fc.record({ step: fc.integer({ min: 0, max: 50 }), observed: fc.boolean() }), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(lives, (runs) => {
        const found = kaplanMeier(runs);
        expect(kaplanMeier(runs.toReversed())).toEqual(found);
        let before = 1;
        for (const { survival } of found.curve) {
          expect(survival).toBeLessThan(before);
          expect(survival).toBeGreaterThanOrEqual(0);
          before = survival;
        }
        const [low, high] = found.medianInterval;
        if (found.median !== null) expect(low).not.toBeNull();
        if (low !== null && found.median !== null) expect(low).toBeLessThanOrEqual(found.median);
        if (high !== null) expect(high).toBeGreaterThanOrEqual(found.median!);
      }),
    );
  });
});

describe("agreement over seeds", () => {
  const groks = [15_000, 20_000, 25_000].map((generalize) => judge(grokker({ generalize }), context));
  const cut = judge(memorizer({ steps: 12_000 }), cutOff);

  it("counts labels, names the majority, and censors runs that had not generalized", () => {
    const found = agreement([...groks, cut]);
    expect(found).toMatchObject({ n: 4, k: 3, majority: "grok", share: 0.75 });
    expect(found.counts).toEqual({ grok: 3, generalize: 0, memorize: 0, fail: 0, undecided: 1, diverged: 0 });
    expect(found.interval).toEqual(wilson(3, 4));
    expect(found.generalizeStep.curve.map((row) => [row.step, row.atRisk])).toEqual([
      [15_000, 3],
      [20_000, 2],
      [25_000, 1],
    ]);
    expect(found.generalizeStep.median).toBe(20_000);
  });

  it("is plain JSON", () => {
    const found = agreement([...groks, cut]);
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
  });

  it("has no majority on a tie or without seeds", () => {
    expect(agreement([groks[0], judge(generalizer(), context)]).majority).toBeNull();
    expect(agreement([])).toMatchObject({ n: 0, majority: null, share: null, interval: null });
  });

  it("leaves out runs that were never evaluated", () => {
    expect(agreement([judge([], cutOff), groks[0]]).generalizeStep.median).toBe(15_000);
  });
});
