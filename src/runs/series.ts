import type { Eval } from "../train/eval.ts";

/**
 * Metric series as they are stored: rows of float64, `[n, 7]`, little-endian on every machine that runs WebAssembly.
 * SQL columns would turn NaN into NULL, and a diverging run is where the numbers matter.
 */
export const seriesColumns = ["step", "trainLoss", "trainAccuracy", "testLoss", "testAccuracy", "normL1", "normL2"];
const width = seriesColumns.length;

export const evalToRow = (e: Eval): readonly number[] => [
  ...[e.step, e.train.loss, e.train.accuracy, e.test.loss, e.test.accuracy],
  ...[e.normL1, e.normL2],
];

export const rowToEval = (row: ArrayLike<number>): Eval => ({
  step: row[0],
  train: { loss: row[1], accuracy: row[2] },
  test: { loss: row[3], accuracy: row[4] },
  normL1: row[5],
  normL2: row[6],
});

/** Rows one after the other, `[n, 7]`. */
export function evalsToRows(evals: readonly Eval[]): Float64Array {
  const rows = new Float64Array(evals.length * width);
  evals.forEach((e, i) => rows.set(evalToRow(e), i * width));
  return rows;
}

export function rowsToEvals(rows: Float64Array): readonly Eval[] {
  return Array.from({ length: Math.floor(rows.length / width) }, (_, i) =>
    rowToEval(rows.subarray(i * width, (i + 1) * width)),
  );
}

export function packEvals(evals: readonly Eval[]): Uint8Array {
  return new Uint8Array(evalsToRows(evals).buffer);
}

/** @param blob as a database driver gives it: aligned or not */
export function unpackEvals(blob: Uint8Array | ArrayBuffer): readonly Eval[] {
  const bytes = blob instanceof Uint8Array ? blob : new Uint8Array(blob);
  return rowsToEvals(new Float64Array(bytes.slice(0, bytes.length - (bytes.length % (8 * width))).buffer));
}

/** One Eval per step, ascending; where a step comes twice the later one counts. */
export function mergeEvals(parts: Iterable<readonly Eval[]>): readonly Eval[] {
  const byStep = new Map<number, Eval>();
  for (const part of parts) for (const e of part) byStep.set(e.step, e);
  return [...byStep.values()].sort((a, b) => a.step - b.step);
}

/** One Eval as JSON text that keeps NaN, infinities and -0, which JSON's numbers cannot. */
export function evalToJson(e: Eval): string {
  return JSON.stringify(
    evalToRow(e).map((value) => (Object.is(value, -0) ? "-0" : Number.isFinite(value) ? value : String(value))),
  );
}

export const evalFromJson = (text: string): Eval => rowToEval((JSON.parse(text) as (number | string)[]).map(Number));
