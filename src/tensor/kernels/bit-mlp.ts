/*
 * The parity network, logit = relu(x w_in) w_out, without its hidden layer in memory: each block of hidden units adds
 * its share to the logits and leaves behind which units were active, the only thing that the gradient needs to know.
 *
 * With G[i, j] = the logit's gradient d[i] where unit j was active on sample i, else 0, and S = transposed(x) G:
 *
 *     dw_in[b, j] = w_out[j] S[b, j]
 *     dw_out[j]   = sum over i of G[i, j] pre[i, j] = sum over b of w_in[b, j] S[b, j]
 *
 * so one pass over the samples serves both.
 */
import { copyRow } from "./lanes";
import {
  ROW, buildTables, chunksOf, columnSums, columnsAt, loadRow, lookupsAt, samplesOf, tableRowsOf, unitsOf,
  widthOf,
} from "./bits";

/** Bytes that a block's flags of one sample take: half the width of the numbers they stand for, all ones or zeros. */
const FLAGS: usize = 32;

/** Two vectors of full-width flags as one of half-width flags. */
// @ts-ignore: decorator
@inline
function narrow<T>(a: v128, b: v128): v128 {
  return sizeof<T>() == 4 ? v128.narrow<i32>(a, b) : v128.shuffle<i32>(a, b, 0, 2, 4, 6);
}

/** One vector of full-width flags. */
// @ts-ignore: decorator
@inline
function widen<T>(flags: usize): v128 {
  return sizeof<T>() == 4 ? v128.load_ext<i16>(flags) : v128.load_ext<i32>(flags);
}

/** Shares of one block in the logits, added to four sums per sample: unit j belongs to sum j mod 4. */
function addBlock<T>(plan: usize, table: usize, weights: usize, sums: usize, flags: usize): void {
  const n = samplesOf(plan), chunks = chunksOf(plan);
  const zero = v128.splat<T>(0);
  const w0 = v128.load(weights), w1 = v128.load(weights, 16), w2 = v128.load(weights, 32), w3 = v128.load(weights, 48);
  let lookup = lookupsAt(plan);
  for (let i = 0; i < n; i++, flags += FLAGS, sums += 4 * sizeof<T>()) {
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
    v128.store(flags, narrow<T>(v128.gt<T>(s0, zero), v128.gt<T>(s1, zero)));
    v128.store(flags, narrow<T>(v128.gt<T>(s2, zero), v128.gt<T>(s3, zero)), 16);
    // pmax(s, 0) is s < 0 ? 0 : s, so that a NaN stays one.
    s0 = v128.mul<T>(v128.pmax<T>(s0, zero), w0);
    s1 = v128.mul<T>(v128.pmax<T>(s1, zero), w1);
    s2 = v128.mul<T>(v128.pmax<T>(s2, zero), w2);
    s3 = v128.mul<T>(v128.pmax<T>(s3, zero), w3);
    const sum = v128.load(sums);
    if (sizeof<T>() == 4) {
      v128.store(sums, v128.add<T>(v128.add<T>(v128.add<T>(v128.add<T>(sum, s0), s1), s2), s3));
    } else {
      v128.store(sums, v128.add<T>(v128.add<T>(sum, s0), s2));
      v128.store(sums, v128.add<T>(v128.add<T>(v128.load(sums, 16), s1), s3), 16);
    }
  }
}

/**
 * Logits, `[n]`: the four sums of a sample, (0 + 1) + (2 + 3). `flags` gets each block's flags, `flagsNext` bytes apart.
 * Scratch: two rows, the tables, and four sums per sample.
 */
// @ts-ignore: decorator
@inline
function bitMlp<T>(
  plan: usize, wIn: usize, wOut: usize, h: i32, low: T, high: T, out: usize, flags: usize, flagsNext: i32,
  scratch: usize,
): void {
  const n = samplesOf(plan);
  const weights = scratch + ROW, table = weights + ROW;
  let sums = table + ROW * <usize>tableRowsOf(plan);
  const size: usize = sizeof<T>();
  for (let i = 0; i < n; i++)
    for (let q: usize = 0; q < 4 * size; q += 16) v128.store(sums + <usize>i * 4 * size + q, v128.splat<T>(0));
  for (let j = 0; j < h; j += unitsOf<T>(), flags += flagsNext) {
    const at = <usize>j * size;
    buildTables<T>(plan, wIn + at, h, h - j, low, high, table, scratch);
    loadRow<T>(wOut + at, h - j, weights);
    addBlock<T>(plan, table, weights, sums, flags);
  }
  for (let i = 0; i < n; i++, sums += 4 * size, out += size) {
    const left = <T>(load<T>(sums) + load<T>(sums + size));
    store<T>(out, <T>(left + <T>(load<T>(sums + 2 * size) + load<T>(sums + 3 * size))));
  }
}

