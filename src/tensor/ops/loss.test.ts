import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { array, gradcheck, numbers } from "../../../test/gradcheck.ts";
import { type DType, type FloatArray, type Indices, type Tensor, indices, read, scale, scalarValue } from "../index.ts";
import { scope, tensor, valueAndGrad, zeros } from "../index.ts";
import { argmax, binaryCrossEntropy, correctCount, crossEntropy } from "./loss.ts";

const dtypes: readonly DType[] = ["float32", "float64"];

interface LossAndGradient {
  readonly loss: number;
  readonly gradient: FloatArray;
}
function lossAndGradient(f: (logits: Tensor) => Tensor, logits: Tensor): LossAndGradient {
  const { value, grads } = valueAndGrad(({ logits }) => f(logits), { logits });
  return { loss: scalarValue(value), gradient: read(grads["logits"]) };
}

/** Cross-entropy by its definition, in plain loops. */
function plain(logits: FloatArray, labels: readonly number[]): { loss: number; gradient: number[] } {
  const n = labels.length;
  const c = logits.length / n;
  let loss = 0;
  const gradient: number[] = [];
  labels.forEach((label, i) => {
    const all = Array.from(logits.slice(i * c, i * c + c));
    const row = all.map((l) => Math.exp(l - Math.max(...all)));
    const total = row.reduce((a, b) => a + b, 0);
    loss -= Math.log(row[label] / total) / n;
    row.forEach((e, j) => gradient.push((e / total - (j === label ? 1 : 0)) / n));
  });
  return { loss, gradient };
}

describe("crossEntropy", () => {
  it("and its gradient are what the definition gives, for any number of rows and classes", () => {
    const sizes = fc.tuple(
      fc.integer({ min: 1, max: 70 }),
      fc.integer({ min: 1, max: 13 }),
      fc.constantFrom(...dtypes),
    );
    fc.assert(
      fc.property(sizes, fc.nat(1000), ([n, c, dtype], seed) => {
        scope(() => {
          const logits = tensor(array([n, c], seed, 5).data, [n, c], dtype);
          const labels = Array.from(numbers(n, seed + 1), (x) => Math.floor(((x + 1) / 2) * c) % c);
          const { loss, gradient } = lossAndGradient((l) => crossEntropy(l, indices(labels)), logits);
          const expected = plain(read(logits), labels);
          const tolerance = dtype === "float32" ? 1e-6 : 1e-14;
          expect(Math.abs(loss - expected.loss)).toBeLessThan(tolerance * (1 + expected.loss));
          gradient.forEach((g, i) => expect(Math.abs(g - expected.gradient[i])).toBeLessThan(tolerance));
          // Without a gradient to compute, the loss has the same bits.
          expect(scalarValue(crossEntropy(logits, indices(labels)))).toBe(loss);
        });
      }),
    );
  });

  it("has the gradient that central differences have", () => {
    scope(() => {
      const labels = indices([3, 0, 2, 2]);
      gradcheck(({ l }) => crossEntropy(l, labels), { l: array([4, 5], 1, 3) });
      gradcheck(({ l }) => scale(crossEntropy(scale(l, 2), labels), 0.25), { l: array([4, 5], 2) });
    });
  });

  it("keeps its digits at a margin of 40", () => {
    scope(() => {
      for (const [label, margins] of [
        [0, [40, 0]],
        [1, [-20, 20]],
      ] as const) {
        const { loss, gradient } = lossAndGradient(
          (l) => crossEntropy(l, indices([label])),
          tensor(margins, [1, 2], "float64"),
        );
        const small = 4.248354255291589e-18; // e^-40
        expect(Math.abs(loss / small - 1)).toBeLessThan(1e-12);
        expect(Math.abs(gradient[label] / -small - 1)).toBeLessThan(1e-12);
        expect(Math.abs(gradient[1 - label] / small - 1)).toBeLessThan(1e-12);
      }
    });
  });

  it("keeps its digits in float32 from a margin of 17 to 80", () => {
    scope(() => {
      for (const margin of [17, 20, 40, 80]) {
        const { loss, gradient } = lossAndGradient(
          (l) => crossEntropy(l, indices([2])),
          tensor([0, -200, margin, 0], [1, 4], "float32"),
        );
        const small = 2 * Math.exp(-margin);
        expect(Math.abs(loss / small - 1)).toBeLessThan(3e-7);
        expect(Math.abs(gradient[2] / -small - 1)).toBeLessThan(3e-7);
        expect(gradient[1]).toBeGreaterThanOrEqual(0);
      }
    });
  });

  it("has a loss down to 1e-37, and no subnormal number in a gradient", () => {
    scope(() => {
      for (const margin of [65, 80, 86, 90, 100]) {
        const { loss, gradient } = lossAndGradient(
          (l) => crossEntropy(l, indices([0])),
          tensor([margin, 0, 0.5, -200], [1, 4], "float32"),
        );
        const small = (1 + Math.exp(0.5)) * Math.exp(-margin);
        if (margin <= 86) expect(Math.abs(loss / small - 1)).toBeLessThan(3e-7);
        else expect(loss).toBeLessThan(1.2e-38);
        expect(Array.from(gradient).every((g) => g === 0 || Math.abs(g) > 1e-35)).toBe(true);
      }
    });
  });

  it("is the margin where the label is far behind, and lets NaN through", () => {
    scope(() => {
      for (const dtype of dtypes) {
        const behind = tensor([-1000, 1000, 5], [1, 3], dtype);
        const { loss, gradient } = lossAndGradient((l) => crossEntropy(l, indices([0])), behind);
        expect(loss).toBe(2000);
        expect(Array.from(gradient)).toEqual([-1, 1, 0]);
        for (const bad of [
          [NaN, 0, 0],
          [0, 0, NaN],
        ])
          expect(scalarValue(crossEntropy(tensor(bad, [1, 3], dtype), indices([0])))).toBeNaN();
        expect(scalarValue(crossEntropy(tensor([-Infinity, 0], [1, 2], dtype), indices([0])))).toBe(Infinity);
      }
    });
  });

  it("adds rows in float64", () => {
    scope(() => {
      const n = 40_000;
      const logits = zeros([n, 2], "float32");
      const loss = scalarValue(crossEntropy(logits, indices(new Int32Array(n))));
      expect(loss).toBe(Math.fround(Math.LN2));
    });
  });

  it("refuses labels and logits that do not fit", () => {
    scope(() => {
      const logits = zeros([2, 3], "float32");
      expect(() => crossEntropy(logits, indices([0]))).toThrow("crossEntropy: [2, 3] logits and [1] labels");
      expect(() => crossEntropy(logits, indices([0, 3]))).toThrow(
        "crossEntropy: indices from 0 to 3, allowed are 0 to 2",
      );
      expect(() => crossEntropy(zeros([0, 3], "float32"), indices([]))).toThrow("crossEntropy: [0, 3] logits");
    });
  });
});

