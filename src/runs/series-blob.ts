import type { Eval } from "../train/eval.ts";
import { evalToRow, rowToEval, seriesColumns } from "./series.ts";

/**
 * Evaluations as bytes: pieces one after another, each of evaluations that measured the same.
 *
 * - seven columns only: rows of float64, as they always were;
 * - more: `GLM1`, the bytes of the names, their JSON padded with spaces to a multiple of 8, the number of rows (float64),
 *   then rows of seven and one for each name.
 *
 * A plain row begins with a step, a whole number below 2^52: the lower bits of its float64 are never those of `GLM1`.
 */
const magic = 0x314d4c47; // "GLM1", little-endian
const width = seriesColumns.length;
const namesOf = (e: Eval): readonly string[] | undefined => e.measures && Object.keys(e.measures);

export function packEvals(evals: readonly Eval[]): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (let from = 0; from < evals.length;) {
    const names = namesOf(evals[from]);
    const key = JSON.stringify(names);
    let to = from + 1;
    while (to < evals.length && JSON.stringify(namesOf(evals[to])) === key) to++;
    pieces.push(piece(evals.slice(from, to), names));
    from = to;
  }
  const out = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const bytes of pieces) {
    out.set(bytes, at);
    at += bytes.length;
  }
  return out;
}

function piece(evals: readonly Eval[], names: readonly string[] | undefined): Uint8Array {
  const columns = width + (names?.length ?? 0);
  const rows = new Float64Array(evals.length * columns);
  evals.forEach((e, i) => {
    rows.set(evalToRow(e), i * columns);
    names?.forEach((name, j) => (rows[i * columns + width + j] = e.measures![name]));
  });
  const data = new Uint8Array(rows.buffer);
  if (!names) return data;
  const json = new TextEncoder().encode(JSON.stringify(names));
  const length = Math.ceil(json.length / 8) * 8;
  const out = new Uint8Array(8 + length + 8 + data.length).fill(0x20);
  const head = new DataView(out.buffer);
  head.setUint32(0, magic, true);
  head.setUint32(4, length, true);
  out.set(json, 8);
  head.setFloat64(8 + length, evals.length, true);
  out.set(data, 16 + length);
  return out;
}

/** @param blob as a database driver gives it: aligned or not. What is cut off at its end is left out. */
export function unpackEvals(blob: Uint8Array | ArrayBuffer): readonly Eval[] {
  const bytes = blob instanceof Uint8Array ? blob : new Uint8Array(blob);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const evals: Eval[] = [];
  const read = (at: number, names?: readonly string[]): void => {
    const value = (column: number): number => view.getFloat64(at + 8 * column, true);
    const row = Array.from({ length: width }, (_, i) => value(i));
    evals.push(rowToEval(row, names && Object.fromEntries(names.map((name, j) => [name, value(width + j)]))));
  };
  for (let at = 0; at + 16 <= bytes.length;) {
    if (view.getUint32(at, true) !== magic) {
      if (at + 8 * width > bytes.length) break;
      read(at);
      at += 8 * width;
      continue;
    }
    const length = view.getUint32(at + 4, true);
    const start = at + 16 + length;
    if (start > bytes.length) break;
    const names = JSON.parse(new TextDecoder().decode(bytes.subarray(at + 8, at + 8 + length))) as string[];
    const rows = view.getFloat64(start - 8, true);
    const step = 8 * (width + names.length);
    at = start;
    for (let i = 0; i < rows && at + step <= bytes.length; i++, at += step) read(at, names);
    if (at < start + rows * step) break;
  }
  return evals;
}
