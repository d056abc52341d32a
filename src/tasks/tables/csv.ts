import { toMatrix, type IntMatrix, type TextRow } from "./matrix.ts";

/**
 * Reads comma-, tab- or semicolon-separated whole numbers; the first line decides which. Blank lines are skipped, cells
 * may stand in double quotes. Messages count lines and columns (cells) from 1.
 * @param header whether a first line without a number in it is a header, to be skipped
 * @throws UsageError
 */
export function readCsv(content: string, filename: string, header: boolean): IntMatrix {
  const lines = content
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\n|\r/)
    .map((line, i) => ({ line, name: `line ${i + 1}` }))
    .filter(({ line }) => line.trim() !== "");
  const separator = [",", "\t", ";"].find((candidate) => lines[0]?.line.includes(candidate)) ?? ",";
  const rows: TextRow[] = lines.map(({ line, name }) => ({ name, cells: line.split(separator).map(unquoted) }));
  const named = header && rows.length > 0 && rows[0].cells.every((cell) => !/^[-+.]?\d/.test(cell));
  return toMatrix(named ? rows.slice(1) : rows, filename, "column");
}

function unquoted(cell: string): string {
  const text = cell.trim();
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).trim() : text;
}
