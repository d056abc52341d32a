import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exportArrays, full, importArrays, indices, read, readIndices, scalarValue, scope, tensor } from "./index.ts";
import { view, zeros } from "./index.ts";

describe("tensors", () => {
  it("hold the numbers they were made of, rounded to their precision", () => {
    scope(() => {
      expect(read(tensor([1, 0.1, -3], [3], "float32"))).toEqual(new Float32Array([1, 0.1, -3]));
      expect(read(tensor([1, 0.1, -3, 4], [2, 2], "float64"))).toEqual(new Float64Array([1, 0.1, -3, 4]));
      expect(read(full([2, 1], 0.5, "float32"))).toEqual(new Float32Array([0.5, 0.5]));
      expect(read(zeros([0, 3], "float64"))).toEqual(new Float64Array(0));
      expect(scalarValue(tensor([7.25], [], "float32"))).toBe(7.25);
    });
  });

  it("do not change with the arrays they were made of, or that were read", () => {
    scope(() => {
      const shape = [2];
      const data = new Float64Array([1, 2]);
      const t = tensor(data, shape, "float64");
      data[0] = 9;
      shape[0] = 9;
      read(t)[1] = 9;
      expect(Array.from(read(t))).toEqual([1, 2]);
      expect(t.shape).toEqual([2]);
      view(t)[1] = 5;
      expect(Array.from(read(t))).toEqual([1, 5]);
    });
  });

  it("refuse shapes that do not fit", () => {
    expect(() => tensor([1, 2, 3], [2, 2], "float32")).toThrow("tensor: 3 numbers for the shape [2, 2], which holds 4");
    expect(() => zeros([2, -1], "float32")).toThrow("full: [2, -1] is not a shape");
    expect(() => zeros([1.5], "float32")).toThrow("is not a shape");
    scope(() => {
      expect(() => scalarValue(zeros([2], "float32"))).toThrow("scalarValue: [2] holds 2 numbers, not one");
    });
  });
});

describe("indices", () => {
  it("come back as they were, with their range", () => {
    scope(() => {
      const rows = indices([3, -1, 2 ** 31 - 1]);
      expect(readIndices(rows)).toEqual(new Int32Array([3, -1, 2 ** 31 - 1]));
      expect([rows.length, rows.min, rows.max]).toEqual([3, -1, 2 ** 31 - 1]);
      expect(indices([]).length).toBe(0);
    });
  });

  it("are whole numbers of 32 bits", () => {
    for (const wrong of [0.5, NaN, 2 ** 31])
      expect(() => indices([0, wrong])).toThrow(`indices: ${wrong} at position 1 is not a 32-bit integer`);
  });
});

describe("exportArrays and importArrays", () => {
  it("are inverse, bit for bit, NaN and -0 included", () => {
    const numbers = fc.array(fc.double(), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(numbers, fc.boolean(), (values, single) => {
        scope(() => {
          const data = single ? new Float32Array(values) : new Float64Array(values);
          const back = exportArrays(importArrays({ "a.b": { shape: [values.length], data } }))["a.b"];
          expect(back).toEqual({ shape: [values.length], data });
        });
      }),
    );
  });
});
