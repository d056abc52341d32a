import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type BitRows,
  type DType,
  ShapeError,
  type Tensor,
  bitMlp,
  bitProduct,
  bitRows,
  disposeBits,
  matmul,
  memoryInUse,
  mul,
  read,
  relu,
  scope,
  sum,
  tensor,
  valueAndGrad,
} from "../index.ts";
import { view } from "../tensor.ts";
import { filled, numbers } from "../../../test/gradcheck.ts";

interface Case {
  n: number;
  width: number;
  h: number;
  low: number;
  high: number;
  /** How many of the columns are constant, alternately 1 and 0. */
  constants: number;
  seed: number;
  dtype: DType;
}

const cases = (n: number, width: number, h: number, dtype?: DType): fc.Arbitrary<Case> =>
  fc
    .record({
      n: fc.integer({ min: 1, max: n }),
      width: fc.integer({ min: 1, max: width }),
      h: fc.integer({ min: 1, max: h }),
      range: fc.constantFrom([0, 1] as const, [-1, 1] as const, [0.25, 3] as const),
      constants: fc.integer({ min: 0, max: 3 }),
      seed: fc.nat(),
      dtype: dtype ? fc.constant(dtype) : fc.constantFrom<DType>("float32", "float64"),
    })
    .map(({ range: [low, high], ...rest }) => ({ ...rest, low, high }));

function bitsOf({ n, width, constants, seed }: Case): Uint8Array {
  const bits = Uint8Array.from(numbers(n * width, seed), (x) => Number(x > 0));
  for (let c = 0; c < Math.min(constants, width); c++)
    for (let i = 0; i < n; i++) bits[i * width + width - 1 - c] = (c + 1) % 2;
  return bits;
}

/** The same matrix as a tensor of `low` and `high`. */
const dense = (bits: Uint8Array, { n, width, low, high, dtype }: Case): Tensor =>
  tensor(
    Array.from(bits, (bit) => (bit === 1 ? high : low)),
    [n, width],
    dtype,
  );

/** The documented sums, one number at a time. */
function plain(bits: Uint8Array, rows: BitRows, W: ArrayLike<number>, { n, width, h, low, high, dtype }: Case) {
  const r = dtype === "float32" ? Math.fround : (x: number) => x;
  const constants = Array.from({ length: width }, (_, j) => j).filter((j) => !rows.varying.includes(j));
  const out: number[] = [];
  for (let i = 0; i < n; i++)
    for (let j = 0; j < h; j++) {
      const weight = (column: number): number => W[column * h + j];
      let result = 0;
      let first = 0;
      rows.chunks.forEach((chunk, c) => {
        const columns = rows.varying.slice(first, (first += chunk));
        let s = 0;
        if (c === 0) for (const column of constants) s = r(s + r((bits[column] ? high : low) * weight(column)));
        if (low !== 0) for (const column of columns) s = r(s + r(low * weight(column)));
        for (const column of columns) if (bits[i * width + column]) s = r(s + r((high - low) * weight(column)));
        result = c === 0 ? s : r(result + s);
      });
      out.push(result);
    }
  return out;
}

const largest = (values: Iterable<number>): number => Math.max(1, ...Array.from(values, Math.abs));
const tolerance = { float32: 2e-6, float64: 4e-15 };

/** Equal but for rounding, on the scale of the largest numbers. */
function expectClose(actual: Tensor, expected: Tensor, terms: number): void {
  const limit = tolerance[expected.dtype] * largest(read(expected)) * Math.max(4, terms);
  const [a, b] = [read(actual), read(expected)];
  expect(actual.shape).toEqual(expected.shape);
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i] - b[i]));
  expect(worst).toBeLessThan(limit);
}

