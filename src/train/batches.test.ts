import { describe, expect, it } from "vitest";
import { batchOrder } from "./batches.ts";

const train = Int32Array.from({ length: 10 }, (_, i) => 100 + i);
const take = (order: (step: number) => Int32Array, steps: readonly number[]) => steps.map((step) => [...order(step)]);

describe("batchOrder", () => {
  it("uses each example at most once in an epoch", () => {
    const epoch = take(batchOrder(train, 3, 1), [0, 1, 2]).flat();
    expect(new Set(epoch).size).toBe(9);
    expect(epoch.every((example) => train.includes(example))).toBe(true);
  });

  it("is a function of the step alone, so that a resumed run goes on with the same batches", () => {
    const steps = [0, 1, 2, 3, 4, 5, 6, 7];
    const straight = take(batchOrder(train, 3, 1), steps);
    expect(take(batchOrder(train, 3, 1), [...steps].reverse()).reverse()).toEqual(straight);
    expect(take(batchOrder(train, 3, 1), [5])).toEqual([straight[5]]);
  });

  it("shuffles anew each epoch and for each seed", () => {
    const epoch = (seed: number, at: number) => take(batchOrder(train, 5, seed), [2 * at, 2 * at + 1]).flat();
    expect(epoch(1, 0)).not.toEqual(epoch(1, 1));
    expect(epoch(1, 0)).not.toEqual(epoch(2, 0));
  });

  it("gives all examples, in their order, when the batch is no smaller than the training set", () => {
    expect(take(batchOrder(train, 0, 1), [0, 7])).toEqual([[...train], [...train]]);
    expect(take(batchOrder(train, 12, 1), [3])).toEqual([[...train]]);
  });
});
