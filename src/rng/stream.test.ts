import fc from "fast-check";
import { describe, expect, it } from "vitest";
import reference from "../../test/reference/rng.json" with { type: "json" };
import { random, stream, type Stream } from "./stream.ts";

const draws = (from: Stream, n: number) => Array.from({ length: n }, () => from.uint32());
const seeds = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

describe.each(reference.streams)("seed $seed, purpose $path", (expected) => {
  const open = () => {
    const [purpose, ...rest] = expected.path;
    return rest.reduce((parent, name) => parent.fork(name), stream(expected.seed, purpose));
  };

  it("means the same numbers for ever", () => {
    expect(draws(open(), 9)).toEqual(expected.words);
    const uniform = open();
    expect(expected.uniform.map(() => uniform.uniform())).toEqual(expected.uniform);
    expect([...open().permutation(100)]).toEqual(expected.permutation);
    expect([...open().bits(70)]).toEqual(expected.bits);
  });
  it("gives normal numbers that agree with mpmath to the last digits", () => {
    const normal = open();
    for (const value of expected.normal) expect(normal.normal() / value).toBeCloseTo(1, 14);
    const cut = open();
    for (const value of expected.truncatedNormal) expect(cut.truncatedNormal() / value).toBeCloseTo(1, 14);
  });
  it("reaches a far position at once", () => {
    const far = open();
    far.seek(2 ** 40 + 3);
    expect(far.uint32()).toBe(expected.wordAtTwoTo40Plus3);
  });
});

it("seek goes to where drawing would have arrived", () => {
  fc.assert(
    fc.property(seeds, fc.nat(50), fc.nat(50), (seed, drawn, position) => {
      const walked = stream(seed, "a");
      draws(walked, position);
      const jumped = stream(seed, "a");
      draws(jumped, drawn);
      jumped.seek(position);
      expect(draws(jumped, 6)).toEqual(draws(walked, 6));
    }),
  );
});

it("drawing from one stream or fork never moves another", () => {
  const source = random(7);
  const one = source.stream("init");
  const alone = draws(random(7).stream("init"), 10);
  const interleaved = alone.map(() => {
    draws(source.stream("split"), 3);
    draws(one.fork("embed.W_E"), 3);
    return one.uint32();
  });
  expect(interleaved).toEqual(alone);
});

it("seeds, purposes, forks and their nesting all lead to different numbers", () => {
  const streams = [
    stream(1, "ab"),
    stream(2, "ab"),
    stream(2 ** 32 + 1, "ab"),
    stream(1, "a"),
    stream(1, ""),
    stream(1, "a").fork("b"),
    stream(1, "a").fork("b").fork("c"),
    stream(1, "a").fork("bc"),
    stream(1, "").fork("a").fork("b"),
    stream(1, "a").fork(1),
  ];
  expect(new Set(streams.map((s) => draws(s, 4).join())).size).toBe(streams.length);
  expect(draws(stream(1, "a").fork(3), 4)).toEqual(draws(stream(1, "a").fork("3"), 4));
});

it("int is unbiased, also where the range is not a multiple of n", () => {
  const source = stream(3, "int");
  const counts = new Array<number>(7).fill(0);
  for (let i = 0; i < 70_000; i++) counts[source.int(7)]++;
  // Chi-square with 6 degrees of freedom: above 22.5 once in a thousand.
  expect(counts.reduce((sum, c) => sum + (c - 10_000) ** 2 / 10_000, 0)).toBeLessThan(22.5);
  // 3·2^30: a plain remainder of 2^32 would give the lowest third twice as often as the others.
  const low = Array.from({ length: 30_000 }, () => source.int(3 * 2 ** 30)).filter((x) => x < 2 ** 30).length;
  expect(Math.abs(low - 10_000)).toBeLessThan(300);
});

it("int stays below n for every n, and refuses anything but a whole number of at least 1", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), seeds, (n, seed) => {
      const value = stream(seed, "int").int(n);
      expect(Number.isSafeInteger(value) && value >= 0 && value < n).toBe(true);
    }),
  );
  for (const n of [0, -1, 1.5, NaN, 2 ** 53]) expect(() => stream(1, "int").int(n)).toThrow("int:");
});

it("normal and truncated normal have the moments of their distributions", () => {
  const source = stream(11, "moments");
  const moments = (draw: () => number) => {
    const n = 100_000;
    let [sum, squares, fourths] = [0, 0, 0];
    for (let i = 0; i < n; i++) {
      const x = draw();
      sum += x;
      squares += x * x;
      fourths += x ** 4;
    }
    return [sum / n, squares / n, fourths / n] as const;
  };
  const normal = moments(() => source.normal());
  expect(Math.abs(normal[0])).toBeLessThan(0.013);
  expect(Math.abs(normal[1] - 1)).toBeLessThan(0.018);
  expect(Math.abs(normal[2] - 3)).toBeLessThan(0.13);
  // Variance of a standard normal cut at ±2: 1 - 4 φ(2) / (2 Φ(2) - 1) = 0.77374.
  const cut = moments(() => source.truncatedNormal());
  expect(Math.abs(cut[0])).toBeLessThan(0.012);
  expect(Math.abs(cut[1] - 0.77374)).toBeLessThan(0.012);
  expect(Array.from({ length: 10_000 }, () => source.truncatedNormal()).every((x) => Math.abs(x) <= 2)).toBe(true);
});

it("a permutation holds every number once, for every n", () => {
  fc.assert(
    fc.property(fc.nat(200), seeds, (n, seed) => {
      const sorted = [...stream(seed, "split").permutation(n)].sort((a, b) => a - b);
      expect(sorted).toEqual(Array.from({ length: n }, (_, i) => i));
    }),
  );
});

it("more bits begin with the same bits", () => {
  fc.assert(
    fc.property(fc.nat(200), fc.nat(200), seeds, (n, more, seed) => {
      expect(
        stream(seed, "b")
          .bits(n + more)
          .subarray(0, n),
      ).toEqual(stream(seed, "b").bits(n));
    }),
  );
});

it("refuses seeds that a double does not hold exactly", () => {
  for (const seed of [-1, 0.5, 2 ** 53, NaN, Infinity])
    expect(() => random(seed)).toThrow(`seed: ${seed} is not allowed; give a whole number from 0 to 9007199254740991`);
});
