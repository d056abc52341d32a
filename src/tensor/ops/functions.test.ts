import { describe, expect, it } from "vitest";
import { array, gradcheck, numbers, weigh } from "../../../test/gradcheck.ts";
import { type Tensor, read, scope, tensor, valueAndGrad } from "../index.ts";
import { cos, exp, log, relu, sin, sqrt, square, tanh } from "./functions.ts";

/** op, the same function elsewhere, and where to try it: numbers from -1 to 1 times and plus these. */
const functions: readonly [string, (a: Tensor) => Tensor, (x: number) => number, number, number][] = [
  ["exp", exp, Math.exp, 3, 0],
  ["log", log, Math.log, 1.9, 2],
  ["tanh", tanh, Math.tanh, 2, 0],
  ["sin", sin, Math.sin, 5, 0],
  ["cos", cos, Math.cos, 5, 0],
  ["sqrt", sqrt, Math.sqrt, 1, 2],
  ["relu", relu, (x) => Math.max(x, 0), 1, 0],
  ["square", square, (x) => x * x, 2, 0],
];

describe.each(functions)("%s", (_, op, f, spread, middle) => {
  it("agrees with the engine's own to the last digits, in both precisions", () => {
    scope(() => {
      const { data } = array([3, 7], 1, spread, middle);
      const double = read(op(tensor(data, [3, 7], "float64")));
      const single = read(op(tensor(data, [3, 7], "float32")));
      data.forEach((x, i) => {
        expect(Math.abs(double[i] - f(x))).toBeLessThanOrEqual(1e-15 * (1 + Math.abs(f(x))));
        expect(Math.abs(single[i] - f(Math.fround(x)))).toBeLessThanOrEqual(3e-7 * (1e-3 + Math.abs(f(x))));
      });
    });
  });

  it("has the gradient that central differences have", () => {
    gradcheck(({ a }) => weigh(op(a)), { a: array([3, 7], 2, spread, middle) });
  });

  it("has the same gradient in float32, to its precision", () => {
    scope(() => {
      const [single, double] = (["float32", "float64"] as const).map((dtype) => {
        const a = tensor(array([9], 3, spread, middle).data, [9], dtype);
        return read(valueAndGrad((p) => weigh(op(p["a"])), { a }).grads["a"]);
      });
      single.forEach((value, i) => expect(Math.abs(value - double[i])).toBeLessThan(1e-6 * (1 + Math.abs(double[i]))));
    });
  });
});

describe("relu", () => {
  it("has slope 0 at 0, and lets NaN through", () => {
    scope(() => {
      const a = tensor([0, -0, -1, 2, NaN], [5], "float32");
      expect(Array.from(read(relu(a)))).toEqual([0, -0, 0, 2, NaN]);
      const { grads } = valueAndGrad((p) => weigh(relu(p["a"])), { a });
      const weights = numbers(5, 99);
      expect(Array.from(read(grads["a"]))).toEqual([0, 0, 0, Math.fround(weights[3]), 0]);
    });
  });
});
