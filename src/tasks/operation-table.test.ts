import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checked, maxDataLength, resolve, UsageError } from "../options.ts";
import { random } from "../rng.ts";
import { operationTable, readOperationTable } from "./operation-table.ts";

const build = (table: string) => operationTable.build(resolve(operationTable.fields, { table }, "task"), random(0));

describe("the file", () => {
  it("is CSV with commas, tabs or semicolons, or JSON, and becomes one line of text", () => {
    expect(readOperationTable("0,1\n1,0\n", "xor.csv")).toBe("0,1;1,0");
    expect(readOperationTable('\uFEFF0 ;"1"\r\n\r\n1;0', "xor.csv")).toBe("0,1;1,0");
    expect(readOperationTable("0\t1\r1\t0", "xor.tsv")).toBe("0,1;1,0");
    expect(readOperationTable(" [[0, 1],\n [1, 0]] ", "xor.json")).toBe("0,1;1,0");
    expect(readOperationTable("[[0, 1], [1, 0]]", "xor")).toBe("0,1;1,0");
  });

  it.each([
    ["", "t.csv: no rows; give at least one row of numbers"],
    ["0,1\n\n1,x", 't.csv, line 3, column 2: "x" is not allowed; give a whole number from 0 to 65535'],
    ["0,1\n1,", "t.csv, line 2, column 2: nothing is written here; give a whole number from 0 to 65535"],
    ["0,1\n1", "t.csv, line 2: 1 number, where line 1 has 2; rows must be equally long"],
    ["0,1\n1,0,2", "t.csv, line 2: 3 numbers, where line 1 has 2; rows must be equally long"],
    ["0,-1", 't.csv, line 1, column 2: "-1" is not allowed; give a whole number from 0 to 65535'],
    ["0,1.5", 't.csv, line 1, column 2: "1.5" is not allowed; give a whole number from 0 to 65535'],
    ["0,65536", 't.csv, line 1, column 2: "65536" is not allowed; give a whole number from 0 to 65535'],
    ["a,b\n0,1", 't.csv, line 1, column 1: "a" is not allowed; give a whole number from 0 to 65535'],
    [
      `0,${"9".repeat(80)}`,
      `t.csv, line 1, column 2: "${"9".repeat(56)}... is not allowed; give a whole number from 0 to 65535`,
    ],
    ["0,\u009b31m", 't.csv, line 1, column 2: "\\u009b31m" is not allowed; give a whole number from 0 to 65535'],
    ["0,\u0007", 't.csv, line 1, column 2: "\\u0007" is not allowed; give a whole number from 0 to 65535'],
  ])("CSV %j is refused: %s", (content, message) => {
    expect(() => readOperationTable(content, "t.csv")).toThrow(new UsageError(message));
  });

  it.each([
    ["", "t.json, line 1, column 1: expected a value, found the end of the file"],
    ["[[0, 1],\n [1, 0]", 't.json, line 2, column 8: expected "," or "]", found the end of the file'],
    ["[[0, 1],\n [1, 0],]", 't.json, line 2, column 9: expected a value, found "]"'],
    ["[[0, 1],\n [1, 0]] x", 't.json, line 2, column 10: expected the end of the file, found "x"'],
    ["[[0, 1],\n [1, -2]]", "t.json, line 2, column 6: -2 is not allowed; give a whole number from 0 to 65535"],
    ["[[0, 1],\n [1, true]]", "t.json, line 2, column 6: true is not allowed; give a whole number from 0 to 65535"],
    ['[[0, 1],\n [1, "2"]]', 't.json, line 2, column 6: "2" is not allowed; give a whole number from 0 to 65535'],
    ["[[0, 1],\n [1]]", "t.json, line 2, column 2: row 2: 1 number, where row 1 has 2; rows must be equally long"],
    ["[[0, 1], 5]", "t.json, line 1, column 10: row 2: expected a list of numbers, found 5"],
    ["[]", "t.json, line 1, column 1: no rows; give at least one row of numbers"],
    ["[[], []]", "t.json, line 1, column 2: row 1 is empty; give at least one number"],
    ['{"table": [[0]]}', "t.json, line 1, column 1: expected a list of rows, found an object"],
    ['["a', 't.json, line 1, column 2: expected a closed string, found "\\""'],
    ["{1: 2}", 't.json, line 1, column 2: expected a name in quotes, found "1"'],
    ['{"a" 2}', 't.json, line 1, column 6: expected ":", found "2"'],
    ["01", 't.json, line 1, column 2: expected the end of the file, found "1"'],
    ["[".repeat(100_000), "t.json, line 1, column 34: more than 32 brackets inside each other"],
  ])("JSON %j is refused: %s", (content, message) => {
    expect(() => readOperationTable(content, "t.json")).toThrow(new UsageError(message));
  });

  it("is read or refused with a UsageError, whatever its bytes", () => {
    const piece = fc.constantFrom(
      "0",
      "1",
      "12",
      ",",
      ";",
      "\n",
      "\r\n",
      "[",
      "]",
      "{",
      "}",
      '"',
      ":",
      " ",
      "\t",
      "-",
      ".",
      "e9",
      "true",
      "inputs",
      "\\",
      "\uFEFF",
    );
    const content = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.uint8Array({ maxLength: 60 }).map((bytes) => new TextDecoder().decode(bytes)),
      fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join("")),
    );
    fc.assert(
      fc.property(content, fc.constantFrom("t.csv", "t.json", "t", ""), (text, filename) => {
        let table: string;
        try {
          table = readOperationTable(text, filename);
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
          return;
        }
        expect(table).toMatch(/^\d+(,\d+)*(;\d+(,\d+)*)*$/);
      }),
      { numRuns: 1000 },
    );
  });

  it("of any rectangle of numbers gives the same text from CSV, from JSON and from that text", () => {
    const rectangles = fc
      .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
      .chain(([rows, columns]) =>
        fc.array(fc.array(fc.nat(65535), { minLength: columns, maxLength: columns }), {
          minLength: rows,
          maxLength: rows,
        }),
      );
    fc.assert(
      fc.property(rectangles, (rows) => {
        const text = rows.map((row) => row.join()).join(";");
        expect(readOperationTable(rows.map((row) => row.join()).join("\n"), "t.csv")).toBe(text);
        expect(readOperationTable(JSON.stringify(rows), "t.json")).toBe(text);
      }),
    );
  });

  it("with one long row and many short ones asks for no memory by their product", () => {
    const csv = `${"0,".repeat(200_000)}0\n${"0\n".repeat(200_000)}`;
    expect(() => readOperationTable(csv, "t.csv")).toThrow("t.csv, line 2: 1 number, where line 1 has 200001");
    const json = `[[${"0,".repeat(200_000)}0]${",[0]".repeat(200_000)}]`;
    expect(() => readOperationTable(json, "t.json")).toThrow("row 2: 1 number, where row 1 has 200001");
  });

  it("with a string of millions of characters is refused like any other", () => {
    expect(() => readOperationTable(`["${"a\\n".repeat(3_000_000)}"]`, "t.json")).toThrow(
      "t.json, line 1, column 2: row 1: expected a list of numbers, found",
    );
  });

  it("is refused when a Plan cannot hold it", () => {
    const row = `${Array.from({ length: 2000 }, () => 10000).join()}\n`;
    expect(() => readOperationTable(row.repeat(1400), "t.csv")).toThrow(
      "t.csv: 16799999 characters of numbers; a Plan holds at most 16777216",
    );
  });
});

