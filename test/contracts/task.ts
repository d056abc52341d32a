import { describe, expect, it } from "vitest";
import { resolve, type Value } from "../../src/options.ts";
import { random } from "../../src/rng.ts";
import { countOf, sequenceAt } from "../../src/tasks/sequences.ts";
import { splitFields, splitTask } from "../../src/tasks/split.ts";
import type { Task, TaskDefinition } from "../../src/tasks/task.ts";
import { testSequences } from "./sequences.ts";

export type Sample = Readonly<Record<string, Value>>;

/** What every task must hold, for each of the given options. */
export function testTask(definition: TaskDefinition, samples: readonly Sample[]): void {
  const build = (sample: Sample, seed = 1) =>
    definition.build(resolve(definition.fields, sample, "task"), random(seed));

  describe.each(samples)(`${definition.name} %j`, (sample) => {
    const task = build(sample);

    it("has as many inputs and labels as it says, all in range", () => {
      expect(task.name).toBe(definition.name);
      expect(task.inputs.kind).toBe(definition.inputs);
      expect(task.n).toBeGreaterThanOrEqual(2);
      expect(task.labels.length).toBe(task.inputs.kind === "sequences" ? 0 : task.n);
      expect(outside(task.labels, task.numClasses)).toEqual([]);
      const { inputs } = task;
      if (inputs.kind === "tokens") {
        expect(inputs.tokens.length).toBe(task.n * inputs.seqLen);
        expect(outside(inputs.tokens, inputs.vocabSize)).toEqual([]);
      } else if (inputs.kind === "bits") {
        expect(inputs.bits.length).toBe(task.n * inputs.width);
        expect(outside(inputs.bits, 2)).toEqual([]);
        expect(inputs.low).toBeLessThan(inputs.high);
      } else {
        expect(task.n).toBe(countOf(inputs.train));
        expect(task.numClasses).toBe(inputs.vocabSize);
      }
    });

    it("is plain data, the same every time", () => {
      expect(structuredClone(task)).toEqual(task);
      expect(build(sample)).toEqual(task);
    });

    it("says by its kind whether the seed matters", () => {
      if (definition.inputs === "sequences") expect(definition.examples).toBe("drawn");
      else expect(definition.examples === "drawn").toBe(task.trainSize !== undefined);
      const other = build(sample, 2);
      if (definition.examples === "table") expect(other).toEqual(task);
      else expect(other).not.toEqual(task);
    });

    if (task.inputs.kind === "sequences") return testSequences(task.inputs, task.chance);

    it("has a chance that no constant guess beats by more than the luck of the draw", () => {
      const share =
        Math.max(
          ...task.labels.reduce(
            (counts, label) => (counts[label]++, counts),
            new Array<number>(task.numClasses).fill(0),
          ),
        ) / task.n;
      if (definition.examples === "table") expect(task.chance).toBe(share);
      else expect(Math.abs(task.chance - share)).toBeLessThan(5 / Math.sqrt(task.n));
    });

    it("gives one answer to an orbit, and inputs that are rearrangements of each other", () => {
      const seen = new Map<number, string>();
      task.orbits?.forEach((orbit, i) => {
        const member = `${[...row(task, i)].sort((a, b) => a - b).join()} -> ${task.labels[i]}`;
        expect(seen.get(orbit) ?? member).toBe(member);
        seen.set(orbit, member);
      });
      if (task.orbits) {
        expect(task.orbits.length).toBe(task.n);
        // Declared only where some orbit has more than one example.
        expect(seen.size).toBeLessThan(task.n);
      }
    });

    it.each([
      { orbits: "apart", stream: "named" },
      { orbits: "together", stream: "named" },
      { orbits: "apart", stream: "numpy" },
      { orbits: "together", stream: "numpy" },
    ])("is divided into two halves by a split %j", (options) => {
      const values = resolve(splitFields, { trainFraction: 0.5, ...options }, "split");
      const { train, test } = splitTask(task, values, random(3));
      expect(Math.min(train.length, test.length)).toBeGreaterThan(0);
      expect([...train, ...test].sort((a, b) => a - b)).toEqual(Array.from({ length: task.n }, (_, i) => i));
      if (task.trainSize !== undefined) expect(train).toEqual(Int32Array.from({ length: task.trainSize }, (_, i) => i));
      else expect(splitTask(task, values, random(4))).not.toEqual({ train, test });
      if (options.orbits === "together" && task.orbits) {
        const { orbits } = task;
        const trained = new Set(Array.from(train, (i) => orbits[i]));
        expect(Array.from(test).filter((i) => trained.has(orbits[i]))).toEqual([]);
      }
    });
  });
}

/** Values that are not in 0 … size - 1. */
function outside(values: ArrayLike<number>, size: number): number[] {
  return Array.from(values).filter((value) => !Number.isInteger(value) || value < 0 || value >= size);
}

/** The inputs of one example. */
function row({ inputs }: Task, i: number): Int32Array | Uint8Array {
  if (inputs.kind === "sequences") return sequenceAt(inputs.train, i);
  return inputs.kind === "tokens"
    ? inputs.tokens.subarray(i * inputs.seqLen, (i + 1) * inputs.seqLen)
    : inputs.bits.subarray(i * inputs.width, (i + 1) * inputs.width);
}
