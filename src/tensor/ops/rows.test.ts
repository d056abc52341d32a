import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { array, gradcheck, numbers, weigh } from "../../../test/gradcheck.ts";
import { add, indices, read, scope, square, tensor, valueAndGrad, zeros } from "../index.ts";
import { gatherRows, gatherSum } from "./rows.ts";

const dtypes = ["float32", "float64"] as const;

describe("gatherRows", () => {
  it("picks rows, also of any length and more than once", () => {
    const widths = fc.integer({ min: 1, max: 11 });
    fc.assert(
      fc.property(widths, fc.array(fc.nat(6), { maxLength: 20 }), fc.constantFrom(...dtypes), (d, rows, dtype) => {
        scope(() => {
          const table = tensor(numbers(7 * d, 1), [7, d], dtype);
          const t = read(table);
          const out = gatherRows(table, indices(rows));
          expect(out.shape).toEqual([rows.length, d]);
          expect(Array.from(read(out))).toEqual(rows.flatMap((r) => Array.from(t.slice(r * d, r * d + d))));
        });
      }),
    );
  });

  it("has the gradient that central differences have", () => {
    scope(() => {
      const rows = indices([2, 0, 2, 3, 2]);
      gradcheck(({ t }) => weigh(gatherRows(square(t), rows)), { t: array([4, 5], 1) });
    });
  });

  it("refuses rows that are not there", () => {
    scope(() => {
      const table = zeros([4, 5], "float32");
      expect(() => gatherRows(table, indices([0, 4]))).toThrow("gatherRows: indices from 0 to 4, allowed are 0 to 3");
      expect(() => gatherRows(table, indices([-1]))).toThrow("gatherRows: indices from -1 to -1");
      expect(() => gatherRows(zeros([4], "float32"), indices([0]))).toThrow("gatherRows: [4] is not a table");
    });
  });
});

describe("gatherSum", () => {
  const n = 9;
  const tokens = Array.from({ length: n * 3 }, (_, i) => (i * i + 3 * i) % 6);

  it("adds one row of each table, to the bit like adding gathered rows", () => {
    for (const dtype of dtypes)
      scope(() => {
        const a = tensor(numbers(30, 1), [6, 5], dtype);
        const b = tensor(numbers(30, 2), [6, 5], dtype);
        const column = (j: number) => indices(tokens.filter((_, i) => i % 3 === j));
        const parts = [gatherRows(a, column(0)), gatherRows(b, column(1)), gatherRows(a, column(2))];
        expect(read(gatherSum([a, b, a], indices(tokens), n))).toEqual(read(add(add(parts[0], parts[1]), parts[2])));
      });
  });

  it("has the gradient of gathered rows, also for a table at several positions", () => {
    scope(() => {
      const t = indices(tokens);
      const arrays = { a: array([6, 5], 1), b: array([6, 5], 2) };
      gradcheck(({ a, b }) => weigh(square(gatherSum([a, b, a], t, n))), arrays);
      gradcheck(({ a, b }) => weigh(gatherSum([square(a), b, a], t, n)), arrays);
    });
  });

  it("has a gradient only for tables that are followed", () => {
    scope(() => {
      const [a, b] = [1, 2].map((seed) => tensor(numbers(30, seed), [6, 5], "float32"));
      const t = indices(tokens.slice(0, 18));
      const both = valueAndGrad((p) => weigh(gatherSum([p["a"], p["b"]], t, 9)), { a, b }).grads;
      const one = valueAndGrad((p) => weigh(gatherSum([p["a"], p["b"]], t, 9)), { a, b }, { except: ["a"] }).grads;
      expect(Object.keys(one)).toEqual(["b"]);
      expect(read(one["b"])).toEqual(read(both["b"]));
    });
  });

  it("takes tables of different lengths, and checks each position against its own", () => {
    scope(() => {
      const long = tensor(numbers(12, 1), [6, 2], "float64");
      const short = tensor([10, 20, 30, 40], [2, 2], "float64");
      const out = read(gatherSum([long, short], indices([5, 1, 0, 0]), 2));
      const l = read(long);
      expect(Array.from(out)).toEqual([l[10] + 30, l[11] + 40, l[0] + 10, l[1] + 20]);
      expect(() => gatherSum([long, short], indices([5, 1, 0, 2]), 2)).toThrow(
        "gatherSum: token 2 at position 1, allowed are 0 to 1",
      );
    });
  });

  it("refuses tables and tokens that do not fit", () => {
    scope(() => {
      const table = zeros([4, 5], "float32");
      expect(() => gatherSum([], indices([]), 0)).toThrow("gatherSum: no tables");
      expect(() => gatherSum([table, table], indices([0, 1, 2]), 2)).toThrow("gatherSum: 3 tokens for 2 rows of 2");
      expect(() => gatherSum([table, zeros([4, 6], "float32")], indices([0, 1]), 1)).toThrow(
        "gatherSum: [4, 5] and [4, 6], row lengths differ",
      );
      expect(() => gatherSum([table, zeros([4, 5], "float64")], indices([0, 1]), 1)).toThrow("precisions differ");
    });
  });
});