describe("binaryCrossEntropy", () => {
  const random = (n: number, seed: number): Indices => indices(Array.from(numbers(n, seed), (x) => (x > 0 ? 1 : 0)));

  it("has no subnormal number in a gradient", () => {
    scope(() => {
      for (const margin of [40, 65, 78, 84, 90, 200]) {
        const { loss, gradient } = lossAndGradient(
          (z) => binaryCrossEntropy(z, indices([1, 0, 1])),
          tensor([margin, -margin, margin + 1], [3], "float32"),
        );
        if (margin <= 65) expect(gradient[0] / (-Math.exp(-margin) / 3)).toBeCloseTo(1, 5);
        if (margin <= 84) expect(loss / (((2 + Math.exp(-1)) * Math.exp(-margin)) / 3)).toBeCloseTo(1, 5);
        expect(Array.from(gradient).every((g) => g === 0 || Math.abs(g) > 1e-35)).toBe(true);
      }
    });
  });

  it("is the cross-entropy of the logits [0, z], with its gradient", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.nat(1000), fc.constantFrom(...dtypes), (n, seed, dtype) => {
        scope(() => {
          const z = array([n], seed, 6).data;
          const labels = random(n, seed + 1);
          const pairs = tensor(
            [...z].flatMap((x) => [0, x]),
            [n, 2],
            dtype,
          );
          const two = lossAndGradient((l) => crossEntropy(l, labels), pairs);
          for (const shape of [[n], [n, 1]]) {
            const one = lossAndGradient((l) => binaryCrossEntropy(l, labels), tensor(z, shape, dtype));
            const tolerance = dtype === "float32" ? 1e-6 : 1e-14;
            expect(Math.abs(one.loss - two.loss)).toBeLessThan(tolerance * (1 + two.loss));
            one.gradient.forEach((g, i) => expect(Math.abs(g - two.gradient[2 * i + 1])).toBeLessThan(tolerance));
            expect(scalarValue(binaryCrossEntropy(tensor(z, shape, dtype), labels))).toBe(one.loss);
          }
        });
      }),
    );
  });

  it("has the gradient that central differences have, clipped or not", () => {
    scope(() => {
      const labels = random(13, 3);
      gradcheck(({ z }) => binaryCrossEntropy(z, labels), { z: array([13, 1], 1, 4) });
      gradcheck(({ z }) => binaryCrossEntropy(z, labels, { clip: 0.05 }), { z: array([13], 2, 6) });
    });
  });

  it("keeps its digits at a margin of 40", () => {
    scope(() => {
      for (const sign of [1, -1]) {
        const z = tensor([sign * 40], [1], "float64");
        const labels = indices([sign > 0 ? 1 : 0]);
        const { loss, gradient } = lossAndGradient((l) => binaryCrossEntropy(l, labels), z);
        const small = 4.248354255291589e-18; // e^-40
        expect(Math.abs(loss / small - 1)).toBeLessThan(1e-12);
        expect(Math.abs(gradient[0] / (-sign * small) - 1)).toBeLessThan(1e-12);
      }
    });
  });

  it("with a clip of 1e-7 in float32 ends at -ln(1 - 2^-23), without a gradient from there on", () => {
    scope(() => {
      const z = tensor([30, 18, -40, 17, -17, 25, 60], [7], "float32");
      const labels = indices([1, 1, 0, 1, 0, 1, 1]);
      const { loss, gradient } = lossAndGradient((l) => binaryCrossEntropy(l, labels, { clip: 1e-7 }), z);
      expect(loss).toBe(Math.fround(-Math.log1p(-(2 ** -23)))); // 1.1920930e-7
      expect(Array.from(gradient, Math.abs)).toEqual([0, 0, 0, 0, 0, 0, 0]);
    });
  });

  it("cuts probabilities on both sides", () => {
    scope(() => {
      const z = tensor([-50, 50, 1], [3], "float64");
      const labels = indices([1, 1, 1]);
      const { loss, gradient } = lossAndGradient((l) => binaryCrossEntropy(l, labels, { clip: 0.01 }), z);
      const inside = Math.log(1 + Math.exp(-1));
      expect(loss).toBeCloseTo((-Math.log(0.01) - Math.log(0.99) + inside) / 3, 14);
      expect(gradient[0]).toBe(0);
      expect(gradient[1]).toBe(0);
      expect(gradient[2]).toBeCloseTo(-1 / (1 + Math.E) / 3, 15);
    });
  });

  it("is the margin where the label is far behind, and lets NaN through", () => {
    scope(() => {
      for (const dtype of dtypes) {
        const { loss, gradient } = lossAndGradient(
          (l) => binaryCrossEntropy(l, indices([0])),
          tensor([3000], [1], dtype),
        );
        expect([loss, gradient[0]]).toEqual([3000, 1]);
        expect(scalarValue(binaryCrossEntropy(tensor([1, NaN, 2], [3], dtype), indices([1, 1, 1])))).toBeNaN();
      }
    });
  });

  it("refuses what does not fit", () => {
    scope(() => {
      const z = zeros([2, 1], "float32");
      expect(() => binaryCrossEntropy(z, indices([0, 2]))).toThrow("indices from 0 to 2, allowed are 0 to 1");
      expect(() => binaryCrossEntropy(z, indices([0]))).toThrow("binaryCrossEntropy: [2, 1] logits and [1] labels");
      expect(() => binaryCrossEntropy(zeros([2, 2], "float32"), indices([0, 1]))).toThrow("one logit per label");
      expect(() => binaryCrossEntropy(z, indices([0, 1]), { clip: 0.5 })).toThrow("clip 0.5, allowed are");
    });
  });
});

