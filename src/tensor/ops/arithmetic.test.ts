import { describe, expect, it } from "vitest";
import { array, gradcheck, numbers, weigh } from "../../../test/gradcheck.ts";
import { type DType, type Tensor, read, scope, tensor, valueAndGrad } from "../index.ts";
import { add, addScalar, div, mul, neg, scale, sub } from "./arithmetic.ts";

const dtypes: readonly DType[] = ["float32", "float64"];
const round = (dtype: DType, x: number): number => (dtype === "float32" ? Math.fround(x) : x);
const binary = {
  add: { op: add, f: (x: number, y: number) => x + y },
  sub: { op: sub, f: (x: number, y: number) => x - y },
  mul: { op: mul, f: (x: number, y: number) => x * y },
  div: { op: div, f: (x: number, y: number) => x / y },
};
/** Shapes of a and b, whose shape ends a's. */
const shapes: readonly [readonly number[], readonly number[]][] = [
  [[7], [7]],
  [
    [3, 5],
    [3, 5],
  ],
  [[3, 5], [5]],
  [
    [2, 3, 5],
    [3, 5],
  ],
  [[2, 3, 5], [5]],
  [[4, 1], [1]],
  [[2, 9], []],
  [[1, 6], [6]],
  [[], []],
  [[5, 0], [0]],
];

describe.each(Object.entries(binary))("%s", (_, { op, f }) => {
  it.each(shapes)("of %j and %j is the operation on each pair, rounded once", (left, right) => {
    for (const dtype of dtypes)
      scope(() => {
        const a = tensor(array(left, 1).data, left, dtype);
        const b = tensor(array(right, 2, 1, 1.5).data, right, dtype);
        const [x, y, out] = [read(a), read(b), op(a, b)];
        expect(out.shape).toEqual(left);
        expect(Array.from(read(out))).toEqual(Array.from(x, (value, i) => round(dtype, f(value, y[i % y.length]))));
      });
  });

  it.each(shapes)("of %j and %j has the gradient that central differences have", (left, right) => {
    gradcheck(({ a, b }) => weigh(op(a, b)), { a: array(left, 3), b: array(right, 4, 0.5, 2) });
    gradcheck(({ a }) => weigh(op(a, a)), { a: array(left, 5, 0.5, 2) }); // both operands at once
  });

  it("has the same gradient in float32, to its precision", () => {
    scope(() => {
      const [single, double] = dtypes.map((dtype) => {
        const params = { a: tensor(numbers(15, 6), [3, 5], dtype), b: tensor([1, 2, 3, 4, -2], [5], dtype) };
        const { grads } = valueAndGrad(({ a, b }) => weigh(op(a, b)), params);
        return [...read(grads["a"]), ...read(grads["b"])];
      });
      single.forEach((value, i) => expect(value).toBeCloseTo(double[i], 5));
    });
  });

  it("refuses shapes and precisions that do not fit, naming both", () => {
    scope(() => {
      const a = tensor(numbers(30, 1), [6, 5], "float32");
      const name = op.name;
      expect(() => op(a, tensor(numbers(4, 1), [4], "float32"))).toThrow(
        `${name}: [6, 5] and [4], the second must end the first's shape`,
      );
      expect(() => op(tensor(numbers(5, 1), [5], "float32"), a)).toThrow(`${name}: [5] and [6, 5]`);
      expect(() => op(a, tensor(numbers(6, 1), [6, 1], "float32"))).toThrow(`${name}: [6, 5] and [6, 1]`);
      expect(() => op(a, tensor(numbers(5, 1), [5], "float64"))).toThrow(
        `${name}: [6, 5] in float32 and [5] in float64, precisions differ`,
      );
    });
  });
});

describe("scale, addScalar and neg", () => {
  const unary: readonly [string, (a: Tensor) => Tensor, (x: number) => number][] = [
    ["scale", (a) => scale(a, 0.3), (x) => x * 0.3],
    ["addScalar", (a) => addScalar(a, 0.3), (x) => x + 0.3],
    ["neg", neg, (x) => -x],
  ];

  it.each(unary)("%s is the operation on each number", (_, op, f) => {
    scope(() => {
      const x = numbers(11, 1);
      expect(Array.from(read(op(tensor(x, [11], "float64"))))).toEqual(Array.from(x, f));
      const single = read(op(tensor(x, [11], "float32")));
      single.forEach((y, i) => expect(y).toBeCloseTo(f(x[i]), 6));
    });
  });

  it.each(unary)("%s has the gradient that central differences have", (_, op) => {
    gradcheck(({ a }) => weigh(op(a)), { a: array([2, 5], 1) });
  });
});
