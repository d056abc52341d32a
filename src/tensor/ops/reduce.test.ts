import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { array, gradcheck, numbers, weigh } from "../../../test/gradcheck.ts";
import { type FloatArray, type Tensor, dispose, keep, read, scalarValue, scope, tensor, zeros } from "../index.ts";
import { valueAndGrad } from "../index.ts";
import { max, mean, sum } from "./reduce.ts";

/** The numbers along `axis`, for each place of the others, in row-major order. */
function lines(data: FloatArray, shape: readonly number[], axis: number): number[][] {
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const k = shape[axis];
  const found: number[][] = [];
  for (let o = 0; o < data.length / (k * inner); o++)
    for (let i = 0; i < inner; i++) found.push(Array.from({ length: k }, (_, j) => data[(o * k + j) * inner + i]));
  return found;
}

const reductions: readonly [string, (a: Tensor, axis: number) => Tensor, (line: number[]) => number][] = [
  ["sum", sum, (line) => line.reduce((a, b) => a + b, 0)],
  ["mean", mean, (line) => line.reduce((a, b) => a + b, 0) / line.length],
  ["max", max, (line) => Math.max(...line)],
];
const shapes = [[19], [3, 19], [19, 3], [4, 9, 11], [2, 3, 4, 5]];

describe.each(reductions)("%s", (_, op, f) => {
  it.each(shapes.map((shape) => [shape]))("over each axis of %j is what plain loops give", (shape) => {
    for (const dtype of ["float32", "float64"] as const)
      scope(() => {
        const a = tensor(array(shape, 1).data, shape, dtype);
        shape.forEach((_size, axis) => {
          const expected = lines(read(a), shape, axis).map(f);
          for (const out of [op(a, axis), op(a, axis - shape.length)]) {
            expect(out.shape).toEqual(shape.filter((_length, i) => i !== axis));
            const tolerance = dtype === "float32" ? 1e-6 : 1e-14;
            read(out).forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(tolerance));
          }
        });
      });
  });

  it("has the gradient that central differences have", () => {
    for (const axis of [0, 1, 2]) gradcheck(({ a }) => weigh(op(a, axis)), { a: array([3, 4, 5], 7) });
  });

  it("refuses an axis that is not there", () => {
    scope(() => {
      const a = zeros([2, 3], "float32");
      expect(() => op(a, 2)).toThrow(`${op.name}: [2, 3] has no axis 2`);
      expect(() => op(a, -3)).toThrow(`${op.name}: [2, 3] has no axis -3`);
    });
  });
});

describe("sum and mean of everything", () => {
  it("agree with plain loops at any length, and with their gradients", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), (n) => {
        scope(() => {
          const x = numbers(n, n);
          const a = tensor(x, [n], "float64");
          const total = x.reduce((s, y) => s + y, 0);
          expect(scalarValue(sum(a))).toBeCloseTo(total, 13);
          expect(scalarValue(mean(a))).toBeCloseTo(total / n, 13);
        });
      }),
    );
    gradcheck(({ a }) => sum(a), { a: array([2, 3], 1) });
    gradcheck(({ a }) => mean(a), { a: array([2, 3], 1) });
  });

  it("lose nothing in float32, because they add in float64", () => {
    scope(() => {
      const data = new Float32Array(100_001).fill(0.1);
      data[0] = 1e6;
      const exact = data.reduce((s, x) => s + x, 0);
      expect(scalarValue(sum(tensor(data, [data.length], "float32")))).toBe(Math.fround(exact));
      const columns = read(sum(tensor(data.slice(1), [10_000, 10], "float32"), 0));
      columns.forEach((x) => expect(x).toBe(Math.fround(10_000 * Math.fround(0.1))));
    });
  });

  it("give the same bits wherever the tensor lies in memory", () => {
    scope(() => {
      const x = numbers(1001, 5);
      const first = scalarValue(sum(tensor(x, [1001], "float32")));
      keep(zeros([123], "float64"));
      expect(scalarValue(sum(tensor(x, [7, 11, 13], "float32")))).toBe(first);
    });
  });

  it("of nothing are 0 and NaN", () => {
    const nothing = zeros([0], "float64");
    scope(() => expect([scalarValue(sum(nothing)), scalarValue(mean(nothing))]).toEqual([0, NaN]));
    dispose(nothing);
  });
});

describe("max", () => {
  it("gives the whole gradient to the first of equal numbers, and NaN when there is one", () => {
    scope(() => {
      const a = tensor([1, 3, 3, 2, NaN, 1], [2, 3], "float64");
      const { grads } = valueAndGrad((p) => sum(max(p["a"], 1)), { a });
      expect(Array.from(read(max(a, 1)))).toEqual([3, NaN]);
      expect(Array.from(read(grads["a"])).slice(0, 3)).toEqual([0, 1, 0]);
    });
  });
});
