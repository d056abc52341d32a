import { data, UsageError } from "../options.ts";
import { largestShare } from "./tables/labels.ts";
import { parseRows, writeRows, type IntMatrix } from "./tables/matrix.ts";
import { unorderedIndex } from "./tables/pairs.ts";
import { readMatrix } from "./tables/read.ts";
import { defineTask } from "./task.ts";

/**
 * The `table` option for the content of a CSV or JSON file: a matrix of whole numbers of at least 0, first operand down,
 * second operand across.
 * @throws UsageError that names file, line, column and cause
 */
export function readOperationTable(content: string, filename: string): string {
  return writeRows(readMatrix(content, filename, false), filename);
}

/**
 * Any operation on a finite set: entry (a, b) of the table is the answer of a ∘ b. The table need not be square. When
 * it is its own mirror image, mirrored pairs are one orbit.
 */
export const operationTable = defineTask({
  name: "operation-table",
  summary: "An operation of your own, given as a table of its answers.",
  fields: {
    table: data(readOperationTable, "answers: numbers separated by commas, rows by semicolons; or a CSV or JSON file"),
  },
  examples: "table",
  inputs: "tokens",
  build: ({ table }) => {
    if (table.trim() === "")
      throw new UsageError('task.table: give the answers of the operation, such as "0,1;1,0", or a CSV or JSON file');
    const matrix = parseRows(table, "task.table");
    const { rows, columns, values: labels } = matrix;
    const chance = largestShare(labels);
    if (chance === 1) throw new UsageError("task.table: every answer is the same; give at least two different ones");
    const tokens = Int32Array.from({ length: 2 * labels.length }, (_, at) => {
      const entry = Math.floor(at / 2);
      return at % 2 === 0 ? Math.floor(entry / columns) : entry % columns;
    });
    return {
      name: "operation-table",
      n: labels.length,
      inputs: { kind: "tokens", tokens, seqLen: 2, vocabSize: Math.max(rows, columns) },
      labels,
      numClasses: labels.reduce((largest, label) => Math.max(largest, label)) + 1,
      chance,
      ...(isSymmetric(matrix) ? { orbits: mirrored(rows) } : {}),
    };
  },
});

function isSymmetric({ rows, columns, values }: IntMatrix): boolean {
  if (rows !== columns) return false;
  for (let a = 0; a < rows; a++)
    for (let b = 0; b < a; b++) if (values[a * rows + b] !== values[b * rows + a]) return false;
  return true;
}

/** (a, b) and (b, a) together, for every pair of `size` operands. */
function mirrored(size: number): Int32Array {
  return Int32Array.from({ length: size * size }, (_, i) => unorderedIndex(Math.floor(i / size), i % size, size));
}
