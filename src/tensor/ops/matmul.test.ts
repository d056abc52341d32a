import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type DType,
  type FloatArray,
  type MatmulOptions,
  ShapeError,
  type Tensor,
  matmul,
  mul,
  read,
  scope,
  sum,
  tensor,
  valueAndGrad,
} from "../index.ts";
import { view } from "../tensor.ts";
import { sizeOf } from "../op.ts";
import { filled, numbers } from "../../../test/gradcheck.ts";

const round = { float32: Math.fround, float64: (x: number) => x };

interface Case {
  batch: number;
  shared: boolean;
  m: number;
  n: number;
  k: number;
  transposeA: boolean;
  transposeB: boolean;
  dtype: DType;
}

/** s = 0, then s = s + a b for ascending k, each operation rounded. */
function plain(a: FloatArray, b: FloatArray, { batch, shared, m, n, k, transposeA, transposeB, dtype }: Case) {
  const r = round[dtype];
  const out: number[] = [];
  for (let q = 0; q < batch; q++)
    for (let i = 0; i < m; i++)
      for (let j = 0; j < n; j++) {
        let s = 0;
        for (let t = 0; t < k; t++) {
          const x = a[q * m * k + (transposeA ? t * m + i : i * k + t)];
          const y = b[(shared ? 0 : q * n * k) + (transposeB ? j * k + t : t * n + j)];
          s = r(s + r(x * y));
        }
        out.push(s);
      }
  return out;
}

function operands({ batch, shared, m, n, k, transposeA, transposeB, dtype }: Case): [Tensor, Tensor] {
  const a = transposeA ? [k, m] : [m, k];
  const b = transposeB ? [n, k] : [k, n];
  const lead = batch === 1 && shared ? [] : [batch];
  return [filled([...lead, ...a], 1, dtype), filled(shared ? b : [...lead, ...b], 2, dtype)];
}

const anyCase = (size: number): fc.Arbitrary<Case> =>
  fc.record({
    batch: fc.integer({ min: 1, max: 3 }),
    shared: fc.boolean(),
    m: fc.integer({ min: 1, max: size }),
    n: fc.integer({ min: 1, max: size }),
    k: fc.integer({ min: 1, max: size }),
    transposeA: fc.boolean(),
    transposeB: fc.boolean(),
    dtype: fc.constantFrom("float32", "float64"),
  });

function check(c: Case): void {
  scope(() => {
    const [a, b] = operands(c);
    expect(Array.from(read(matmul(a, b, c)))).toEqual(plain(read(a), read(b), c));
  });
}

