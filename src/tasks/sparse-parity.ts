import { bool, choice, int, UsageError } from "../options.ts";
import type { Stream } from "../rng.ts";
import { defineTask } from "./task.ts";

/**
 * Parity of the first k of n random bits: 1 for an odd number of ones. The other n - k bits are distraction. Training
 * and test examples are drawn (with replacement) from streams of their own, so the size of one set never changes the
 * other, and a larger set begins with the examples of a smaller one.
 *
 * (Barak et al. 2022; with 0/1 inputs and a column of ones as in "Do machine learning models memorize or generalize?", 2023)
 */
export const sparseParity = defineTask({
  name: "sparse-parity",
  summary: "Whether the first k of n random bits hold an odd number of ones.",
  fields: {
    n: int(30, "bits of an example", { min: 1, max: 1024 }),
    k: int(3, "bits that count: the first k", { min: 1, max: 1024 }),
    trainSize: int(1000, "training examples", { min: 1, max: 1_000_000 }),
    testSize: int(5000, "test examples", { min: 1, max: 1_000_000 }),
    coding: choice(["01", "pm1"], "01", "numbers that a bit stands for: 01: 0 and 1; pm1: -1 and +1"),
    biasColumn: bool(true, "add a last input that is 1 in every example"),
  },
  examples: "drawn",
  inputs: "bits",
  build: ({ n, k, trainSize, testSize, coding, biasColumn }, random) => {
    if (k > n) throw new UsageError(`task.k: ${k} is not allowed with ${n} bits; give a whole number from 1 to ${n}`);
    const width = n + (biasColumn ? 1 : 0);
    const size = trainSize + testSize;
    if (size * width > maxBits)
      throw new UsageError(
        `task.trainSize: ${size} examples of ${width} inputs are too many; give at most ${maxBits} inputs in all`,
      );
    const bits = new Uint8Array(size * width);
    const labels = new Int32Array(size);
    draw(random.stream("train-examples"), 0, trainSize);
    draw(random.stream("test-examples"), trainSize, testSize);

    function draw(stream: Stream, from: number, count: number): void {
      const drawn = stream.bits(count * n);
      for (let i = 0; i < count; i++) {
        const row = drawn.subarray(i * n, (i + 1) * n);
        bits.set(row, (from + i) * width);
        // A set bit is 1 in either coding.
        if (biasColumn) bits[(from + i) * width + n] = 1;
        for (let j = 0; j < k; j++) labels[from + i] ^= row[j];
      }
    }

    return {
      name: "sparse-parity",
      n: size,
      inputs: { kind: "bits", bits, width, low: coding === "pm1" ? -1 : 0, high: 1 },
      labels,
      numClasses: 2,
      chance: 0.5,
      trainSize,
    };
  },
});

/** As many inputs as a run may hold: a byte each. */
const maxBits = 2 ** 28;
