import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resolve, UsageError } from "../options.ts";
import { random } from "../rng.ts";
import { dataset, readDataset } from "./dataset.ts";

const build = (rows: string) => dataset.build(resolve(dataset.fields, { rows }, "task"), random(0));

describe("the file", () => {
  it("is CSV with or without a header, JSON rows, or JSON inputs and labels", () => {
    const text = "4,0,1;2,3,0";
    expect(readDataset("4,0,1\n2,3,0\n", "d.csv")).toBe(text);
    expect(readDataset("first,second,answer\n4,0,1\n2,3,0\n", "d.csv")).toBe(text);
    expect(readDataset('"first";"second";""\n4;0;1\n2;3;0\n', "d.csv")).toBe(text);
    expect(readDataset("[[4, 0, 1], [2, 3, 0]]", "d.json")).toBe(text);
    expect(readDataset('{"labels": [1, 0], "inputs": [[4, 0], [2, 3]]}', "d.json")).toBe(text);
  });

  it.each([
    ["a,2,b\n4,0,1", "d.csv", 'd.csv, line 1, column 1: "a" is not allowed; give a whole number from 0 to 65535'],
    [
      "a,b,c\n4,0,1\n2,x,0",
      "d.csv",
      'd.csv, line 3, column 2: "x" is not allowed; give a whole number from 0 to 65535',
    ],
    ["a,b,c\n", "d.csv", "d.csv: no rows; give at least one row of numbers"],
    ['{"inputs": [[1]]}', "d.json", 'd.json, line 1, column 1: "labels" is missing; give "inputs" and "labels"'],
    [
      '{"inputs": [[1]],\n "labels": [1], "names": []}',
      "d.json",
      'd.json, line 2, column 17: "names" is unknown; give "inputs" and "labels"',
    ],
    [
      '{"inputs": [[1]],\n "inputs": [[1]], "labels": [1]}',
      "d.json",
      'd.json, line 2, column 2: "inputs" is given twice',
    ],
    [
      '{"inputs": [[1], [2]],\n "labels": [1]}',
      "d.json",
      "d.json, line 2, column 12: labels: 1, rows of inputs: 2; give one label for each row",
    ],
    [
      '{"inputs": [[1], [2]],\n "labels": 1}',
      "d.json",
      "d.json, line 2, column 12: expected a list of labels, found 1",
    ],
    [
      '{"inputs": [[1], [2]],\n "labels": [1, null]}',
      "d.json",
      "d.json, line 2, column 16: null is not allowed; give a whole number from 0 to 65535",
    ],
    [
      '{"inputs": [1, 2],\n "labels": [1, 0]}',
      "d.json",
      "d.json, line 1, column 13: row 1: expected a list of numbers, found 1",
    ],
  ])("%j is refused", (content, filename, message) => {
    expect(() => readDataset(content, filename)).toThrow(new UsageError(message));
  });

  it("is read or refused with a UsageError, whatever it holds", () => {
    const json = fc.json({ maxDepth: 3 });
    const shaped = fc.record({
      inputs: fc.array(fc.array(fc.oneof(fc.nat(9), fc.float()))),
      labels: fc.array(fc.nat(9)),
    });
    const content = fc.oneof(
      json,
      shaped.map((value) => JSON.stringify(value)),
      fc.string({ unit: "binary" }),
    );
    fc.assert(
      fc.property(content, fc.constantFrom("d.csv", "d.json", "d"), (text, filename) => {
        try {
          build(readDataset(text, filename));
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe("the task", () => {
  it("takes its vocabulary and classes from the largest numbers", () => {
    const task = build("4,0,1;2,3,0;0,0,7");
    expect(task.inputs).toEqual({ kind: "tokens", tokens: Int32Array.of(4, 0, 2, 3, 0, 0), seqLen: 2, vocabSize: 5 });
    expect([...task.labels]).toEqual([1, 0, 7]);
    expect([task.numClasses, task.chance, task.orbits]).toEqual([8, 1 / 3, undefined]);
  });

  it("puts copies of an example in one orbit, also when their labels disagree", () => {
    expect([...(build("1,2,0;3,4,1;1,2,1;1,2,0").orbits ?? [])]).toEqual([0, 1, 0, 0]);
  });

  it.each([
    ["", 'task.rows: give examples, such as "0,0,0;0,1,1;1,0,1;1,1,0", or a CSV or JSON file'],
    ["1;2;3", "task.rows: one number in each row; give at least one input and the label"],
    ["1,2;3,2", "task.rows: every label is the same; give at least two different ones"],
  ])("refuses the rows %j: %s", (rows, message) => {
    expect(() => build(rows)).toThrow(new UsageError(message));
  });
});