/** The rows G[i] of one block. */
function activeRows<T>(n: i32, flags: usize, d: usize, rows: usize): void {
  for (let i = 0; i < n; i++, flags += FLAGS, d += sizeof<T>(), rows += ROW) {
    const x = v128.load_splat<T>(d);
    v128.store(rows, v128.and(x, widen<T>(flags)));
    v128.store(rows, v128.and(x, widen<T>(flags + 8)), 16);
    v128.store(rows, v128.and(x, widen<T>(flags + 16)), 32);
    v128.store(rows, v128.and(x, widen<T>(flags + 24)), 48);
  }
}

/** dw_in `[width, h]` and dw_out `[h]`. Scratch: three rows, the tables, the sums of the columns, and a block of G. */
// @ts-ignore: decorator
@inline
function bitMlpGradient<T>(
  plan: usize, wIn: usize, wOut: usize, h: i32, low: T, high: T, flags: usize, flagsNext: i32, d: usize, dwIn: usize,
  dwOut: usize, scratch: usize,
): void {
  const n = samplesOf(plan), width = widthOf(plan);
  const stride = <usize>h * sizeof<T>();
  const weights = scratch + ROW, total = weights + ROW, table = total + ROW;
  const sums = table + ROW * <usize>tableRowsOf(plan), rows = sums + ROW * <usize>width;
  for (let j = 0; j < h; j += unitsOf<T>(), flags += flagsNext) {
    const at = <usize>j * sizeof<T>();
    const count = min(h - j, unitsOf<T>());
    activeRows<T>(n, flags, d, rows);
    columnSums<T>(plan, rows, low, high, table, sums);
    loadRow<T>(wOut + at, count, weights);
    loadRow<T>(0, 0, total);
    for (let r = 0; r < width; r++) {
      const offset = at + <usize>(load<i32>(columnsAt(plan) + 4 * <usize>r) >> 1) * stride;
      const sum = sums + ROW * <usize>r;
      loadRow<T>(wIn + offset, count, scratch);
      for (let q: usize = 0; q < ROW; q += 16) {
        const s = v128.load(sum + q);
        v128.store(total + q, v128.add<T>(v128.load(total + q), v128.mul<T>(v128.load(scratch + q), s)));
        v128.store(sum + q, v128.mul<T>(v128.load(weights + q), s));
      }
      copyRow<T>(sum, dwIn + offset, count);
    }
    copyRow<T>(total, dwOut + at, count);
  }
}

export function bitMlp_f32(
  plan: usize, wIn: usize, wOut: usize, h: i32, low: f32, high: f32, out: usize, flags: usize, flagsNext: i32,
  scratch: usize,
): void {
  bitMlp<f32>(plan, wIn, wOut, h, low, high, out, flags, flagsNext, scratch);
}
export function bitMlp_f64(
  plan: usize, wIn: usize, wOut: usize, h: i32, low: f64, high: f64, out: usize, flags: usize, flagsNext: i32,
  scratch: usize,
): void {
  bitMlp<f64>(plan, wIn, wOut, h, low, high, out, flags, flagsNext, scratch);
}
export function bitMlpGradient_f32(
  plan: usize, wIn: usize, wOut: usize, h: i32, low: f32, high: f32, flags: usize, flagsNext: i32, d: usize,
  dwIn: usize, dwOut: usize, scratch: usize,
): void {
  bitMlpGradient<f32>(plan, wIn, wOut, h, low, high, flags, flagsNext, d, dwIn, dwOut, scratch);
}
export function bitMlpGradient_f64(
  plan: usize, wIn: usize, wOut: usize, h: i32, low: f64, high: f64, flags: usize, flagsNext: i32, d: usize,
  dwIn: usize, dwOut: usize, scratch: usize,
): void {
  bitMlpGradient<f64>(plan, wIn, wOut, h, low, high, flags, flagsNext, d, dwIn, dwOut, scratch);
}