describe("bitRows", () => {
  it("finds the columns that vary, and cuts them into chunks of nearly equal width", () => {
    scope(() => {
      const c: Case = { n: 1000, width: 31, h: 1, low: 0, high: 1, constants: 1, seed: 7, dtype: "float32" };
      const rows = bitRows(bitsOf(c), c.n, c.width);
      expect(rows.varying).toEqual(Array.from({ length: 30 }, (_, j) => j));
      expect(rows.chunks).toEqual([7, 8, 7, 8]);
    });
  });

  it("says what is wrong with its bits", () => {
    expect(() => bitRows(new Uint8Array(5), 2, 3)).toThrow("bitRows: 5 bits for the shape [2, 3], which holds 6");
    expect(() => bitRows(Uint8Array.of(0, 2), 1, 2)).toThrow("bitRows: 2 at position 1, allowed are 0 and 1");
  });

  it("gives its memory back", () => {
    const { bytes } = memoryInUse();
    disposeBits(bitRows(Uint8Array.of(0, 1, 1, 0), 2, 2));
    expect(memoryInUse().bytes).toBe(bytes);
  });
});

describe("bitProduct", () => {
  it("adds in the documented order, to the last bit", () => {
    const property = fc.property(cases(40, 40, 40), (c) => {
      scope(() => {
        const bits = bitsOf(c);
        const rows = bitRows(bits, c.n, c.width, c);
        const W = filled([c.width, c.h], c.seed + 1, c.dtype);
        expect(Array.from(read(bitProduct(rows, W)))).toEqual(plain(bits, rows, read(W), c));
      });
    });
    fc.assert(property, { numRuns: 200 });
  });

  it("is the matrix product of what the bits stand for, and so is its gradient", () => {
    const property = fc.property(cases(300, 40, 40), (c) => {
      scope(() => {
        const bits = bitsOf(c);
        const [rows, X] = [bitRows(bits, c.n, c.width, c), dense(bits, c)];
        const W = filled([c.width, c.h], c.seed + 1, c.dtype);
        const weights = filled([c.n, c.h], 3, c.dtype);
        const byLookup = valueAndGrad((p) => sum(mul(bitProduct(rows, p["W"]), weights)), { W });
        const byMatmul = valueAndGrad((p) => sum(mul(matmul(X, p["W"]), weights)), { W });
        expectClose(bitProduct(rows, W), matmul(X, W), c.width);
        expectClose(byLookup.grads["W"], byMatmul.grads["W"], Math.sqrt(c.n));
      });
    });
    fc.assert(property, { numRuns: 100 });
  });

  it("gives a unit the same bits whatever other units there are", () => {
    scope(() => {
      const c: Case = { n: 200, width: 31, h: 41, low: 0, high: 1, constants: 1, seed: 5, dtype: "float32" };
      const rows = bitRows(bitsOf(c), c.n, c.width);
      const W = filled([c.width, c.h], 1, c.dtype);
      const narrow = (t: Tensor, h: number): Tensor =>
        tensor(
          read(t).filter((_, at) => at % c.h < h),
          [t.shape[0], h],
          c.dtype,
        );
      const d = filled([c.n, c.h], 2, c.dtype);
      const grad = (w: Tensor, weights: Tensor): Tensor =>
        valueAndGrad((p) => sum(mul(bitProduct(rows, p["W"]), weights)), { W: w }).grads["W"];
      for (const h of [1, 5, 16, 33]) {
        expect(read(bitProduct(rows, narrow(W, h)))).toEqual(read(narrow(bitProduct(rows, W), h)));
        expect(read(grad(narrow(W, h), narrow(d, h)))).toEqual(read(narrow(grad(W, d), h)));
      }
    });
  });

  it("names the shapes that do not fit", () => {
    scope(() => {
      const rows = bitRows(Uint8Array.of(0, 1, 1, 0), 2, 2);
      expect(() => bitProduct(rows, filled([3, 4], 1, "float32"))).toThrow(ShapeError);
      expect(() => bitProduct(rows, filled([3, 4], 1, "float32"))).toThrow("bits [2, 2] @ [3, 4], inner sizes differ");
    });
  });
});

