import { quoted } from "../../options.ts";
import { readCsv } from "./csv.ts";
import { readJson, type JsonDocument, type JsonNode } from "./json.ts";
import { allowedEntry, maxEntry, uneven, type IntMatrix } from "./matrix.ts";

/** Whether a file is JSON: by its name if that tells, by its first character otherwise. */
function isJson(content: string, filename: string): boolean {
  if (/\.json$/i.test(filename)) return true;
  return !/\.(csv|tsv|txt)$/i.test(filename) && /^\uFEFF?\s*[[{]/.test(content);
}

/**
 * The numbers of a CSV or JSON file.
 * @param header whether a CSV file may begin with a header
 * @param fromObject what a JSON object means; by default it is refused
 * @throws UsageError that names file, line, column and cause
 */
export function readMatrix(
  content: string,
  filename: string,
  header: boolean,
  fromObject?: (document: JsonDocument) => IntMatrix,
): IntMatrix {
  if (!isJson(content, filename)) return readCsv(content, filename, header);
  const document = readJson(content, filename);
  if (document.root.kind === "object" && fromObject) return fromObject(document);
  return jsonMatrix(document.root, document);
}

/** `[[1, 2], [3, 4]]` */
export function jsonMatrix(node: JsonNode, { wrong }: JsonDocument): IntMatrix {
  if (node.kind !== "array") throw wrong(node.at, `expected a list of rows, found ${called(node)}`);
  if (node.items.length === 0) throw wrong(node.at, "no rows; give at least one row of numbers");
  const rows = node.items.map((row, r) => {
    if (row.kind !== "array") throw wrong(row.at, `row ${r + 1}: expected a list of numbers, found ${called(row)}`);
    return row;
  });
  const columns = rows[0].items.length;
  if (columns === 0) throw wrong(rows[0].at, "row 1 is empty; give at least one number");
  rows.forEach(({ at, items }, r) => {
    if (items.length !== columns) throw wrong(at, uneven(`row ${r + 1}`, items.length, "row 1", columns));
  });
  const values = Int32Array.from(
    rows.flatMap(({ items }) => items),
    (item) => jsonEntry(item, wrong),
  );
  return { rows: rows.length, columns, values };
}

/** A number of a table. */
export function jsonEntry(node: JsonNode, wrong: JsonDocument["wrong"]): number {
  const entry = node.kind === "number" ? Number(node.text) : NaN;
  if (Number.isInteger(entry) && entry >= 0 && entry <= maxEntry) return entry;
  throw wrong(node.at, `${called(node)} is not allowed; ${allowedEntry}`);
}

/** A value as messages call it. */
export function called(node: JsonNode): string {
  switch (node.kind) {
    case "array":
      return "a list";
    case "object":
      return "an object";
    case "string":
      return quoted(node.text);
    case "number":
    case "word":
      return node.text.slice(0, 40);
  }
}
