import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { DType } from "./engine.ts";
import { kernel } from "./op.ts";
import { type FloatArray, emptyLike, read, tensor } from "./tensor.ts";

/** [x, nearest float64 to f(x), what is left], from scripts/reference/functions.py. */
type Row = readonly [number, number, number];
const reference = JSON.parse(
  readFileSync(new URL("../../test/reference/functions.json", import.meta.url), "utf8"),
) as Record<string, Row[]>;

function run(name: string, x: ArrayLike<number>, dtype: DType): FloatArray {
  const a = tensor(x, [x.length], dtype);
  const out = emptyLike(a);
  kernel(name, dtype)(a.ptr, out.ptr, a.size);
  const result = read(out);
  a.dispose();
  out.dispose();
  return result;
}

/** Distance between neighbouring numbers at y, in a format with `digits` bits and the smallest normal number 2^lowest. */
function ulp(y: number, digits: number, lowest: number): number {
  const exponent = Math.max(lowest, Math.floor(Math.log2(Math.abs(y) || Number.MIN_VALUE)));
  return 2 ** Math.max(exponent - digits + 1, -1074);
}
const ulp64 = (y: number): number => ulp(y, 53, -1022);
const ulp32 = (y: number): number => ulp(y, 24, -126);

/** One float32 in every 8191, over all signs and exponents. */
function sample(keep: (x: number) => boolean): number[] {
  const bits = new Uint32Array(1);
  const value = new Float32Array(bits.buffer);
  const found: number[] = [];
  for (let b = 0; b < 2 ** 32; b += 8191) {
    bits[0] = b;
    if (Number.isFinite(value[0]) && keep(value[0])) found.push(value[0]);
  }
  return found;
}

/** Largest errors allowed, in ulp; what was measured is in the comments. */
const allowed: Record<string, { float64: number; float32: number; domain?: (x: number) => boolean }> = {
  exp: { float64: 1, float32: 1 }, // 0.92, 0.91
  log: { float64: 1, float32: 0.51, domain: (x) => x > 0 }, // 0.52, 0.50
  log1p: { float64: 1, float32: 0.51, domain: (x) => x >= 0 }, // 0.76, 0.50
  tanh: { float64: 1.5, float32: 1.5 }, // 1.32, 1.30
  sin: { float64: 1, float32: 0.51 }, // 0.72, 0.50
  cos: { float64: 1, float32: 0.51 }, // 0.74, 0.50
};

/** Past this, sine and cosine are within 1 ulp or 1e-19, whichever is more: their reduction has some 190 bits of pi. */
const reducedExactly = 1e6;

describe.each(Object.entries(allowed))("%s", (name, limits) => {
  it(`is within ${limits.float64} ulp of the true value in float64`, () => {
    const rows = reference[name];
    const got = run(
      name,
      rows.map(([x]) => x),
      "float64",
    );
    const errors = rows.map(([x, nearest, rest], i) => {
      const error = Math.abs(got[i] - nearest - rest);
      const periodic = name === "sin" || name === "cos";
      return periodic && Math.abs(x) > reducedExactly && error < 1e-19 ? 0 : error / ulp64(nearest);
    });
    expect(errors.filter((error) => !(error <= limits.float64))).toEqual([]);
  });

  it(`is within ${limits.float32} ulp in float32, over all exponents`, () => {
    const xs = sample(limits.domain ?? (() => true));
    const got = run(name, xs, "float32");
    const exact = run(name, xs, "float64");
    const wrong = xs.filter((_, i) => {
      const error = Math.abs(exact[i]) < 3.4028235e38 ? Math.abs(got[i] - exact[i]) / ulp32(exact[i]) : 0;
      return !(error <= limits.float32 || got[i] === Math.fround(exact[i]));
    });
    expect(wrong).toEqual([]);
    expect(xs.length).toBeGreaterThan(250_000);
  });

  it.each(["float32", "float64"] as const)("lets NaN through in %s, and gives the same bits in any lane", (dtype) => {
    const x = 0.7234567890123;
    const y = run(name, [x, x, x, x, x, x, x], dtype);
    expect(new Set(y).size).toBe(1);
    expect(Array.from(run(name, [NaN, x, x, NaN, NaN], dtype))).toEqual([NaN, y[0], y[0], NaN, NaN]);
  });
});

describe("exp at the ends of its range", () => {
  it("is 1 at 0, 0 at -infinity and infinite at infinity", () => {
    for (const dtype of ["float32", "float64"] as const)
      expect(Array.from(run("exp", [0, -0, -Infinity, Infinity, -1e30, 1e30], dtype))).toEqual([
        1,
        1,
        0,
        Infinity,
        0,
        Infinity,
      ]);
  });

  it("overflows between the last finite value and the next argument", () => {
    const [below, above] = run("exp", [709.782712893384, 709.7827128933841], "float64");
    expect(below).toBeGreaterThan(1.797693134862e308);
    expect(below).toBeLessThan(Infinity);
    expect(above).toBe(Infinity);
    expect(Array.from(run("exp", [88.72283, 88.72284], "float32"))).toEqual([Math.fround(3.4027985e38), Infinity]);
  });

  it("reaches the smallest subnormal number, and then 0", () => {
    expect(Array.from(run("exp", [-745.1332191019411, -745.1332191019412], "float64"))).toEqual([2 ** -1074, 0]);
    expect(Array.from(run("exp", [-103.97207, -103.97209], "float32"))).toEqual([2 ** -149, 0]);
  });

  it("gives the same bits whether or not a neighbor in the vector needs the long way", () => {
    for (const dtype of ["float32", "float64"] as const) {
      const xs = sample((x) => Math.abs(x) < 86).filter((_, i) => i % 64 === 0);
      const alone = run("exp", xs, dtype);
      const paired = run(
        "exp",
        xs.flatMap((x) => [x, -5000]),
        dtype,
      ).filter((_, i) => i % 2 === 0);
      expect(paired).toEqual(alone);
    }
  });
});

describe("log, tanh, sin and cos at the ends", () => {
  it("follow their limits", () => {
    for (const dtype of ["float32", "float64"] as const) {
      expect(Array.from(run("log", [0, 1, Infinity, -1], dtype))).toEqual([-Infinity, 0, Infinity, NaN]);
      expect(Array.from(run("tanh", [Infinity, -Infinity, 0, 50], dtype))).toEqual([1, -1, 0, 1]);
      expect(Array.from(run("sin", [0, Infinity], dtype))).toEqual([0, NaN]);
      expect(Array.from(run("cos", [0, -Infinity], dtype))).toEqual([1, NaN]);
    }
  });
});
