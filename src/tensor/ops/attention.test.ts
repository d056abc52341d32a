import { describe, expect, it } from "vitest";
import { array, filled, gradcheck, numbers, weigh } from "../../../test/gradcheck.ts";
import { indices, read, scope, tensor, zeros } from "../index.ts";
import { attendCached, attentionCache, cacheRows } from "./attention-cache.ts";
import { attentionPattern, attentionValues, packing } from "./attention.ts";

/** Lengths around the size of a tile, and widths that are no multiple of a vector. */
const cases = [
  { lengths: [1], heads: 1, width: 1 },
  { lengths: [3, 1, 5], heads: 2, width: 3 },
  { lengths: [4, 9, 8, 17], heads: 3, width: 8 },
  { lengths: [30, 2], heads: 2, width: 20 },
];
const offsetsOf = (lengths: readonly number[]) =>
  Int32Array.from({ length: lengths.length + 1 }, (_, i) => lengths.slice(0, i).reduce((a, b) => a + b, 0));

/** The definition, number by number. */
function plain(
  q: ArrayLike<number>,
  k: ArrayLike<number>,
  v: ArrayLike<number>,
  given: (typeof cases)[number],
  first?: readonly number[],
) {
  // prettier-ignore
  const { lengths, heads, width } = given;
  const offsets = offsetsOf(lengths);
  const rows = offsets[lengths.length];
  const pattern: number[] = [];
  const z = new Array<number>(heads * rows * width).fill(0);
  for (let h = 0; h < heads; h++)
    lengths.forEach((t, s) => {
      for (let i = 0; i < t; i++) {
        const at = (r: number, c: number) => (h * rows + offsets[s] + r) * width + c;
        const dot = (j: number) =>
          Array.from({ length: width }, (_, c) => q[at(i, c)] * k[at(j, c)]).reduce((a, b) => a + b) / Math.sqrt(width);
        const e = Array.from({ length: t }, (_, j) =>
          j > i || (first && j > 0 && j < first[s]) ? 0 : Math.exp(dot(j)),
        );
        const total = e.reduce((a, b) => a + b);
        e.forEach((value, j) => {
          pattern.push(value / total);
          for (let c = 0; c < width; c++) z[at(i, c)] += (value / total) * v[at(j, c)];
        });
      }
    });
  return { pattern, z };
}

function near(found: ArrayLike<number>, wanted: readonly number[], tolerance: number): void {
  expect(found.length).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++) expect(Math.abs(found[i] - wanted[i])).toBeLessThan(tolerance);
}

describe.each(cases)("attention, $heads heads of $width, sequences of $lengths", (given) => {
  const { lengths, heads, width } = given;
  const offsets = offsetsOf(lengths);
  const rows = offsets[lengths.length];
  const shape = [heads, rows, width];

  it.each(["float32", "float64"] as const)("is what its formula says in %s", (dtype) => {
    scope(() => {
      const [q, k, v] = [1, 2, 3].map((seed) => tensor(array(shape, seed, 3).data, shape, dtype));
      const packed = packing(offsets);
      const first = lengths.map((t, s) => Math.min(t, 1 + 2 * s));
      for (const visible of [undefined, first]) {
        const pattern = attentionPattern(q, k, packed, visible && indices(visible));
        const wanted = plain(read(q), read(k), read(v), given, visible);
        near(read(pattern), wanted.pattern, dtype === "float32" ? 1e-5 : 1e-14);
        near(read(attentionValues(pattern, v, packed)), wanted.z, dtype === "float32" ? 2e-5 : 1e-14);
      }
    });
  });

  it("has the gradient that central differences have", () => {
    if (rows > 12) return; // the others cost too much
    const first = lengths.map((t, s) => Math.min(t, 1 + 2 * s));
    for (const visible of [undefined, first])
      gradcheck(
        ({ q, k, v }) => {
          const packed = packing(offsets);
          return weigh(attentionValues(attentionPattern(q, k, packed, visible && indices(visible)), v, packed));
        },
        { q: array(shape, 1, 2), k: array(shape, 2, 2), v: array(shape, 3) },
      );
  });

  it("of the last row of each sequence comes out of a cache to the bit", () => {
    scope(() => {
      for (const dtype of ["float32", "float64"] as const) {
        const [q, k, v] = [4, 5, 6].map((seed) => filled(shape, seed, dtype));
        const packed = packing(offsets);
        const whole = read(attentionValues(attentionPattern(q, k, packed), v, packed));
        const cache = attentionCache(lengths.length, heads, width, Math.max(...lengths), q);
        cacheRows(cache, k, v, packed, new Int32Array(lengths.length));
        const last = (of: ArrayLike<number>) =>
          Array.from({ length: heads }, (_, h) =>
            lengths.flatMap((t, s) =>
              Array.from({ length: width }, (_, c) => of[(h * rows + offsets[s] + t - 1) * width + c]),
            ),
          ).flat();
        const one = tensor(last(read(q)), [heads, lengths.length, width], dtype);
        expect([...read(attendCached(cache, one, indices(lengths)))]).toEqual(last(whole));
      }
    });
  });
});

