import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { array, gradcheck, numbers, weigh } from "../../../test/gradcheck.ts";
import { read, scope, square, tensor, zeros } from "../index.ts";
import { permute, reshape } from "./layout.ts";

/** Row-major position of a place. */
const position = (place: readonly number[], shape: readonly number[]): number =>
  place.reduce((at, index, axis) => at * shape[axis] + index, 0);

/** The place at a row-major position. */
function placeOf(at: number, shape: readonly number[]): number[] {
  const place: number[] = [];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    place[axis] = at % shape[axis];
    at = Math.floor(at / shape[axis]);
  }
  return place;
}

describe("permute", () => {
  it("moves every number to its place, for any rank", () => {
    const cases = fc
      .array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 6 })
      .chain((shape) =>
        fc.tuple(fc.constant(shape), fc.shuffledSubarray([...shape.keys()], { minLength: shape.length })),
      );
    fc.assert(
      fc.property(cases, fc.constantFrom("float32" as const, "float64" as const), ([shape, axes], dtype) => {
        scope(() => {
          const a = tensor(
            numbers(
              position(
                shape.map((s) => s - 1),
                shape,
              ) + 1,
              1,
            ),
            shape,
            dtype,
          );
          const out = permute(a, axes);
          const [from, to] = [read(a), read(out)];
          expect(out.shape).toEqual(axes.map((axis) => shape[axis]));
          from.forEach((value, at) => {
            const place = placeOf(at, shape);
            expect(
              to[
                position(
                  axes.map((axis) => place[axis]),
                  out.shape,
                )
              ],
            ).toBe(value);
          });
        });
      }),
    );
  });

  it("has the gradient that central differences have", () => {
    gradcheck(({ a }) => weigh(permute(square(a), [2, 0, 1])), { a: array([2, 3, 4], 1) });
  });

  it("refuses axes that are not each axis once", () => {
    scope(() => {
      const a = zeros([2, 3], "float32");
      for (const axes of [[0], [0, 0], [0, 2], [1, -1], [0, 1, 2]])
        expect(() => permute(a, axes)).toThrow(`permute: [2, 3] by [${axes.join(", ")}], give each of its 2 axes once`);
    });
  });
});

describe("reshape", () => {
  it("keeps the numbers in order", () => {
    scope(() => {
      const out = reshape(tensor([1, 2, 3, 4, 5, 6], [2, 3], "float32"), [3, 1, 2]);
      expect(out.shape).toEqual([3, 1, 2]);
      expect(Array.from(read(out))).toEqual([1, 2, 3, 4, 5, 6]);
    });
  });

  it("has the gradient that central differences have, also as the last op", () => {
    gradcheck(({ a }) => weigh(reshape(square(a), [6])), { a: array([2, 3], 1) });
    gradcheck(({ a }) => reshape(a, []), { a: array([1, 1], 1) });
  });

  it("refuses another number of numbers", () => {
    scope(() => {
      expect(() => reshape(zeros([2, 3], "float32"), [4, 2])).toThrow("reshape: [2, 3] to [4, 2], 6 and 8 numbers");
    });
  });
});
