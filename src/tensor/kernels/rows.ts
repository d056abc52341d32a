// Rows picked by number: one-hot inputs without the zeros.
import { addRow, bytes, copyRow } from "./lanes";

/** Address of the row of `table` that the i-th index names; indices lie `stride` apart. */
// @ts-ignore: decorator
@inline
function picked<T>(table: usize, indices: usize, stride: i32, i: i32, d: i32): usize {
  return table + <usize>(<u32>load<i32>(indices + (<usize>i) * stride * 4)) * bytes<T>(d);
}

/** out[i] = table[indices[i stride]], `n` rows of `d`. */
// @ts-ignore: decorator
@inline
function gather<T>(table: usize, indices: usize, stride: i32, out: usize, n: i32, d: i32): void {
  for (let i = 0; i < n; i++) copyRow<T>(picked<T>(table, indices, stride, i, d), out + bytes<T>(i) * d, d);
}

/** out[i] += table[indices[i stride]]. */
// @ts-ignore: decorator
@inline
function gatherAdd<T>(table: usize, indices: usize, stride: i32, out: usize, n: i32, d: i32): void {
  for (let i = 0; i < n; i++) addRow<T>(picked<T>(table, indices, stride, i, d), out + bytes<T>(i) * d, d);
}

/** table[indices[i stride]] += rows[i], in the order of i. */
// @ts-ignore: decorator
@inline
function scatterAdd<T>(rows: usize, indices: usize, stride: i32, table: usize, n: i32, d: i32): void {
  for (let i = 0; i < n; i++) addRow<T>(rows + bytes<T>(i) * d, picked<T>(table, indices, stride, i, d), d);
}

export function gather_f32(table: usize, indices: usize, stride: i32, out: usize, n: i32, d: i32): void {
  gather<f32>(table, indices, stride, out, n, d);
}
export function gather_f64(table: usize, indices: usize, stride: i32, out: usize, n: i32, d: i32): void {
  gather<f64>(table, indices, stride, out, n, d);
}
export function gatherAdd_f32(table: usize, indices: usize, stride: i32, out: usize, n: i32, d: i32): void {
  gatherAdd<f32>(table, indices, stride, out, n, d);
}
export function gatherAdd_f64(table: usize, indices: usize, stride: i32, out: usize, n: i32, d: i32): void {
  gatherAdd<f64>(table, indices, stride, out, n, d);
}
export function scatterAdd_f32(rows: usize, indices: usize, stride: i32, table: usize, n: i32, d: i32): void {
  scatterAdd<f32>(rows, indices, stride, table, n, d);
}
export function scatterAdd_f64(rows: usize, indices: usize, stride: i32, table: usize, n: i32, d: i32): void {
  scatterAdd<f64>(rows, indices, stride, table, n, d);
}
