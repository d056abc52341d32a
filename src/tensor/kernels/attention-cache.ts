/*
 * Attention of one new row of each sequence to the rows before it, kept in a cache: for each sequence and head its keys,
 * transposed, `[width, room]`, then its values, `[room, width]`. Sums run as in ./attention.ts, so a row comes out the
 * same as if its whole sequence were read again.
 */
import { softmaxRow } from "./attention";
import { bytes, copyRow, lanes, loadPart, storePart } from "./lanes";

// @ts-ignore: decorator
@inline
function at<T>(cache: usize, heads: i32, s: i32, h: i32, width: i32, room: i32): usize {
  return cache + (<usize>s * heads + h) * 2 * <usize>width * bytes<T>(room);
}

/** Puts rows `from[s]` … of keys and values `[heads, rows, width]` behind the `lengths[s]` that sequence s has cached. */
// @ts-ignore: decorator
@inline
function cacheRows<T>(
  k: usize, v: usize, offsets: usize, lengths: usize, cache: usize, heads: i32, n: i32, width: i32, room: i32,
): void {
  const rows = load<i32>(offsets + 4 * <usize>n);
  for (let h = 0; h < heads; h++)
    for (let s = 0; s < n; s++) {
      const start = load<i32>(offsets + 4 * <usize>s), end = load<i32>(offsets + 4 * <usize>(s + 1));
      const keys = at<T>(cache, heads, s, h, width, room), values = keys + <usize>width * bytes<T>(room);
      for (let r = start; r < end; r++) {
        const place = load<i32>(lengths + 4 * <usize>s) + r - start;
        const row = (<usize>h * rows + r) * bytes<T>(width);
        for (let c = 0; c < width; c++)
          store<T>(keys + (<usize>c * room + place) * sizeof<T>(), load<T>(k + row + bytes<T>(c)));
        copyRow<T>(v + row, values + <usize>place * bytes<T>(width), width);
      }
    }
}

/** out = softmax(factor q kᵀ) v for one row of each sequence, `[heads, n, width]`; `lengths` rows are looked at. */
// @ts-ignore: decorator
@inline
function attendCached<T>(
  q: usize, lengths: usize, cache: usize, out: usize, heads: i32, n: i32, width: i32, room: i32, factor: T,
  scratch: usize,
): void {
  for (let h = 0; h < heads; h++)
    for (let s = 0; s < n; s++, q += bytes<T>(width), out += bytes<T>(width)) {
      const count = load<i32>(lengths + 4 * <usize>s);
      const keys = at<T>(cache, heads, s, h, width, room), values = keys + <usize>width * bytes<T>(room);
      for (let u = 0; u < count; u += lanes<T>()) {
        let sum = v128.splat<T>(0);
        for (let c = 0; c < width; c++) {
          const x = v128.load_splat<T>(q + bytes<T>(c));
          sum = v128.add<T>(sum, v128.mul<T>(x, v128.load(keys + (<usize>c * room + u) * sizeof<T>())));
        }
        v128.store(scratch + bytes<T>(u), sum);
      }
      softmaxRow<T>(scratch, count, factor, scratch);
      for (let c = 0; c < width; c += lanes<T>()) {
        let sum = v128.splat<T>(0);
        const left = width - c;
        for (let u = 0; u < count; u++) {
          const value = values + <usize>u * bytes<T>(width) + bytes<T>(c);
          const y = left >= lanes<T>() ? v128.load(value) : loadPart<T>(value, left, 0);
          sum = v128.add<T>(sum, v128.mul<T>(v128.load_splat<T>(scratch + bytes<T>(u)), y));
        }
        if (left >= lanes<T>()) v128.store(out + bytes<T>(c), sum);
        else storePart<T>(out + bytes<T>(c), sum, left);
      }
    }
}

export function cacheRows_f32(
  k: usize, v: usize, offsets: usize, lengths: usize, cache: usize, heads: i32, n: i32, width: i32, room: i32,
): void {
  cacheRows<f32>(k, v, offsets, lengths, cache, heads, n, width, room);
}
export function cacheRows_f64(
  k: usize, v: usize, offsets: usize, lengths: usize, cache: usize, heads: i32, n: i32, width: i32, room: i32,
): void {
  cacheRows<f64>(k, v, offsets, lengths, cache, heads, n, width, room);
}
export function attendCached_f32(
  q: usize, lengths: usize, cache: usize, out: usize, heads: i32, n: i32, width: i32, room: i32, factor: f32,
  scratch: usize,
): void {
  attendCached<f32>(q, lengths, cache, out, heads, n, width, room, factor, scratch);
}
export function attendCached_f64(
  q: usize, lengths: usize, cache: usize, out: usize, heads: i32, n: i32, width: i32, room: i32, factor: f64,
  scratch: usize,
): void {
  attendCached<f64>(q, lengths, cache, out, heads, n, width, room, factor, scratch);
}