describe("argmax", () => {
  it("is the lowest index of the largest entry", () => {
    scope(() => {
      const a = tensor([1, 3, 3, 5, 5, 5, -1, -2, -1], [3, 3], "float32");
      expect(argmax(a)).toEqual(new Int32Array([1, 0, 0]));
      expect(argmax(tensor([1, 2, 4, 3], [2, 1, 2], "float64"))).toEqual(new Int32Array([1, 0]));
    });
  });
});

describe("correctCount", () => {
  it("counts rows whose argmax is the label, ties included", () => {
    const case_ = fc.array(
      fc.tuple(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 5, maxLength: 5 }), fc.nat(4)),
      {
        minLength: 1,
        maxLength: 20,
      },
    );
    fc.assert(
      fc.property(case_, fc.constantFrom(...dtypes), (rows, dtype) => {
        scope(() => {
          const logits = tensor(
            rows.flatMap(([row]) => row),
            [rows.length, 5],
            dtype,
          );
          const found = argmax(logits);
          const right = rows.filter(([, label], i) => found[i] === label).length;
          expect(correctCount(logits, indices(rows.map(([, label]) => label)))).toBe(right);
        });
      }),
    );
  });

  it("takes a single logit above 0 for class 1, and NaN for no answer", () => {
    scope(() => {
      for (const dtype of dtypes)
        for (const shape of [[6], [6, 1]])
          expect(correctCount(tensor([1, 0, -1, -2, NaN, NaN], shape, dtype), indices([1, 1, 0, 1, 0, 1]))).toBe(2);
      expect(correctCount(tensor([NaN, 0, 0, 1, 0, NaN], [2, 3], "float32"), indices([0, 0]))).toBe(0);
    });
  });

  it("refuses what does not fit", () => {
    scope(() => {
      expect(() => correctCount(zeros([2, 3], "float32"), indices([0]))).toThrow("correctCount: [2, 3] logits");
      expect(() => correctCount(zeros([1, 3], "float32"), indices([3]))).toThrow("allowed are 0 to 2");
    });
  });
});
