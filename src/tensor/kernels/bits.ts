/*
 * Products with rows of bits. The bits never change, so they are cut into chunks once (../bits.ts), and a chunk's share
 * of a sum is looked up: a table holds the sums of weight rows for all values of the chunk, made by doubling, with one
 * addition each. The gradient goes the same way backwards: samples with the same value of a chunk are added up in one
 * bucket, and the buckets are folded into bits by halving.
 *
 * All of this is done for 64 bytes of hidden units at a time (16 in float32, 8 in float64), so that the tables stay in
 * the first-level cache. Units never meet, so the bits of a result do not depend on where the cuts are.
 */
import { copyRow } from "./lanes";

/** Bytes of a row of one block: four vectors. */
export const ROW: usize = 64;

/** Units in a block. */
// @ts-ignore: decorator
@inline
export function unitsOf<T>(): i32 {
  return <i32>ROW / <i32>sizeof<T>();
}

// The plan, int32 words as ../bits.ts writes them: five sizes, then arrays in this order.
// @ts-ignore: decorator
@inline
export function samplesOf(plan: usize): i32 {
  return load<i32>(plan);
}
// @ts-ignore: decorator
@inline
export function widthOf(plan: usize): i32 {
  return load<i32>(plan, 4);
}
// @ts-ignore: decorator
@inline
export function chunksOf(plan: usize): i32 {
  return load<i32>(plan, 8);
}
// @ts-ignore: decorator
@inline
export function varyingOf(plan: usize): i32 {
  return load<i32>(plan, 12);
}
// @ts-ignore: decorator
@inline
export function tableRowsOf(plan: usize): i32 {
  return load<i32>(plan, 16);
}
/** Bits in each chunk. */
// @ts-ignore: decorator
@inline
function chunkBits(plan: usize): usize {
  return plan + 20;
}
/** Twice a column's number plus, where it is constant, its bit: columns that vary, in order, then constant ones. */
// @ts-ignore: decorator
@inline
export function columnsAt(plan: usize): usize {
  return chunkBits(plan) + 4 * <usize>chunksOf(plan);
}
/** Where the samples of each table row begin among the sorted ones, in bytes, and where the last end. */
// @ts-ignore: decorator
@inline
function startsAt(plan: usize): usize {
  return columnsAt(plan) + 4 * <usize>widthOf(plan);
}
/** For each chunk, the samples sorted by its value, as bytes to their row of a block. */
// @ts-ignore: decorator
@inline
function sortedAt(plan: usize): usize {
  return startsAt(plan) + 4 * <usize>(tableRowsOf(plan) + 1);
}
/** For each sample and chunk, the table row: uint16. */
// @ts-ignore: decorator
@inline
export function lookupsAt(plan: usize): usize {
  return sortedAt(plan) + 4 * <usize>chunksOf(plan) * <usize>samplesOf(plan);
}

/** The first `count` numbers at `from` as a row of a block, zeros after them. */
export function loadRow<T>(from: usize, count: i32, to: usize): void {
  const zero = v128.splat<T>(0);
  v128.store(to, zero);
  v128.store(to, zero, 16);
  v128.store(to, zero, 32);
  v128.store(to, zero, 48);
  copyRow<T>(from, to, min(count, unitsOf<T>()));
}

/** row = row + factor other. */
// @ts-ignore: decorator
@inline
export function addScaled<T>(row: usize, factor: T, other: usize): void {
  const f = v128.splat<T>(factor);
  for (let q: usize = 0; q < ROW; q += 16)
    v128.store(row + q, v128.add<T>(v128.load(row + q), v128.mul<T>(f, v128.load(other + q))));
}

/**
 * Tables of one block of `count` units. For a chunk's value u, T[u] is, in this order: for the first chunk the constant
 * columns, then `low` times each weight row of the chunk, then (high - low) times the rows of the bits set in u.
 */
