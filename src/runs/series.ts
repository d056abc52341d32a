import type { Eval, Measures } from "../train/eval.ts";

/**
 * Metric series as they are stored: rows of float64, `[n, 7]`, little-endian on every machine that runs WebAssembly.
 * SQL columns would turn NaN into NULL, and a diverging run is where the numbers matter. Where an evaluation measured
 * more, its rows are wider, and stand behind a header that names the further columns (./series-blob.ts).
 */
export const seriesColumns = ["step", "trainLoss", "trainAccuracy", "testLoss", "testAccuracy", "normL1", "normL2"];
const width = seriesColumns.length;

export const evalToRow = (e: Eval): readonly number[] => [
  ...[e.step, e.train.loss, e.train.accuracy, e.test.loss, e.test.accuracy],
  ...[e.normL1, e.normL2],
];

export const rowToEval = (row: ArrayLike<number>, measures?: Measures): Eval => ({
  step: row[0],
  train: { loss: row[1], accuracy: row[2] },
  test: { loss: row[3], accuracy: row[4] },
  normL1: row[5],
  normL2: row[6],
  ...(measures && { measures }),
});

/** Rows one after the other, `[n, 7]`, without further measures. */
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

/** Every further measure of these evaluations, in the order in which they first appear. */
export const measureNames = (evals: readonly Eval[]): readonly string[] => [
  ...new Set(evals.flatMap((e) => Object.keys(e.measures ?? {}))),
];

/** One Eval per step, ascending; where a step comes twice the later one counts. */
export function mergeEvals(parts: Iterable<readonly Eval[]>): readonly Eval[] {
  const byStep = new Map<number, Eval>();
  for (const part of parts) for (const e of part) byStep.set(e.step, e);
  return [...byStep.values()].sort((a, b) => a.step - b.step);
}

/** One Eval as JSON text that keeps NaN, infinities and -0, which JSON's numbers cannot. */
export function evalToJson(e: Eval): string {
  const row = evalToRow(e).map(plain);
  if (!e.measures) return JSON.stringify(row);
  return JSON.stringify([...row, Object.fromEntries(Object.entries(e.measures).map(([k, v]) => [k, plain(v)]))]);
}

const plain = (value: number): number | string =>
  Object.is(value, -0) ? "-0" : Number.isFinite(value) ? value : String(value);

export function evalFromJson(text: string): Eval {
  const entries = JSON.parse(text) as (number | string | Record<string, number | string>)[];
  const measures = entries[width];
  if (typeof measures !== "object") return rowToEval(entries.map(Number));
  const values = Object.entries(measures).map(([name, value]) => [name, Number(value)] as const);
  return rowToEval(entries.slice(0, width).map(Number), Object.fromEntries(values));
}
