import { describe, expect, it } from "vitest";
import { array, filled, gradcheck, weigh } from "../../../test/gradcheck.ts";
import { read, scope, tensor, valueAndGrad, zeros } from "../index.ts";
import { layerNorm } from "./layer-norm.ts";

describe("layerNorm", () => {
  it.each([[[1, 2]], [[3, 5]], [[2, 3, 8]], [[5, 67]]])("of %j is what its formula says", (shape) => {
    for (const dtype of ["float32", "float64"] as const)
      scope(() => {
        const d = shape.at(-1)!;
        const [x, w, b] = [tensor(array(shape, 1, 3, 2).data, shape, dtype), filled([d], 2, dtype), filled([d], 3, dtype)]; // prettier-ignore
        const [found, xs, ws, bs] = [layerNorm(x, w, b), x, w, b].map((t) => read(t));
        for (let row = 0; row < xs.length; row += d) {
          const values = Array.from(xs.slice(row, row + d));
          const mean = values.reduce((s, value) => s + value, 0) / d;
          const variance = values.reduce((s, value) => s + (value - mean) ** 2, 0) / d;
          values.forEach((value, j) => {
            const wanted = ((value - mean) / Math.sqrt(variance + 1e-5)) * ws[j] + bs[j];
            expect(Math.abs(found[row + j] - wanted)).toBeLessThan(dtype === "float32" ? 2e-6 : 1e-14);
          });
        }
      });
  });

  it("has the gradient that central differences have", () => {
    for (const shape of [
      [2, 2],
      [4, 5],
      [2, 3, 8],
    ]) {
      // prettier-ignore
      const d = shape.at(-1)!;
      gradcheck(({ x, w, b }) => weigh(layerNorm(x, w, b)), { x: array(shape, 1, 2), w: array([d], 2), b: array([d], 3) }); // prettier-ignore
    }
  });

  it("has the same gradient in float32, to its precision, and leaves a gradient that others use alone", () => {
    scope(() => {
      const grads = (["float32", "float64"] as const).map((dtype) => {
        const params = { x: filled([7, 19], 4, dtype), w: filled([19], 5, dtype), b: filled([19], 6, dtype) };
        return valueAndGrad(({ x, w, b }) => weigh(layerNorm(layerNorm(x, w, b), w, b)), params).grads;
      });
      for (const name of ["x", "w", "b"]) {
        const double = read(grads[1][name]);
        read(grads[0][name]).forEach((value, i) => expect(value).toBeCloseTo(double[i], 4));
      }
    });
  });

  it("of a row without variance is its bias", () => {
    scope(() => {
      const b = filled([4], 1, "float64");
      expect(read(layerNorm(tensor([3, 3, 3, 3], [1, 4], "float64"), filled([4], 2, "float64"), b))).toEqual(read(b));
    });
  });

  it("refuses a gain of another size", () => {
    scope(() => {
      const x = zeros([2, 3], "float32");
      expect(() => layerNorm(x, zeros([2], "float32"), zeros([3], "float32"))).toThrow(
        /layerNorm: \[2, 3\] with \[2\]/,
      );
      expect(() => layerNorm(x, zeros([3], "float64"), zeros([3], "float32"))).toThrow(/precisions differ/);
    });
  });
});