export function buildTables<T>(plan: usize, w: usize, h: i32, count: i32, low: T, high: T, table: usize, row: usize): void {
  const stride = <usize>h * sizeof<T>();
  const span = v128.splat<T>(<T>(high - low));
  let column = columnsAt(plan);
  loadRow<T>(0, 0, table);
  const constants = column + 4 * <usize>varyingOf(plan);
  for (let at = constants; at < startsAt(plan); at += 4) {
    const code = load<i32>(at);
    loadRow<T>(w + <usize>(code >> 1) * stride, count, row);
    addScaled<T>(table, code & 1 ? high : low, row);
  }
  const chunks = chunksOf(plan);
  for (let c = 0; c < chunks; c++) {
    const bits = load<i32>(chunkBits(plan) + 4 * <usize>c);
    if (c > 0) loadRow<T>(0, 0, table);
    if (low != 0)
      for (let b = 0; b < bits; b++) {
        loadRow<T>(w + <usize>(load<i32>(column + 4 * <usize>b) >> 1) * stride, count, row);
        addScaled<T>(table, low, row);
      }
    for (let b = 0; b < bits; b++, column += 4) {
      loadRow<T>(w + <usize>(load<i32>(column) >> 1) * stride, count, row);
      const w0 = v128.mul<T>(span, v128.load(row)), w1 = v128.mul<T>(span, v128.load(row, 16));
      const w2 = v128.mul<T>(span, v128.load(row, 32)), w3 = v128.mul<T>(span, v128.load(row, 48));
      const half = table + (ROW << b);
      for (let from = table, to = half; from < half; from += ROW, to += ROW) {
        v128.store(to, v128.add<T>(v128.load(from), w0));
        v128.store(to, v128.add<T>(v128.load(from, 16), w1), 16);
        v128.store(to, v128.add<T>(v128.load(from, 32), w2), 32);
        v128.store(to, v128.add<T>(v128.load(from, 48), w3), 48);
      }
    }
    table += ROW << bits;
  }
}

/** Bucket u of every chunk: the rows at `rows` of the samples with value u, added in their order. */
function fillBuckets<T>(plan: usize, rows: usize, table: usize): void {
  let starts = startsAt(plan);
  const sorted = sortedAt(plan);
  let at = sorted;
  for (const last = sortedAt(plan) - 4; starts < last; table += ROW) {
    starts += 4;
    const end = sorted + load<i32>(starts);
    let s0 = v128.splat<T>(0), s1 = s0, s2 = s0, s3 = s0;
    for (; at < end; at += 4) {
      const row = rows + load<i32>(at);
      s0 = v128.add<T>(s0, v128.load(row));
      s1 = v128.add<T>(s1, v128.load(row, 16));
      s2 = v128.add<T>(s2, v128.load(row, 32));
      s3 = v128.add<T>(s3, v128.load(row, 48));
    }
    v128.store(table, s0);
    v128.store(table, s1, 16);
    v128.store(table, s2, 32);
    v128.store(table, s3, 48);
  }
}

/** Sum of the upper half of 2 << bit buckets into `out`, and each of them into its bucket of the lower half. */
function foldTop<T>(table: usize, bit: i32, out: usize): void {
  let s0 = v128.splat<T>(0), s1 = s0, s2 = s0, s3 = s0;
  const half = table + (ROW << bit);
  for (let low = table, high = half; low < half; low += ROW, high += ROW) {
    const h0 = v128.load(high), h1 = v128.load(high, 16), h2 = v128.load(high, 32), h3 = v128.load(high, 48);
    s0 = v128.add<T>(s0, h0);
    s1 = v128.add<T>(s1, h1);
    s2 = v128.add<T>(s2, h2);
    s3 = v128.add<T>(s3, h3);
    v128.store(low, v128.add<T>(v128.load(low), h0));
    v128.store(low, v128.add<T>(v128.load(low, 16), h1), 16);
    v128.store(low, v128.add<T>(v128.load(low, 32), h2), 32);
    v128.store(low, v128.add<T>(v128.load(low, 48), h3), 48);
  }
  v128.store(out, s0);
  v128.store(out, s1, 16);
  v128.store(out, s2, 32);
  v128.store(out, s3, 48);
}

/**
 * sums[r] = sum over samples of x[i, column r] rows[i], for one block, with the columns in the plan's order. With S the
 * sum over samples whose bit is 1, and `total` the one over all samples (the first chunk's): low total + (high - low) S
 * where the column varies, else its value times the total.
 */
