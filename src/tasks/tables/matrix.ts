import { maxDataLength, quoted, UsageError } from "../../options.ts";

/** A table of whole numbers, row-major `[rows, columns]`, with at least one row and one column. */
export interface IntMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Int32Array;
}

/** Largest number a table may hold: vocabularies and answers are sized by it. */
export const maxEntry = 65535;

/** A row as it was read: what messages call it, and its cells. */
export interface TextRow {
  readonly name: string;
  readonly cells: readonly string[];
}

/**
 * The numbers of rows of text.
 * @param source what messages begin with: a file's or an option's name
 * @param cell what messages call a cell: `column`, `number`
 * @throws UsageError that names the row and the cell
 */
export function toMatrix(rows: readonly TextRow[], source: string, cell: string): IntMatrix {
  const first = rows[0];
  if (first === undefined) throw new UsageError(`${source}: no rows; give at least one row of numbers`);
  const columns = first.cells.length;
  // Before anything is sized by the product: one long row and many short ones would ask for all the memory there is.
  const odd = rows.find(({ cells }) => cells.length !== columns);
  if (odd) throw new UsageError(uneven(`${source}, ${odd.name}`, odd.cells.length, first.name, columns));
  const values = new Int32Array(rows.length * columns);
  rows.forEach(({ name, cells }, r) => {
    cells.forEach((text, c) => {
      if (!/^\d+$/.test(text) || Number(text) > maxEntry) {
        const what = text === "" ? "nothing is written here" : `${quoted(text)} is not allowed`;
        throw new UsageError(`${source}, ${name}, ${cell} ${c + 1}: ${what}; ${allowedEntry}`);
      }
      values[r * columns + c] = Number(text);
    });
  });
  return { rows: rows.length, columns, values };
}

export const allowedEntry = `give a whole number from 0 to ${maxEntry}`;

export function uneven(where: string, count: number, firstName: string, columns: number): string {
  return `${where}: ${numbers(count)}, where ${firstName} has ${columns}; rows must be equally long`;
}

const numbers = (count: number) => (count === 1 ? "1 number" : `${count} numbers`);

/**
 * Reads the text of a data field: numbers separated by commas, rows by `;` or line ends.
 * @param name the option's name, which messages begin with
 */
export function parseRows(text: string, name: string): IntMatrix {
  const rows = text
    .split(/[;\n]/)
    .map((line, i) => ({ line: line.trim(), name: `row ${i + 1}` }))
    .filter(({ line }) => line !== "")
    .map(({ line, name }) => ({ name, cells: line.split(",").map((cell) => cell.trim()) }));
  return toMatrix(rows, name, "number");
}

/** The text of a data field: `parseRows` reads it back. @throws UsageError when a Plan cannot hold it */
export function writeRows({ rows, columns, values }: IntMatrix, source: string): string {
  const text = Array.from({ length: rows }, (_, r) => values.subarray(r * columns, (r + 1) * columns).join(",")).join(
    ";",
  );
  if (text.length > maxDataLength)
    throw new UsageError(`${source}: ${text.length} characters of numbers; a Plan holds at most ${maxDataLength}`);
  return text;
}
