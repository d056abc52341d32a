import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import reference from "../../test/reference/rng.json" with { type: "json" };
import { numpyLegacy } from "./numpy-legacy.ts";

it.each(reference.numpyLegacy)("permutation($n) after numpy.random.seed($seed) is NumPy's", (expected) => {
  const order = numpyLegacy(expected.seed).permutation(expected.n);
  expect([...order.subarray(0, 8)]).toEqual(expected.first);
  expect(createHash("sha256").update(order).digest("hex")).toBe(expected.sha256);
});

it("an interval of one number draws nothing", () => {
  const drawn = numpyLegacy(3);
  expect(drawn.interval(0)).toBe(0);
  expect(drawn.interval(2 ** 32 - 1)).toBe(numpyLegacy(3).interval(2 ** 32 - 1));
});

it("refuses the seeds that NumPy refuses", () => {
  expect(() => numpyLegacy(2 ** 32)).toThrow(
    "seed: 4294967296 is not allowed with NumPy's legacy stream; give a whole number from 0 to 4294967295",
  );
  expect(() => numpyLegacy(-1)).toThrow("seed: -1 is not allowed");
});
