import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitLaw, lawAt, lawText, type TimedPoint } from "./law.ts";

/** Times on a line in logarithms, with this much spread in a fixed pattern. */
const onLaw = (slope: number, scale: number, spread: number, cut = Infinity): readonly TimedPoint[] =>
  [0.01, 0.03, 0.1, 0.3, 1].flatMap((x) =>
    [-1.2, -0.5, 0, 0.4, 1.3].map((z) => {
      const time = scale * x ** slope * Math.exp(spread * z);
      return { x, time: Math.min(time, cut), observed: time <= cut };
    }),
  );

describe("a fitted law", () => {
  it("finds the planted exponent and scale, without censoring as least squares does", () => {
    const law = fitLaw(onLaw(-0.8, 1500, 0.2));
    expect(law.slope).toBeCloseTo(-0.8, 10);
    expect(law.scale).toBeCloseTo(1500, 8);
    expect(law).toMatchObject({ form: "power", observed: 25, censored: 0 });
    expect(lawAt(law, 0.1)).toBeCloseTo(1500 * 0.1 ** -0.8, 6);
  });

  it("has the error of least squares, with n in place of n - 2", () => {
    const points = onLaw(-0.8, 1500, 0.2);
    const law = fitLaw(points);
    const u = points.map(({ x }) => Math.log(x));
    const mean = u.reduce((a, b) => a + b) / u.length;
    const squares = u.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    expect(law.slopeError).toBeCloseTo(law.sigma / Math.sqrt(squares), 10);
  });

  it("agrees with SciPy where runs were cut off", () => {
    // scripts/reference/law.py: SciPy minimizes the same likelihood; errors from its numerical second derivatives
    const law = fitLaw(onLaw(-0.8, 1500, 0.3, 20_000));
    expect(law.censored).toBe(9);
    const found = [law.slope, law.slopeError, Math.log(law.scale), law.logScaleError, law.sigma, law.logLikelihood];
    const scipy = [-0.7988777616, 0.0505016671, 7.3141063367, 0.0965461169, 0.2511103321, -2.0719356423];
    for (const [i, value] of scipy.entries()) expect(found[i]).toBeCloseTo(value, 6);
  });

  it("is not fooled by the cut: ignoring it would flatten the law", () => {
    const cut = onLaw(-1, 1000, 0.3, 20_000);
    const naive = fitLaw(cut.map((point) => ({ ...point, observed: true })));
    expect(Math.abs(fitLaw(cut).slope + 1)).toBeLessThan(Math.abs(naive.slope + 1) / 3);
  });

  it("fits an exponential law, and prefers the form that is true", () => {
    const points = [0.2, 0.3, 0.4, 0.5, 0.6].flatMap((x) =>
      [-1, 0, 1].map((z) => ({ x, time: 5e4 * Math.exp(-6 * x + 0.1 * z), observed: true })),
    );
    const law = fitLaw(points, "exponential");
    expect(law.slope).toBeCloseTo(-6, 8);
    expect(law.scale).toBeCloseTo(5e4, 4);
    expect(law.logLikelihood).toBeGreaterThan(fitLaw(points, "power").logLikelihood);
  });

  it("does not depend on the units, and answers to any points that have a law", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ x: fc.integer({ min: 1, max: 5 }), time: fc.integer({ min: 1, max: 1e6 }), observed: fc.boolean() }), { minLength: 6, maxLength: 30 }), // prettier-ignore
        (points) => {
          const events = points.filter(({ observed }) => observed);
          fc.pre(events.length >= 4 && new Set(events.map(({ x }) => x)).size >= 3);
          fc.pre(new Set(events.map(({ time }) => time)).size >= 3);
          const law = fitLaw(points);
          const other = fitLaw(points.map((point) => ({ ...point, x: point.x * 1000, time: point.time * 7 })));
          expect(Number.isFinite(law.slope)).toBe(true);
          expect(law.slopeError).toBeGreaterThan(0);
          expect(other.slope).toBeCloseTo(law.slope, 4);
        },
      ),
    );
  });

  it("needs three events at two values at least", () => {
    const one = { x: 1, time: 5, observed: true };
    expect(() => fitLaw([one, one])).toThrow(/at least three/);
    expect(() => fitLaw([one, one, one])).toThrow(/at least two/);
    expect(() => fitLaw([one, one, { ...one, x: 0 }])).toThrow(/2 runs/);
  });

  it("is said with its error", () => {
    const law = fitLaw(onLaw(-0.8, 1500, 0.2));
    expect(lawText(law, "delay", "weightDecay")).toBe("delay ≈ 1500 · weightDecay^(-0.800 ± 0.021)");
    expect(lawText({ ...law, form: "exponential" }, "delay", "x")).toBe("delay ≈ 1500 · e^((-0.800 ± 0.021) · x)");
  });
});