describe("attention", () => {
  it("has the gradient that central differences have where tiles are whole", () => {
    const [heads, width] = [1, 8];
    const offsets = Int32Array.of(0, 12);
    const shape = [heads, 12, width];
    gradcheck(({ q, k, v }) => weigh(attentionValues(attentionPattern(q, k, packing(offsets)), v, packing(offsets))), {
      q: array(shape, 1, 2),
      k: array(shape, 2, 2),
      v: array(shape, 3),
    });
  });

  it("keeps its digits at scores of any size", () => {
    scope(() => {
      const q = tensor([1e3, 1e3, 1e3], [1, 3, 1], "float64");
      const k = tensor([1, 2, -3], [1, 3, 1], "float64");
      const found = read(attentionPattern(q, k, packing(Int32Array.of(0, 3))));
      expect([...found]).toEqual([1, 0, 0, 0, 1, 0, 0, 1, 0]);
    });
  });

  it("does not depend on what stands beside a sequence", () => {
    scope(() => {
      const [heads, width] = [2, 5];
      const data = numbers(heads * 7 * width, 8);
      const alone = tensor(data, [heads, 7, width], "float32");
      const packed = packing(Int32Array.of(0, 7));
      const wanted = read(attentionValues(attentionPattern(alone, alone, packed), alone, packed));
      const row = (h: number, r: number) => data.subarray((h * 7 + r) * width, (h * 7 + r + 1) * width);
      const beside = Float64Array.from(
        [0, 1].flatMap((h) => [0, 1, 2, 0, 1, 2, 3, 4, 5, 6].flatMap((r) => [...row(h, r)])),
      );
      const both = tensor(beside, [heads, 10, width], "float32");
      const two = packing(Int32Array.of(0, 3, 10));
      const found = read(attentionValues(attentionPattern(both, both, two), both, two));
      for (const h of [0, 1])
        expect(found.slice((h * 10 + 3) * width, (h * 10 + 10) * width)).toEqual(
          wanted.slice(h * 7 * width, (h + 1) * 7 * width),
        );
    });
  });

  it("refuses shapes that do not fit", () => {
    scope(() => {
      const packed = packing(Int32Array.of(0, 3));
      const q = zeros([2, 3, 4], "float32");
      expect(() => attentionPattern(q, zeros([2, 3, 5], "float32"), packed)).toThrow(/shapes differ/);
      expect(() => attentionPattern(zeros([2, 4, 4], "float32"), zeros([2, 4, 4], "float32"), packed)).toThrow(
        /\[2, 4, 4\] for 3 packed rows/,
      );
      expect(() => attentionValues(zeros([2, 8], "float32"), q, packed)).toThrow(/needed is \[2, 9\]/);
      expect(() => attentionPattern(q, q, packed, indices([1, 1]))).toThrow(/2 first visible rows for 1 sequences/);
      expect(() => packing(Int32Array.of(1, 3))).toThrow(/begin with 0/);
      expect(() => packing(Int32Array.of(0, 3, 2))).toThrow(/ends before it begins/);
    });
  });
});