describe("bitMlp", () => {
  const network = (rows: BitRows, W_in: Tensor, W_out: Tensor): Tensor => matmul(relu(bitProduct(rows, W_in)), W_out);

  it("is bitProduct, relu and matmul in one, and so is its gradient", () => {
    const property = fc.property(cases(300, 40, 40), (c) => {
      scope(() => {
        const rows = bitRows(bitsOf(c), c.n, c.width, c);
        const params = { W_in: filled([c.width, c.h], 1, c.dtype), W_out: filled([c.h, 1], 2, c.dtype) };
        const weights = filled([c.n, 1], 3, c.dtype);
        const both = [bitMlp, network].map((f) =>
          valueAndGrad((p) => sum(mul(f(rows, p["W_in"], p["W_out"]), weights)), params),
        );
        expectClose(bitMlp(rows, params.W_in, params.W_out), network(rows, params.W_in, params.W_out), c.width + c.h);
        expectClose(both[0].grads["W_in"], both[1].grads["W_in"], Math.sqrt(c.n));
        // Bounded by the sizes of the terms, which cancel: width weights times sums over n samples.
        expectClose(both[0].grads["W_out"], both[1].grads["W_out"], c.width * Math.sqrt(c.n));
      });
    });
    fc.assert(property, { numRuns: 200 });
  });

  it("computes the same with and without a gradient to come", () => {
    scope(() => {
      const c: Case = { n: 50, width: 9, h: 37, low: 0, high: 1, constants: 1, seed: 5, dtype: "float32" };
      const rows = bitRows(bitsOf(c), c.n, c.width);
      const params = { W_in: filled([c.width, c.h], 1, c.dtype), W_out: filled([c.h, 1], 2, c.dtype) };
      const { value } = valueAndGrad((p) => sum(bitMlp(rows, p["W_in"], p["W_out"])), params);
      expect(read(value)).toEqual(read(sum(bitMlp(rows, params.W_in, params.W_out))));
    });
  });

  it("has the gradient of its definition, by central differences", () => {
    const property = fc.property(cases(20, 12, 20, "float64"), fc.nat(), (c, pick) => {
      scope(() => {
        const rows = bitRows(bitsOf(c), c.n, c.width, c);
        const params = { W_in: filled([c.width, c.h], 1, c.dtype), W_out: filled([c.h, 1], 2, c.dtype) };
        const weights = filled([c.n, 1], 3, c.dtype);
        const loss = (p: typeof params): Tensor => sum(mul(bitMlp(rows, p.W_in, p.W_out), weights));
        const { grads } = valueAndGrad((p) => loss(p as typeof params), params);
        for (const [name, t] of Object.entries(params)) {
          const at = pick % t.size;
          const original = read(t)[at];
          const along = (step: number): number => {
            view(t)[at] = original + step;
            const value = read(loss(params))[0];
            view(t)[at] = original;
            return value;
          };
          // Linear between the kinks of relu; with the seed below no unit comes within a step of its kink.
          const slope = (along(1e-6) - along(-1e-6)) / 2e-6;
          expect(Math.abs(read(grads[name])[at] - slope)).toBeLessThan(1e-7 * largest(read(grads[name])));
        }
      });
    });
    fc.assert(property, { numRuns: 100, seed: 7 });
  });

  it("takes relu's gradient at 0 as 0", () => {
    scope(() => {
      const rows = bitRows(Uint8Array.of(1, 0, 1, 1), 2, 2);
      const params = { W_in: tensor([1, 0, -1, 0], [2, 2], "float64"), W_out: tensor([2, 3], [2, 1], "float64") };
      // Hidden [1, 0] and [0, 0]: only the first unit is active, on the first sample.
      const { value, grads } = valueAndGrad((p) => sum(bitMlp(rows, p["W_in"], p["W_out"])), params);
      expect(read(value)[0]).toBe(2);
      expect(Array.from(read(grads["W_in"]))).toEqual([2, 0, 0, 0]);
      expect(Array.from(read(grads["W_out"]))).toEqual([1, 0]);
    });
  });

  it("lets a NaN through", () => {
    scope(() => {
      const rows = bitRows(Uint8Array.of(1, 0, 1, 1), 2, 2);
      const out = bitMlp(rows, tensor([1, 1, NaN, 1], [2, 2], "float32"), tensor([1, 1], [2, 1], "float32"));
      expect(Array.from(read(out))).toEqual([2, NaN]);
    });
  });

  it("names the shapes that do not fit", () => {
    scope(() => {
      const rows = bitRows(Uint8Array.of(0, 1, 1, 0), 2, 2);
      expect(() => bitMlp(rows, filled([2, 4], 1, "float32"), filled([4], 1, "float32"))).toThrow(
        "bitMlp: [2, 4] in float32 and [4] in float32, the second must be [4, 1]",
      );
    });
  });
});
