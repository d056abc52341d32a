import { describe, expect, it } from "vitest";
import { array, gradcheck, weigh } from "../../../test/gradcheck.ts";
import { placeOf, stream } from "../../rng.ts";
import { full, read, scope, zeros } from "../index.ts";
import { dropout } from "./dropout.ts";

describe("dropout", () => {
  it.each([
    [1, 0, 7],
    [2 ** 40 + 5, 1, 100],
    [3, 4_000_000_000, 33],
  ])("drops what the named stream says: seed %i, step %i, %i numbers", (seed, step, n) => {
    const draws = stream(seed, "dropout").fork("blocks.0.mlp.post");
    // Position step · 2^34, which a seek reaches as long as it is a safe integer.
    const place = { ...placeOf(seed, "dropout", "blocks.0.mlp.post"), step: Math.min(step, 2 ** 19 - 1) };
    draws.seek(place.step * 2 ** 34);
    const kept = Array.from({ length: n }, () => draws.uint32() >= Math.round(0.3 * 2 ** 32));
    for (const dtype of ["float32", "float64"] as const)
      scope(() => {
        const found = read(dropout(full([n], 3, dtype), 0.3, place));
        const value = dtype === "float32" ? Math.fround(3 * Math.fround(1 / 0.7)) : 3 * (1 / 0.7);
        expect([...found]).toEqual(kept.map((yes) => (yes ? value : 0)));
      });
  });

  it("drops the share that is asked for, another one at each step", () => {
    scope(() => {
      const place = placeOf(9, "dropout", "embed");
      const [first, second] = [0, 1].map((step) =>
        read(dropout(full([100_000], 1, "float32"), 0.1, { ...place, step })),
      );
      for (const mask of [first, second])
        expect(Math.abs(mask.filter((x) => x === 0).length / 1e5 - 0.1)).toBeLessThan(0.004);
      const both = first.filter((x, i) => x === 0 && second[i] === 0).length / 1e5;
      expect(Math.abs(both - 0.01)).toBeLessThan(0.002);
    });
  });

  it("has the gradient that central differences have", () => {
    const place = { ...placeOf(9, "dropout", "embed"), step: 3 };
    gradcheck(({ x }) => weigh(dropout(x, 0.4, place)), { x: array([5, 9], 1) });
  });

  it("at rate 0 is nothing, and refuses rate 1", () => {
    scope(() => {
      const x = zeros([3], "float32");
      const place = { ...placeOf(0, "dropout"), step: 0 };
      expect(dropout(x, 0, place)).toBe(x);
      expect(() => dropout(x, 1, place)).toThrow(/rate 1, allowed are 0 up to below 1/);
    });
  });
});
