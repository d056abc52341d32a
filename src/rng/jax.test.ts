import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import reference from "../../test/reference/rng.json" with { type: "json" };
import { haikuKeys, jaxKey, jaxSplit, jaxTruncatedNormal, jaxUniform, threefry2x32, type JaxKey } from "./jax.ts";

type DType = "float32" | "float64";

// The known answers published with Random123 (kat_vectors, threefry2x32 20).
it("threefry2x32 gives the published known answers", () => {
  const hex = (key: JaxKey, a: number, b: number) => threefry2x32(key, a, b).map((word) => word.toString(16));
  expect(hex([0, 0], 0, 0)).toEqual(["6b200159", "99ba4efe"]);
  const ones = 0xffffffff;
  expect(hex([ones, ones], ones, ones)).toEqual(["1cb996fc", "bb002be7"]);
  expect(hex([0x13198a2e, 0x03707344], 0x243f6a88, 0x85a308d3)).toEqual(["c4923a9c", "483df7a0"]);
});

it.each(reference.jax.keys)("key $seed and its splits are JAX's", ({ seed, key, split2, split3 }) => {
  expect(jaxKey(seed)).toEqual(key);
  expect(jaxSplit(jaxKey(seed))).toEqual(split2);
  expect(jaxSplit(jaxKey(seed), 3)).toEqual(split3);
});

it.each(reference.haikuKeys)("parameters of seed $seed draw from Haiku's keys", ({ seed, keys }) => {
  const drawn = haikuKeys(seed);
  for (const key of keys) expect(drawn.next()).toEqual(key);
});

describe.each(reference.jax.uniform)("uniform $seed $shape $dtype", (expected) => {
  const { seed, shape } = expected;
  const dtype = expected.dtype as DType;
  const draw = (low?: number, high?: number) => jaxUniform(jaxKey(seed), shape, dtype, low, high);

  it("is JAX's to the last bit in [0, 1)", () => {
    expect([...draw().subarray(0, 8)]).toEqual(expected.first);
    expect(createHash("sha256").update(draw()).digest("hex")).toBe(expected.sha256);
  });
  it("is JAX's in a range, to the last bit in float32 and to the rounding of fused multiply-add in float64", () => {
    const ours = [...draw(-0.75, 2.5).subarray(0, 8)];
    if (dtype === "float32") expect(ours).toEqual(expected.ranged);
    else ours.forEach((x, i) => expect(Math.abs(x - expected.ranged[i])).toBeLessThanOrEqual(2 ** -51));
  });
});

describe.each(reference.jax.truncatedNormal)("truncatedNormal $seed ($lower, $upper) $shape $dtype", (expected) => {
  const { seed, lower, upper, shape } = expected;
  const values = jaxTruncatedNormal(jaxKey(seed), lower, upper, shape, expected.dtype as DType);
  const tolerance = expected.dtype === "float32" ? 5e-7 : 1e-14;

  it("is JAX's to the last digits of its type", () => {
    [...values.subarray(0, 8)].forEach((x, i) => expect(Math.abs(x - expected.first[i])).toBeLessThan(tolerance));
    [...values.subarray(-8)].forEach((x, i) =>
      expect(Math.abs(x - expected.last.at(i - Math.min(8, values.length))!)).toBeLessThan(tolerance),
    );
    const sum = Array.from(values).reduce((total, x) => total + x, 0);
    const squares = Array.from(values).reduce((total, x) => total + x * x, 0);
    // A bias of a twentieth of the tolerance per value would show; the sums themselves are rounded as they grow.
    const slack = tolerance * (50 + values.length / 20) + 1e-14 * expected.sumOfSquares;
    expect(Math.abs(sum - expected.sum)).toBeLessThan(slack);
    expect(Math.abs(squares - expected.sumOfSquares)).toBeLessThan(slack);
  });
  it("stays inside the open interval", () => {
    expect(Array.from(values).every((x) => x > lower && x < upper)).toBe(true);
  });
});
