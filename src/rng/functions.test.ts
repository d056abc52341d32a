import { expect, it } from "vitest";
import reference from "../../test/reference/rng.json" with { type: "json" };
import { erf, erfInv, erfInv32, exp, log } from "./functions.ts";

/** Size of the last bit of x. */
function ulp(x: number, bits = 52): number {
  const exponent = Math.max(-1022, Math.floor(Math.log2(Math.abs(x))));
  return x === 0 ? Number.MIN_VALUE : Math.max(Number.MIN_VALUE, 2 ** (exponent - bits));
}

/** Largest error over the reference points, in units of the last place of the correctly rounded value. */
function worst(f: (x: number) => number, table: number[][], bits?: number): number {
  return Math.max(...table.map(([x, value]) => Math.abs(f(x) - value) / ulp(value, bits)));
}

const { functions } = reference;

it("log is within 1 ulp of mpmath from the smallest subnormal to the largest number", () => {
  expect(worst(log, functions.log)).toBeLessThanOrEqual(1);
});

it("exp is within 1 ulp of mpmath", () => {
  expect(worst(exp, functions.exp)).toBeLessThanOrEqual(1);
});

it("erf is within 3 ulp of mpmath, is odd, and saturates at 1", () => {
  expect(worst(erf, functions.erf)).toBeLessThanOrEqual(3);
  expect(erf(-0.7)).toBe(-erf(0.7));
  expect(erf(1e6)).toBe(1);
});

it("erfInv agrees with mpmath to 4 ulp, up to the numbers next to ±1", () => {
  expect(worst(erfInv, functions.erfInv)).toBeLessThanOrEqual(4);
});

it("erfInv32 is within 2 ulp of XLA's", () => {
  expect(worst(erfInv32, functions.erfInv32, 23)).toBeLessThanOrEqual(2);
});
