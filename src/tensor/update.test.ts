import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DType, ShapeError, adamw, powInt, read, scope, sgd, tensor, zeros } from "./index.ts";

const rounding = { float32: Math.fround, float64: (x: number) => x };
const dtypes = ["float32", "float64"] as const;
const typed = (dtype: DType, values: number[]) => (dtype === "float32" ? Float32Array : Float64Array).from(values);

const vectors = fc
  .integer({ min: 1, max: 23 })
  .chain((n) => fc.array(fc.tuple(weight(), weight(), weight()), { minLength: n, maxLength: n }));
/** Zeros of both signs, and numbers as weights and gradients have them. */
const weight = () => fc.oneof(fc.constantFrom(0, -0, 1), fc.double({ min: -3, max: 3, noNaN: true }));

/** The formulas of `adamw`, one number at a time, each operation rounded. */
function plainAdamw(dtype: DType, rows: number[][], steps: number, o: { [name: string]: number }): number[][] {
  const r = rounding[dtype];
  const [b1, b2, r1, r2] = [r(o["beta1"]), r(o["beta2"]), r(1 - o["beta1"]), r(1 - o["beta2"])];
  const [rate, eps, decay, l1] = [r(o["learningRate"]), r(o["eps"]), r(o["weightDecay"]), r(o["l1"])];
  return rows.map(([p0, ...gradients]) => {
    let [p, m, v] = [r(p0), 0, 0];
    for (let count = 1; count <= steps; count++) {
      let g = r(gradients[count % gradients.length]);
      if (l1 !== 0) g = r(g + (p > 0 ? l1 : p < 0 ? -l1 : 0));
      m = r(r(b1 * m) + r(r1 * g));
      v = r(r(b2 * v) + r(r2 * r(g * g)));
      const [u1, u2] = [r(1 / (1 - powInt(o["beta1"], count))), r(1 / (1 - powInt(o["beta2"], count)))];
      const step = r(r(m * u1) / r(r(Math.sqrt(r(v * u2))) + eps));
      p = r(p - r(rate * r(step + r(decay * p))));
    }
    return [p, m, v];
  });
}

describe("adamw", () => {
  const options = { learningRate: 1e-3, beta1: 0.9, beta2: 0.98, eps: 1e-8, weightDecay: 1 };
  for (const dtype of dtypes)
    it.each([0, 0.03])(`in ${dtype} equals the formulas to the last bit, l1 %d`, (l1) => {
      const property = fc.property(vectors, (rows) => {
        scope(() => {
          const column = (i: number) =>
            tensor(
              Array.from(rows, (row) => row[i]),
              [rows.length],
              dtype,
            );
          const [param, m, v] = [column(0), zeros([rows.length], dtype), zeros([rows.length], dtype)];
          for (let count = 1; count <= 3; count++)
            adamw(param, column(1 + (count % 2)), m, v, { ...options, l1, count });
          const expected = plainAdamw(dtype, rows, 3, { ...options, l1 });
          expect(read(param)).toEqual(
            typed(
              dtype,
              expected.map(([p]) => p),
            ),
          );
          expect(read(m)).toEqual(
            typed(
              dtype,
              expected.map(([, m]) => m),
            ),
          );
          expect(read(v)).toEqual(
            typed(
              dtype,
              expected.map(([, , v]) => v),
            ),
          );
        });
      });
      fc.assert(property, { numRuns: 100 });
    });

  it("first moves every weight by the learning rate against the sign of its gradient", () => {
    scope(() => {
      const [param, grad] = [tensor([1, 1, 1], [3], "float64"), tensor([5, -0.01, 0], [3], "float64")];
      const moments = [zeros([3], "float64"), zeros([3], "float64")] as const;
      adamw(param, grad, ...moments, { ...options, weightDecay: 0, count: 1 });
      expect(read(param)[0]).toBeCloseTo(0.999, 8);
      expect(read(param)[1]).toBeCloseTo(1.001, 8);
      expect(read(param)[2]).toBe(1);
    });
  });

  it("decays weights without a gradient by learningRate * weightDecay, outside the moments", () => {
    scope(() => {
      const param = tensor([2], [1], "float64");
      const [m, v] = [zeros([1], "float64"), zeros([1], "float64")];
      adamw(param, zeros([1], "float64"), m, v, { ...options, weightDecay: 0.5, count: 1 });
      expect(read(param)[0]).toBe(2 - 1e-3 * (0.5 * 2));
      expect([read(m)[0], read(v)[0]]).toEqual([0, 0]);
    });
  });

  it("names the shapes that differ", () => {
    scope(() => {
      const [a, b] = [zeros([2], "float32"), zeros([3], "float32")];
      expect(() => adamw(a, b, a, a, { ...options, count: 1 })).toThrow(ShapeError);
      expect(() => adamw(a, a, a, b, { ...options, count: 1 })).toThrow("adamw: [2] and [3], shapes differ");
    });
  });
});

