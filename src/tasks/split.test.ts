import fc from "fast-check";
import { expect, it } from "vitest";
import { resolve, type Value } from "../options.ts";
import { random } from "../rng.ts";
import { findTask } from "./index.ts";
import { splitFields, splitTask } from "./split.ts";

function build(name: string, options: Record<string, Value>) {
  const definition = findTask(name);
  return definition.build(resolve(definition.fields, options, "task"), random(0));
}
const split = (task: ReturnType<typeof build>, options: Record<string, Value>, seed = 165) =>
  splitTask(task, resolve(splitFields, options, "split"), random(seed));

const published = build("modular-addition", { p: 67, pairs: "unordered" });

it("has the published sizes: 911 and 1367, 1594 and 684, 683 and 1595", () => {
  const sizes = [0.4, 0.7, 0.3].map((trainFraction) => {
    const { train, test } = split(published, { trainFraction });
    return [train.length, test.length];
  });
  expect(sizes).toEqual([[911, 1367], [1594, 684], [683, 1595]]); // prettier-ignore
});

it("rounds down the float64 product, as the published code does", () => {
  // 0.29 * 100 is 28.999999999999996.
  expect(split(build("modular-addition", { p: 10 }), { trainFraction: 0.29 }).train.length).toBe(28);
});

it("draws another order for another seed or stream, and the same order for every fraction", () => {
  const small = split(published, { trainFraction: 0.2 }).train;
  expect(split(published, { trainFraction: 0.4 }).train.subarray(0, small.length)).toEqual(small);
  expect(split(published, { trainFraction: 0.2 }, 166).train).not.toEqual(small);
  expect(split(published, { trainFraction: 0.2, stream: "numpy" }).train).not.toEqual(small);
});

it("keeps orbits together, reaching the wanted number with at most one example more", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 3, max: 20 }),
      fc.double({ min: 0.1, max: 0.8, noNaN: true }),
      fc.nat(1000),
      (p, trainFraction, seed) => {
        const task = build("modular-addition", { p });
        const wanted = Math.floor(trainFraction * task.n);
        fc.pre(wanted > 0);
        const { train, test } = split(task, { trainFraction, orbits: "together" }, seed);
        expect([wanted, wanted + 1]).toContain(train.length);
        const mirrored = new Set(Array.from(train, (i) => (i % p) * p + Math.floor(i / p)));
        expect(Array.from(test).filter((i) => mirrored.has(i))).toEqual([]);
      },
    ),
  );
});

it("splits ordered pairs apart into mirrored leaks, which together avoids", () => {
  const task = build("modular-addition", { p: 11 });
  const leaks = (orbits: string) => {
    const { train, test } = split(task, { orbits });
    const trained = new Set(Array.from(train, (i) => task.orbits?.[i]));
    return Array.from(test).filter((i) => trained.has(task.orbits?.[i])).length;
  };
  expect(leaks("apart")).toBeGreaterThan(0);
  expect(leaks("together")).toBe(0);
});

it("leaves the halves of a drawn task as they are, whatever the options", () => {
  const task = build("sparse-parity", { trainSize: 3, testSize: 2 });
  expect(split(task, { trainFraction: 0.9, stream: "numpy" })).toEqual({
    train: Int32Array.of(0, 1, 2),
    test: Int32Array.of(3, 4),
  });
});

it("refuses an empty half", () => {
  const tiny = build("modular-addition", { p: 2 });
  expect(() => split(tiny, { trainFraction: 0.1 })).toThrow(
    "split.trainFraction: 0.1 of 4 examples leaves none for training",
  );
  expect(() => split(tiny, { trainFraction: 1 })).toThrow(
    "split.trainFraction: 1 of 4 examples leaves none for testing",
  );
  // Two orbits of copies: the first alone is more than half, the second is all that is left.
  const copies = build("dataset", { rows: "0,0;0,0;0,0;1,1" });
  expect(() => split(copies, { trainFraction: 0.9, orbits: "together" })).toThrow("leaves none for testing");
  expect(() => split(tiny, { trainFraction: 0 })).toThrow("split.trainFraction: 0 is not allowed");
});
