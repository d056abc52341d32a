import type { NamedArray } from "../tensor/index.ts";
import type { Matrix } from "./network.ts";

export const zeros = (rows: number, cols: number): Matrix => ({ rows, cols, data: new Float64Array(rows * cols) });

/** The numbers of a two-dimensional array as they are, in float64. */
export const asMatrix = ({ shape, data }: NamedArray): Matrix => ({
  rows: shape[0],
  cols: shape[1] ?? 1,
  data: Float64Array.from(data),
});

/** a · b, [m, k] · [k, n] -> [m, n] */
export function multiply(a: Matrix, b: Matrix): Matrix {
  const { rows: m, cols: k } = a;
  const n = b.cols;
  const out = zeros(m, n);
  for (let i = 0; i < m; i++) {
    for (let l = 0; l < k; l++) {
      const x = a.data[i * k + l];
      if (x === 0) continue;
      const from = l * n;
      const to = i * n;
      for (let j = 0; j < n; j++) out.data[to + j] += x * b.data[from + j];
    }
  }
  return out;
}

export function transpose({ rows, cols, data }: Matrix): Matrix {
  const out = zeros(cols, rows);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) out.data[j * rows + i] = data[i * cols + j];
  return out;
}

/** Rows of plain numbers, for JSON. */
export const toRows = ({ rows, cols, data }: Matrix): readonly (readonly number[])[] =>
  Array.from({ length: rows }, (_, i) => Array.from(data.subarray(i * cols, (i + 1) * cols)));

/** Every row without its mean: what a softmax over the row cannot see is left out. */
export function centeredRows({ rows, cols, data }: Matrix): Matrix {
  const out = zeros(rows, cols);
  for (let i = 0; i < rows; i++) {
    let mean = 0;
    for (let j = 0; j < cols; j++) mean += data[i * cols + j] / cols;
    for (let j = 0; j < cols; j++) out.data[i * cols + j] = data[i * cols + j] - mean;
  }
  return out;
}
