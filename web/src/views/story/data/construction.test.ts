import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { halfOf, move } from "./construction.ts";

describe("sliders of a circle", () => {
  const clock = fc.integer({ min: 12, max: 500 }).chain((modulus) =>
    fc.record({
      modulus: fc.constant(modulus),
      a: fc.nat(modulus - 1),
      b: fc.nat(modulus - 1),
      sum: fc.nat(2 * modulus - 2),
      difference: fc.integer({ min: 1 - modulus, max: modulus - 1 }),
    }),
  );

  it("reach every sum, and keep the difference to one wherever the clock allows it", () => {
    fc.assert(
      fc.property(clock, ({ modulus, a, b, sum }) => {
        const [x, y] = move(a, b, modulus, { sum });
        expect(x + y).toBe(sum);
        for (const n of [x, y]) expect(n >= 0 && n < modulus).toBe(true);
        const room = Math.min(sum, 2 * (modulus - 1) - sum);
        if (Math.abs(a - b) < room) expect(Math.abs(x - y - (a - b))).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("reach every difference, and keep the sum to one wherever the clock allows it", () => {
    fc.assert(
      fc.property(clock, ({ modulus, a, b, difference }) => {
        const [x, y] = move(a, b, modulus, { difference });
        expect(x - y).toBe(difference);
        for (const n of [x, y]) expect(n >= 0 && n < modulus).toBe(true);
        const sum = a + b;
        const room = Math.min(sum, 2 * (modulus - 1) - sum);
        if (Math.abs(difference) < room) expect(Math.abs(x + y - sum)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("half of a sum", () => {
  it("doubles to the sum on the clock, where there is one", () => {
    for (const modulus of [12, 67]) {
      for (let sum = 0; sum < 2 * modulus - 1; sum++) {
        const half = halfOf(sum, modulus);
        if (half === undefined) expect([modulus % 2, sum % 2]).toEqual([0, 1]);
        else expect((2 * half) % modulus).toBe(sum % modulus);
      }
    }
  });
});