describe("the task", () => {
  it("asks for entry (a, b), first operand down, second across", () => {
    const task = build("0,1,2;3,4,5");
    expect(task.inputs).toEqual({
      kind: "tokens",
      tokens: Int32Array.of(0, 0, 0, 1, 0, 2, 1, 0, 1, 1, 1, 2),
      seqLen: 2,
      vocabSize: 3,
    });
    expect([...task.labels]).toEqual([0, 1, 2, 3, 4, 5]);
    expect([task.n, task.numClasses, task.chance]).toEqual([6, 6, 1 / 6]);
  });

  it("puts mirrored pairs in one orbit when the table is its own mirror image, and only then", () => {
    expect([...(build("0,1,2;1,2,0;2,0,1").orbits ?? [])]).toEqual([0, 1, 2, 1, 3, 4, 2, 4, 5]);
    expect(build("0,1,2;1,2,0;2,1,0").orbits).toBeUndefined();
    expect(build("0,1,2;1,2,0").orbits).toBeUndefined();
  });

  it.each([
    ["", 'task.table: give the answers of the operation, such as "0,1;1,0", or a CSV or JSON file'],
    ["3,3;3,3", "task.table: every answer is the same; give at least two different ones"],
    ["0,1;1,a", 'task.table, row 2, number 2: "a" is not allowed; give a whole number from 0 to 65535'],
    ["0,1;1", "task.table, row 2: 1 number, where row 1 has 2; rows must be equally long"],
    [";", "task.table: no rows; give at least one row of numbers"],
  ])("refuses the table %j: %s", (table, message) => {
    expect(() => build(table)).toThrow(new UsageError(message));
  });

  it("holds data in a field that takes far more than a text does, but not anything", () => {
    const field = operationTable.fields.table;
    const long = "0,1;".repeat(100_000);
    expect(checked(field, long, "task.table")).toBe(long);
    expect(() => checked(field, "0".repeat(maxDataLength + 1), "task.table")).toThrow(
      "give data of at most 16777216 characters",
    );
  });
});