export function columnSums<T>(plan: usize, rows: usize, low: T, high: T, table: usize, sums: usize): void {
  fillBuckets<T>(plan, rows, table);
  const total = table;
  const span = v128.splat<T>(<T>(high - low));
  let sum = sums;
  const chunks = chunksOf(plan);
  for (let c = 0; c < chunks; c++) {
    const bits = load<i32>(chunkBits(plan) + 4 * <usize>c);
    for (let b = bits - 1; b >= 0; b--) foldTop<T>(table, b, sum + ROW * <usize>b);
    for (const end = sum + ROW * <usize>bits; sum < end; sum += ROW) {
      for (let q: usize = 0; q < ROW; q += 16) v128.store(sum + q, v128.mul<T>(span, v128.load(sum + q)));
      if (low != 0) addScaled<T>(sum, low, total);
    }
    table += ROW << bits;
  }
  for (let at = columnsAt(plan) + 4 * <usize>varyingOf(plan); at < startsAt(plan); at += 4, sum += ROW) {
    loadRow<T>(0, 0, sum);
    addScaled<T>(sum, load<i32>(at) & 1 ? high : low, total);
  }
}

/** out = x w, `[n, h]`. Scratch: a row, and the tables. */
// @ts-ignore: decorator
@inline
function bitProduct<T>(plan: usize, w: usize, h: i32, low: T, high: T, out: usize, scratch: usize): void {
  const n = samplesOf(plan), chunks = chunksOf(plan);
  const stride = <usize>h * sizeof<T>();
  const table = scratch + ROW;
  for (let j = 0; j < h; j += unitsOf<T>()) {
    const at = <usize>j * sizeof<T>();
    const count = min(h - j, unitsOf<T>());
    buildTables<T>(plan, w + at, h, count, low, high, table, scratch);
    let lookup = lookupsAt(plan), to = out + at;
    for (let i = 0; i < n; i++, to += stride) {
      let row = table + (<usize>load<u16>(lookup)) * ROW;
      let s0 = v128.load(row), s1 = v128.load(row, 16), s2 = v128.load(row, 32), s3 = v128.load(row, 48);
      lookup += 2;
      for (let c = 1; c < chunks; c++, lookup += 2) {
        row = table + (<usize>load<u16>(lookup)) * ROW;
        s0 = v128.add<T>(s0, v128.load(row));
        s1 = v128.add<T>(s1, v128.load(row, 16));
        s2 = v128.add<T>(s2, v128.load(row, 32));
        s3 = v128.add<T>(s3, v128.load(row, 48));
      }
      const whole = count == unitsOf<T>();
      const here = whole ? to : scratch;
      v128.store(here, s0);
      v128.store(here, s1, 16);
      v128.store(here, s2, 32);
      v128.store(here, s3, 48);
      if (!whole) copyRow<T>(scratch, to, count);
    }
  }
}

/** dw = transposed(x) g, from g `[n, h]`. Scratch: a row, the tables, the sums of the columns, and a block of g. */
// @ts-ignore: decorator
@inline
function bitProductGradient<T>(plan: usize, g: usize, h: i32, low: T, high: T, dw: usize, scratch: usize): void {
  const n = samplesOf(plan), width = widthOf(plan);
  const stride = <usize>h * sizeof<T>();
  const table = scratch + ROW;
  const sums = table + ROW * <usize>tableRowsOf(plan), rows = sums + ROW * <usize>width;
  for (let j = 0; j < h; j += unitsOf<T>()) {
    const at = <usize>j * sizeof<T>();
    const count = min(h - j, unitsOf<T>());
    for (let i = 0; i < n; i++) loadRow<T>(g + at + <usize>i * stride, count, rows + <usize>i * ROW);
    columnSums<T>(plan, rows, low, high, table, sums);
    for (let r = 0; r < width; r++) {
      const column = <usize>(load<i32>(columnsAt(plan) + 4 * <usize>r) >> 1);
      copyRow<T>(sums + ROW * <usize>r, dw + at + column * stride, count);
    }
  }
}

export function bitProduct_f32(plan: usize, w: usize, h: i32, low: f32, high: f32, out: usize, scratch: usize): void {
  bitProduct<f32>(plan, w, h, low, high, out, scratch);
}
export function bitProduct_f64(plan: usize, w: usize, h: i32, low: f64, high: f64, out: usize, scratch: usize): void {
  bitProduct<f64>(plan, w, h, low, high, out, scratch);
}
export function bitProductGradient_f32(
  plan: usize, g: usize, h: i32, low: f32, high: f32, dw: usize, scratch: usize,
): void {
  bitProductGradient<f32>(plan, g, h, low, high, dw, scratch);
}
export function bitProductGradient_f64(
  plan: usize, g: usize, h: i32, low: f64, high: f64, dw: usize, scratch: usize,
): void {
  bitProductGradient<f64>(plan, g, h, low, high, dw, scratch);
}
