import { describe, expect, it } from "vitest";
import { array, gradcheck, numbers, weigh } from "../../../test/gradcheck.ts";
import { read, scope, tensor, valueAndGrad, zeros } from "../index.ts";
import { logSoftmax, softmax } from "./softmax.ts";

const shapes = [[1], [2], [5], [3, 4], [2, 3, 7], [70, 3], [4, 67]];
const dtypes = ["float32", "float64"] as const;

describe.each([
  ["softmax", softmax, (p: number) => p],
  ["logSoftmax", logSoftmax, (p: number) => Math.log(p)],
] as const)("%s", (name, op, f) => {
  it.each(shapes.map((shape) => [shape]))("of %j is what its formula says", (shape) => {
    for (const dtype of dtypes)
      scope(() => {
        const a = tensor(array(shape, 1, 4).data, shape, dtype);
        const [x, y] = [read(a), read(op(a))];
        const c = shape[shape.length - 1];
        for (let row = 0; row < x.length; row += c) {
          const total = Array.from(x.slice(row, row + c)).reduce((s, l) => s + Math.exp(l), 0);
          for (let j = row; j < row + c; j++)
            expect(Math.abs(y[j] - f(Math.exp(x[j]) / total))).toBeLessThan(dtype === "float32" ? 3e-6 : 2e-15 * 8);
        }
      });
  });

  it("has the gradient that central differences have", () => {
    for (const shape of [[3], [4, 6], [2, 2, 5]]) gradcheck(({ a }) => weigh(op(a)), { a: array(shape, 2, 2) });
  });

  it("has the same gradient in float32, to its precision", () => {
    scope(() => {
      const [single, double] = dtypes.map((dtype) => {
        const a = tensor(numbers(55, 3), [5, 11], dtype);
        return read(valueAndGrad((p) => weigh(op(p["a"])), { a }).grads["a"]);
      });
      single.forEach((value, i) => expect(value).toBeCloseTo(double[i], 5));
    });
  });

  it("takes logits of any size", () => {
    scope(() => {
      for (const dtype of dtypes) {
        const y = read(op(tensor([3000, 2999, -3000, -Infinity], [4], dtype)));
        const p = 1 / (1 + Math.exp(-1));
        expect(y[0]).toBeCloseTo(f(p), 6);
        expect(y[1]).toBeCloseTo(f(1 - p), 6);
        expect(y[3]).toBe(f(0));
      }
    });
  });

  it("refuses a tensor without a last axis", () => {
    scope(() => {
      expect(() => op(zeros([], "float32"))).toThrow(`${name}: [] has no last axis`);
      expect(() => op(zeros([3, 0], "float32"))).toThrow(`${name}: [3, 0] has no last axis`);
    });
  });
});

describe("logSoftmax", () => {
  it("keeps the digits of the likeliest entry's logarithm", () => {
    scope(() => {
      const [top] = read(logSoftmax(tensor([40, 0], [2], "float64")));
      expect(top / -Math.exp(-40)).toBeCloseTo(1, 12);
    });
  });
});
