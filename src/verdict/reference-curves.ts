import { quoted, UsageError } from "../options.ts";

/** A curve from elsewhere. */
export interface ReadCurve {
  readonly name: string;
  readonly steps: Float64Array;
  readonly values: Float64Array;
}

/**
 * Curves from a wide CSV file, as experiment trackers export them: a header, then the step in the first column and one
 * column for each run; empty cells are readings that a run has not. Columns that trackers add for the smallest and largest
 * value (`… __MIN`, `… __MAX`) are left out.
 * @throws UsageError that names file, line, column and cause
 */
export function readWideCsv(content: string, filename: string): readonly ReadCurve[] {
  const lines = content
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\n|\r/)
    .map((line, i) => ({ cells: cellsOf(line), number: i + 1, empty: line.trim() === "" }))
    .filter(({ empty }) => !empty);
  const header = lines.shift();
  if (header === undefined || header.cells.length < 2)
    throw new UsageError(`${filename}: give a header: the step, then a column for each run`);
  if (header.cells.slice(1).every((cell) => cell !== "" && Number.isFinite(Number(cell))))
    throw new UsageError(`${filename}, line ${header.number}: numbers where the names of columns belong`);
  const columns = header.cells.map((name) => ({ name, steps: [] as number[], values: [] as number[] }));
  for (const { cells, number } of lines) {
    if (cells.length !== columns.length)
      throw new UsageError(`${filename}, line ${number}: ${cells.length} cells, the header has ${columns.length}`);
    const numbers = cells.map((cell, column) => {
      if (cell === "") return NaN;
      const value = Number(cell);
      if (Number.isFinite(value) || cell === "NaN") return value;
      throw new UsageError(`${filename}, line ${number}, column ${column + 1}: ${quoted(cell)} is not a number`);
    });
    if (Number.isNaN(numbers[0])) throw new UsageError(`${filename}, line ${number}: no step`);
    numbers.forEach((value, column) => {
      if (column === 0 || Number.isNaN(value)) return;
      columns[column].steps.push(numbers[0]);
      columns[column].values.push(value);
    });
  }
  return columns
    .slice(1)
    .filter(({ name, values }) => values.length > 0 && !/__(MIN|MAX)$/.test(name))
    .map(({ name, steps, values }) => ({
      name,
      steps: Float64Array.from(steps),
      values: Float64Array.from(values),
    }));
}

/** Cells of a line; those in double quotes may hold commas, and two quotes for one. */
function cellsOf(line: string): readonly string[] {
  const cells = line.match(/("(?:[^"]|"")*"|[^,]*)(,|$)/g) ?? [];
  // The last match is the empty one at the end.
  return cells
    .slice(0, line.endsWith(",") || cells.at(-1) !== "" ? cells.length : -1)
    .map((cell) => cell.replace(/,$/, "").trim().replace(/^"(.*)"$/, "$1").replaceAll('""', '"')); // prettier-ignore
}
