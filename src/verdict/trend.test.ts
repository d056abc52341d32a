import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { falls, lastQuarter, logTrend, median, rises, spread, trend } from "./trend.ts";

const grid = (n: number, every = 10) => Array.from({ length: n }, (_, i) => i * every);

describe("a trend", () => {
  it("of a straight line is its slope times the window", () => {
    const found = trend(grid(11), grid(11).map((step) => 3 - 0.02 * step))!; // prettier-ignore
    expect(found.change).toBeCloseTo(-2, 12);
    expect(found.tau).toBe(-1);
  });

  it("of a logarithm is the ratio of its ends", () => {
    const found = logTrend(grid(41), grid(41).map((step) => 5 * 0.5 ** (step / 400)))!; // prettier-ignore
    expect(Math.exp(found.change)).toBeCloseTo(0.5, 12);
  });

  it("is not moved by spikes at a tenth of the points", () => {
    const values = grid(40).map((step, i) => (i % 10 === 3 ? 100 : 1 - step / 1000));
    const found = trend(grid(40), values)!;
    expect(found.change).toBeCloseTo(-0.39, 2);
    expect(falls(found, 0.3)).toBe(true);
  });

  it("of a flat series, of noise around it and of a constant is none", () => {
    const noise = grid(60).map((_, i) => 1 + 0.2 * Math.sin(i * i));
    for (const values of [grid(60).map(() => 2), noise]) {
      expect(falls(trend(grid(60), values), 0.02) || rises(trend(grid(60), values), 0.02)).toBe(false);
    }
  });

  it("needs five points that are numbers", () => {
    expect(trend(grid(4), [4, 3, 2, 1])).toBeNull();
    expect(trend(grid(6), [5, NaN, 4, Infinity, 2, 1])).toBeNull();
    expect(trend(grid(7), [5, NaN, 4, Infinity, 2, 1, 0])!.tau).toBe(-1);
    expect(falls(null, 0.02) || rises(null, 0.02)).toBe(false);
  });

  it("counts a loss of 0 as very small, not as nothing", () => {
    expect(logTrend(grid(6), [1, 1e-3, 1e-9, 1e-12, 0, 0])!.change).toBeLessThan(-20);
  });

  it("of thousands of points is that of a hundred of them", () => {
    const found = trend(grid(5000), grid(5000).map((step) => step / 1000))!; // prettier-ignore
    expect(found).toEqual({ change: expect.closeTo(49.99, 6) as number, tau: 1 });
  });

  it("falls when it falls, rises when its mirror image falls", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 5, maxLength: 30 }), (values) => {
        const found = trend(grid(values.length), values)!;
        const mirrored = trend(grid(values.length), values.map((v) => -v))!; // prettier-ignore
        expect(mirrored.change).toBeCloseTo(-found.change, 9);
        expect(rises(mirrored, 0.02)).toBe(falls(found, 0.02));
        expect(Math.abs(found.tau)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("the last quarter", () => {
  it("is a quarter of the steps, whatever their spacing", () => {
    expect(lastQuarter(grid(101))).toBe(75);
    expect(lastQuarter([0, 1, 2, 4, 8, 16, 32, 64, 80, 85, 90, 95, 100])).toBe(8);
  });

  it("has at least five evaluations where there are five", () => {
    expect(lastQuarter([0, 1, 2, 4, 8, 16, 32, 64])).toBe(3);
    expect(lastQuarter([0, 10, 20])).toBe(0);
    expect(lastQuarter([])).toBe(0);
  });
});

it("indices are spread evenly, with both ends", () => {
  expect(spread(5, 12)).toEqual([0, 1, 2, 3, 4]);
  expect(spread(10, 4)).toEqual([0, 3, 6, 9]);
  expect(spread(0, 4)).toEqual([]);
});

it("the median is the middle, or between the two middle ones", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([])).toBeNaN();
});
