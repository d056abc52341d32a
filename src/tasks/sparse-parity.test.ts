import { expect, it } from "vitest";
import { resolve, type Value } from "../options.ts";
import { random } from "../rng.ts";
import { sparseParity } from "./sparse-parity.ts";

function build(options: Record<string, Value> = {}, seed = 1) {
  const task = sparseParity.build(resolve(sparseParity.fields, options, "task"), random(seed));
  if (task.inputs.kind !== "bits") throw new Error("bits expected");
  const { bits, width } = task.inputs;
  const rows = Array.from({ length: task.n }, (_, i) => [...bits.subarray(i * width, (i + 1) * width)]);
  return { task, inputs: task.inputs, rows, labels: [...task.labels] };
}

it("labels an example 1 when its first k bits hold an odd number of ones", () => {
  for (const k of [1, 3, 30]) {
    const { rows, labels } = build({ k, trainSize: 200, testSize: 50 });
    expect(labels).toEqual(rows.map((row) => row.slice(0, k).filter((bit) => bit === 1).length % 2));
  }
});

it("has the published shape by default: 30 bits and a column of ones, 5,000 examples to test", () => {
  const { task, inputs, rows } = build();
  expect([task.n, task.trainSize, inputs.width, inputs.low, inputs.high]).toEqual([6000, 1000, 31, 0, 1]);
  expect(rows.every((row) => row[30] === 1)).toBe(true);
});

it("codes bits as -1 and +1 when asked, the added column still being 1", () => {
  const { inputs, rows } = build({ coding: "pm1", trainSize: 5, testSize: 5 });
  expect([inputs.low, inputs.high]).toEqual([-1, 1]);
  expect(rows.every((row) => row[30] === 1)).toBe(true);
  const { inputs: bare } = build({ biasColumn: false, trainSize: 5, testSize: 5 });
  expect(bare.width).toBe(30);
});

it("keeps the training set whatever the test size, and extends it when it grows", () => {
  const small = build({ trainSize: 40, testSize: 10 });
  const wide = build({ trainSize: 40, testSize: 500 });
  const more = build({ trainSize: 90, testSize: 10 });
  expect(wide.rows.slice(0, 40)).toEqual(small.rows.slice(0, 40));
  expect(more.rows.slice(0, 40)).toEqual(small.rows.slice(0, 40));
  expect(wide.rows.slice(40, 50)).toEqual(small.rows.slice(40));
  expect(more.rows.slice(90)).toEqual(small.rows.slice(40));
});

it("draws fair bits, other ones for training and for testing", () => {
  const { rows } = build({ trainSize: 3000, testSize: 3000, biasColumn: false });
  const ones = rows.flat().filter((bit) => bit === 1).length;
  expect(Math.abs(ones / (6000 * 30) - 0.5)).toBeLessThan(0.005);
  expect(new Set(rows.map((row) => row.join(""))).size).toBe(6000);
});

it("refuses more counting bits than there are, and more inputs than memory is for", () => {
  expect(() => build({ n: 4, k: 5 })).toThrow("task.k: 5 is not allowed with 4 bits; give a whole number from 1 to 4");
  expect(() => build({ n: 1024, trainSize: 1_000_000 })).toThrow(
    "task.trainSize: 1005000 examples of 1025 inputs are too many",
  );
});