describe("sgd", () => {
  for (const dtype of dtypes)
    it.each([
      { momentum: 0, nesterov: false },
      { momentum: 0.9, nesterov: false },
      { momentum: 0.9, nesterov: true },
    ])(`in ${dtype} equals its formulas to the last bit: %o`, ({ momentum, nesterov }) => {
      const r = rounding[dtype];
      const [rate, decay, keep] = [r(0.1), r(0.01), r(momentum)];
      const property = fc.property(vectors, (rows) => {
        scope(() => {
          const column = (i: number) =>
            tensor(
              Array.from(rows, (row) => row[i]),
              [rows.length],
              dtype,
            );
          const [param, buffer] = [column(0), momentum === 0 ? undefined : column(2)];
          sgd(param, column(1), buffer, { learningRate: 0.1, momentum, nesterov, weightDecay: 0.01 });
          const expected = rows.map(([p0, g0, b0]) => {
            const [p, g] = [r(p0), r(g0)];
            const b = r(r(keep * r(b0)) + g);
            const step = momentum === 0 ? g : nesterov ? r(g + r(keep * b)) : b;
            return [r(p - r(rate * r(step + r(decay * p)))), b];
          });
          expect(read(param)).toEqual(
            typed(
              dtype,
              expected.map(([p]) => p),
            ),
          );
          if (buffer)
            expect(read(buffer)).toEqual(
              typed(
                dtype,
                expected.map(([, b]) => b),
              ),
            );
        });
      });
      fc.assert(property, { numRuns: 100 });
    });

  it("refuses momentum without a buffer", () => {
    scope(() => {
      const a = zeros([2], "float32");
      expect(() => sgd(a, a, undefined, { learningRate: 1, momentum: 0.9 })).toThrow("momentum 0.9 needs a buffer");
    });
  });
});

describe("powInt", () => {
  it("is exact on small whole numbers and near Math.pow elsewhere", () => {
    expect([powInt(3, 0), powInt(3, 1), powInt(3, 20), powInt(-2, 31)]).toEqual([1, 3, 3486784401, -2147483648]);
    fc.assert(
      fc.property(fc.double({ min: 0.9, max: 1, noNaN: true }), fc.nat(50000), (base, exponent) => {
        const expected = Math.pow(base, exponent);
        expect(Math.abs(powInt(base, exponent) - expected)).toBeLessThanOrEqual(expected * 1e-10 + 1e-300);
      }),
    );
  });

  it("is base times base for 2, base times its square for 3", () => {
    expect([powInt(0.98, 2), powInt(0.98, 3)]).toEqual([0.98 * 0.98, 0.98 * (0.98 * 0.98)]);
  });

  it.each([-1, 0.5, NaN])("refuses the exponent %d", (exponent) => {
    expect(() => powInt(2, exponent)).toThrow(RangeError);
  });
});