describe("matmul", () => {
  it("adds in the order of k, to the last bit, for all sizes and transposes", () => {
    fc.assert(fc.property(anyCase(40), check), { numRuns: 300 });
  });

  const large = { batch: 1, shared: true, transposeA: false, transposeB: false, dtype: "float32" as const };
  it.each<Partial<Case>>([
    { m: 67, n: 24, k: 500 }, // deeper than a block
    { m: 24, n: 67, k: 500, transposeB: true }, // cheaper the other way round
    { m: 24, n: 67, k: 911, transposeA: true },
    { m: 24, n: 67, k: 911, transposeA: true, dtype: "float64" },
    { m: 5, n: 1031, k: 300 }, // more columns than are packed at once
    { m: 1, n: 17, k: 600 },
    { m: 600, n: 130, k: 9, transposeA: true }, // far rows, read often
    { m: 301, n: 70, k: 259, transposeA: true, transposeB: true, dtype: "float64" },
  ])("does so past every block: %o", (sizes) => {
    check({ ...large, ...sizes } as Case);
  });

  it("gives the same bits for a row whatever other rows there are", () => {
    scope(() => {
      const b = filled([300, 33], 2, "float32");
      const whole = read(matmul(filled([50, 300], 1, "float32"), b));
      const first = read(matmul(filled([7, 300], 1, "float32"), b));
      expect(first).toEqual(whole.slice(0, 7 * 33));
    });
  });

  it("takes no part of its neighbours in memory: NaN around the operands stays there", () => {
    scope(() => {
      const [a, b] = [filled([5, 3], 1, "float32"), filled([3, 7], 2, "float32")];
      const beside = filled([64], 3, "float32");
      view(beside).fill(NaN);
      expect(read(matmul(a, b)).every(Number.isFinite)).toBe(true);
      expect(view(beside).every(Number.isNaN)).toBe(true);
    });
  });

  it("has the gradient of its definition, by central differences", () => {
    const sizes = fc.tuple(anyCase(6), fc.nat()).map(([c, pick]) => ({ ...c, dtype: "float64" as const, pick }));
    const property = fc.property(sizes, (c) => {
      scope(() => {
        const [a, b] = operands(c);
        // A weight for each output, so that no two of them can be mixed up.
        const loss = (x: Tensor, y: Tensor): Tensor => {
          const out = matmul(x, y, c);
          return sum(mul(out, filled([...out.shape], 3, "float64")));
        };
        const { grads } = valueAndGrad((p) => loss(p["a"], p["b"]), { a, b });
        for (const [name, t] of [
          ["a", a],
          ["b", b],
        ] as const) {
          const at = c.pick % t.size;
          const original = view(t)[at];
          const along = (h: number): number => {
            view(t)[at] = original + h;
            return read(loss(a, b))[0];
          };
          const slope = (along(1e-3) - along(-1e-3)) / 2e-3; // exact but for rounding: the loss is linear in each
          view(t)[at] = original;
          expect(read(grads[name])[at]).toBeCloseTo(slope, 9);
        }
      });
    });
    fc.assert(property, { numRuns: 100 });
  });

  it.each([
    [true, [3, 4, 2]],
    [false, [3, 2, 4]],
  ])("sums the gradient of a shared matrix over (batch, row) in that order, transposed %s", (transposeA, shape) => {
    scope(() => {
      const [a, b] = [filled(shape, 1, "float32"), filled([4, 5], 2, "float32")];
      const { grads } = valueAndGrad((p) => sum(matmul(a, p["b"], { transposeA })), { b });
      const expected = Array.from({ length: 20 }, (_, at) => {
        const t = Math.floor(at / 5);
        let s = 0;
        for (let q = 0; q < 3; q++)
          for (let i = 0; i < 2; i++) s = Math.fround(s + read(a)[q * 8 + (transposeA ? t * 2 + i : i * 4 + t)]);
        return s;
      });
      expect(Array.from(read(grads["b"]))).toEqual(expected);
    });
  });

  describe("with zeros left out", () => {
    /** `share` of the numbers not zero; some of the zeros negative. */
    const sparse = (shape: readonly number[], share: number, seed: number, dtype: DType): Tensor => {
      const chosen = numbers(sizeOf(shape), seed + 1);
      const data = numbers(sizeOf(shape), seed).map((x, i) => (chosen[i] < 2 * share - 1 ? x : x < 0 ? -0 : 0));
      return tensor(data, shape, dtype);
    };
    /** Result and both gradients, the gradient by the result being `g`. */
    const all = (a: Tensor, b: Tensor, g: Tensor, options: MatmulOptions): number[][] => {
      const { grads } = valueAndGrad((p) => sum(mul(matmul(p["a"], p["b"], options), g)), { a, b });
      return [matmul(a, b, options), grads["a"], grads["b"]].map((t) => Array.from(read(t)));
    };
    const checkZeros = (c: Case, share: number): void => {
      scope(() => {
        const [a, b] = operands(c);
        const g = filled([c.m, c.n], 3, c.dtype);
        const few = sparse(a.shape, share, 4, c.dtype);
        expect(all(few, b, g, { ...c, zeros: "a" })).toEqual(all(few, b, g, c));
        const fewer = sparse(g.shape, share, 4, c.dtype);
        expect(all(a, b, fewer, { ...c, zeros: "gradient" })).toEqual(all(a, b, fewer, c));
      });
    };

    it("has the same bits for all sizes, transposes and shares", () => {
      const any = fc.tuple(anyCase(60), fc.constantFrom(0, 0.1, 0.5, 0.9));
      const property = fc.property(any, ([c, share]) => {
        checkZeros({ ...c, batch: 1, shared: true }, share);
      });
      fc.assert(property, { numRuns: 200 });
    });

    it.each<Partial<Case>>([
      { m: 301, n: 70, k: 500 }, // deeper than a block, more rows than are listed at once
      { m: 70, n: 301, k: 500, transposeA: true, transposeB: true },
      { m: 19, n: 1100, k: 200, transposeA: true }, // more columns than are packed at once
      { m: 40, n: 600, k: 411, transposeB: true, dtype: "float64" },
    ])("does so past every block: %o", (sizes) => {
      checkZeros({ ...large, ...sizes } as Case, 0.3);
    });

    it("leaves them out: what is infinite meets none of them", () => {
      scope(() => {
        const [a, b] = [filled([4, 20], 1, "float32"), filled([20, 9], 2, "float32")];
        for (let i = 0; i < 4; i++) for (let t = 0; t < 10; t++) view(a)[i * 20 + t] = 0;
        view(b).fill(Infinity, 0, 9);
        expect(read(matmul(a, b)).some(Number.isNaN)).toBe(true);
        expect(read(matmul(a, b, { zeros: "a" })).every(Number.isFinite)).toBe(true);
      });
    });

    it("is a batch's plain product where there is one", () => {
      scope(() => {
        const [a, b] = [sparse([3, 5, 7], 0.3, 1, "float64"), filled([3, 7, 4], 2, "float64")];
        expect(read(matmul(a, b, { zeros: "a" }))).toEqual(read(matmul(a, b)));
      });
    });
  });

  it("of nothing is zero", () => {
    scope(() => {
      expect(Array.from(read(matmul(tensor([], [2, 0], "float32"), tensor([], [0, 3], "float32"))))).toEqual(
        Array<number>(6).fill(0),
      );
      const a = tensor([], [0, 4, 2], "float32");
      const grads = (options: { transposeA?: boolean }) =>
        valueAndGrad((p) => sum(matmul(a, p["b"], options)), { b: filled([4, 1], 1, "float32") }).grads;
      expect(Array.from(read(grads({ transposeA: true })["b"]))).toEqual([0, 0, 0, 0]);
    });
  });

  it.each([
    [[6, 5], [4, 3], {}, "matmul: [6, 5] @ [4, 3], inner sizes differ"],
    [[6, 5], [3, 4], { transposeB: true }, "matmul: [6, 5] @ [3, 4]ᵀ, inner sizes differ"],
    [[5], [5, 3], {}, "matmul: [5] @ [5, 3], both need at least two axes"],
    [
      [2, 6, 5],
      [3, 5, 4],
      {},
      "matmul: [2, 6, 5] @ [3, 5, 4], leading axes differ; they must be equal, or absent in the second",
    ],
  ])("names both shapes when they do not fit: %j @ %j", (a, b, options, message) => {
    scope(() => {
      const call = () => matmul(filled(a, 1, "float32"), filled(b, 2, "float32"), options);
      expect(call).toThrow(ShapeError);
      expect(call).toThrow(message);
    });
  });
});
