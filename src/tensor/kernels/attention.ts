/*
 * Causal attention over packed sequences: no row is padding. Queries, keys and values are `[heads, rows, width]`, the rows
 * of sequence i being offsets[i] … offsets[i + 1] - 1. A pattern holds for each head and each sequence of t rows a square
 * `[t, t]`, row-major, one after another, with zeros above the diagonal.
 *
 * Everything is one of three products by the register tiles of ./matmul.ts, which skip what lies above the diagonal.
 * Every sum is one chain in the order of its index, as there.
 */
import { expNegativeLanes } from "./exp";
import { bytes, lanes, loadPart, loadWide, maxLanes, storePart, sumLanes } from "./lanes";
import { PANEL, ROWS, TILE, columns, copy, packPanel, tile } from "./matmul";

// @ts-ignore: decorator
@inline
function offset(offsets: usize, i: i32): i32 {
  return load<i32>(offsets + 4 * <usize>i);
}

/** Numbers of one row of scores in scratch: whole panels. */
// @ts-ignore: decorator
@inline
function padded<T>(t: i32): i32 {
  return (t + columns<T>() - 1) / columns<T>() * columns<T>();
}

/** y `[t, width]` as panels: transposed, so that rows of y are columns, or as it stands. */
function packTransposed<T>(y: usize, t: i32, width: i32, to: usize): void {
  const row = bytes<T>(width);
  for (let j = 0; j < t; j += columns<T>(), to += <usize>width * PANEL)
    packPanel<T>(width, min(columns<T>(), t - j), y + <usize>j * row, sizeof<T>(), row, to);
}
function packPlain<T>(y: usize, t: i32, width: i32, to: usize): void {
  for (let j = 0; j < width; j += columns<T>(), to += <usize>t * PANEL)
    packPanel<T>(t, min(columns<T>(), width - j), y + bytes<T>(j), bytes<T>(width), sizeof<T>(), to);
}

/** Rows i … i + 3 of x yᵀ, each up to its diagonal and a little further, to `scores`, `stride` bytes a row. */
// @ts-ignore: decorator
@inline
function outerRows<T>(x: usize, panels: usize, t: i32, width: i32, i: i32, scores: usize, stride: usize): void {
  const row = bytes<T>(width), last = x + <usize>(t - 1) * row;
  const x0 = x + <usize>i * row;
  const x1 = min(x0 + row, last), x2 = min(x1 + row, last), x3 = min(x2 + row, last);
  const end = min(t, i + ROWS);
  for (let j = 0; j < end; j += columns<T>(), panels += <usize>width * PANEL)
    tile<T>(false, width, true, x0, x1, x2, x3, sizeof<T>(), panels, PANEL, scores + bytes<T>(j), stride);
}

/** What is seen of the first `count` scores of a row: 0, and from `first` on. */
// @ts-ignore: decorator
@inline
function hide<T>(row: usize, count: i32, first: i32): void {
  for (let u = 1; u < min(first, count); u++) store<T>(row + bytes<T>(u), <T>(-Infinity));
}

/** Softmax of `count` scores times `factor`, from `row` to `to`, in the order of lanes. `row` has room for whole vectors. */
export function softmaxRow<T>(row: usize, count: i32, factor: T, to: usize): void {
  const f = v128.splat<T>(factor);
  for (let u = count; u % lanes<T>() != 0; u++) store<T>(row + bytes<T>(u), <T>(-Infinity));
  let best = v128.splat<T>(<T>(-Infinity));
  for (let u = 0; u < count; u += lanes<T>()) {
    const s = v128.mul<T>(v128.load(row + bytes<T>(u)), f);
    v128.store(row + bytes<T>(u), s);
    best = v128.pmax<T>(best, s);
  }
  const m = v128.splat<T>(maxLanes<T>(best));
  let sum = v128.splat<T>(0);
  for (let u = 0; u < count; u += lanes<T>()) {
    const e = expNegativeLanes<T>(v128.sub<T>(v128.load(row + bytes<T>(u)), m));
    v128.store(row + bytes<T>(u), e);
    sum = v128.add<T>(sum, e);
  }
  const share = v128.splat<T>(<T>(<T>1 / sumLanes<T>(sum)));
  for (let u = 0; u < count; u += lanes<T>()) {
    const p = v128.mul<T>(v128.load(row + bytes<T>(u)), share);
    if (count - u >= lanes<T>()) v128.store(to + bytes<T>(u), p);
    else storePart<T>(to + bytes<T>(u), p, count - u);
  }
}

/** softmax(factor q kᵀ) by row. `first`, unless 0: for each sequence the first row besides its own first that is seen. */
// @ts-ignore: decorator
@inline
function attentionPattern<T>(
  q: usize, k: usize, offsets: usize, first: usize, pattern: usize, heads: i32, n: i32, width: i32, factor: T,
  scratch: usize,
): void {
  const rows = offset(offsets, n);
  for (let h = 0; h < heads; h++)
    for (let s = 0; s < n; s++) {
      const start = offset(offsets, s), t = offset(offsets, s + 1) - start;
      const at = (<usize>h * rows + start) * bytes<T>(width);
      const stride = bytes<T>(padded<T>(t));
      const scores = scratch + stride * <usize>width;
      packTransposed<T>(k + at, t, width, scratch);
      for (let i = 0; i < t; i += ROWS) {
        outerRows<T>(q + at, scratch, t, width, i, scores, stride);
        for (let r = i; r < min(t, i + ROWS); r++, pattern += bytes<T>(t)) {
          const row = scores + <usize>(r - i) * stride;
          if (first) hide<T>(row, r + 1, offset(first, s));
          softmaxRow<T>(row, r + 1, factor, pattern);
          for (let u = r + 1; u < t; u++) store<T>(pattern + bytes<T>(u), 0);
        }
      }
    }
}

/** out = x yᵀ up to the diagonal, 0 above: a gradient by the pattern. */
// @ts-ignore: decorator
@inline
function attentionOuter<T>(
  x: usize, y: usize, offsets: usize, out: usize, heads: i32, n: i32, width: i32, scratch: usize,
): void {
  const rows = offset(offsets, n);
  for (let h = 0; h < heads; h++)
    for (let s = 0; s < n; s++) {
      const start = offset(offsets, s), t = offset(offsets, s + 1) - start;
      const at = (<usize>h * rows + start) * bytes<T>(width);
      const stride = bytes<T>(padded<T>(t));
      const scores = scratch + stride * <usize>width;
      packTransposed<T>(y + at, t, width, scratch);
      for (let i = 0; i < t; i += ROWS) {
        outerRows<T>(x + at, scratch, t, width, i, scores, stride);
        for (let r = i; r < min(t, i + ROWS); r++, out += bytes<T>(t)) {
          const row = scores + <usize>(r - i) * stride;
          let u = 0;
          for (; u <= r + 1 - lanes<T>(); u += lanes<T>()) v128.store(out + bytes<T>(u), v128.load(row + bytes<T>(u)));
          for (; u <= r; u++) store<T>(out + bytes<T>(u), load<T>(row + bytes<T>(u)));
          for (; u < t; u++) store<T>(out + bytes<T>(u), 0);
        }
      }
    }
}

/** A tile of results: straight to where it belongs if it is whole. */
// @ts-ignore: decorator
@inline
function place<T>(
  near: bool, depth: i32, a0: usize, a1: usize, a2: usize, a3: usize, aStep: usize, b: usize, c: usize, cRow: usize,
  rows: i32, width: i32, edge: usize,
): void {
  const whole = rows == ROWS && width == columns<T>();
  tile<T>(near, depth, true, a0, a1, a2, a3, aStep, b, PANEL, whole ? c : edge, whole ? cRow : PANEL);
  if (!whole) copy<T>(rows, width, edge, PANEL, sizeof<T>(), c, cRow, sizeof<T>());
}

/** out[i] = sum over j <= i of pattern[i, j] y[j]; transposed: out[j] = sum over i >= j of pattern[i, j] y[i]. */
// @ts-ignore: decorator
@inline
function attentionSum<T>(
  pattern: usize, y: usize, offsets: usize, out: usize, heads: i32, n: i32, width: i32, transposed: bool,
  scratch: usize,
): void {
  const rows = offset(offsets, n);
  const cRow = bytes<T>(width);
  for (let h = 0; h < heads; h++)
    for (let s = 0; s < n; s++) {
      const start = offset(offsets, s), t = offset(offsets, s + 1) - start;
      const at = (<usize>h * rows + start) * cRow;
      const row = bytes<T>(t);
      const panels = scratch + TILE;
      packPlain<T>(y + at, t, width, panels);
      // One row of the pattern further, or one column.
      const next = transposed ? sizeof<T>() : row, step = transposed ? row : sizeof<T>();
      const last = pattern + <usize>(t - 1) * next;
      for (let i = 0; i < t; i += ROWS) {
        const here = min(ROWS, t - i);
        let a0 = pattern + <usize>i * next, skipped = 0, depth = min(t, i + ROWS);
        if (transposed) {
          skipped = i;
          depth = t - i;
        }
        const skip = <usize>skipped * step;
        const a1 = min(a0 + next, last) + skip, a2 = min(a0 + 2 * next, last) + skip, a3 = min(a0 + 3 * next, last) + skip;
        a0 += skip;
        let panel = panels + <usize>skipped * PANEL;
        for (let j = 0; j < width; j += columns<T>(), panel += <usize>t * PANEL) {
          const c = out + at + <usize>i * cRow + bytes<T>(j);
          const left = min(columns<T>(), width - j);
          place<T>(transposed && here == ROWS, depth, a0, a1, a2, a3, step, panel, c, cRow, here, left, scratch);
        }
      }
      pattern += <usize>t * row;
    }
}

/** out = factor p (g - sum of p g) up to the diagonal, 0 above: from the gradient by the pattern to that by q kᵀ. */
// @ts-ignore: decorator
@inline
function attentionSoftmaxGradient<T>(
  p: usize, g: usize, out: usize, offsets: usize, heads: i32, n: i32, factor: T,
): void {
  const f = v128.splat<T>(factor);
  for (let h = 0; h < heads; h++)
    for (let s = 0; s < n; s++) {
      const t = offset(offsets, s + 1) - offset(offsets, s);
      for (let r = 0; r < t; r++, p += bytes<T>(t), g += bytes<T>(t), out += bytes<T>(t)) {
        const count = r + 1;
        let sums = f64x2.splat(0);
        let u = 0;
        for (; u <= count - 2; u += 2)
          sums = f64x2.add(sums, f64x2.mul(loadWide<T>(p + bytes<T>(u)), loadWide<T>(g + bytes<T>(u))));
        let sum = sumLanes<f64>(sums);
        if (u < count) sum += <f64>load<T>(p + bytes<T>(u)) * <f64>load<T>(g + bytes<T>(u));
        const dot = v128.splat<T>(<T>sum);
        for (u = 0; u < count; u += lanes<T>()) {
          const left = count - u, to = bytes<T>(u);
          const whole = left >= lanes<T>();
          const x = v128.mul<T>(f, whole ? v128.load(p + to) : loadPart<T>(p + to, left, 0));
          const y = v128.sub<T>(whole ? v128.load(g + to) : loadPart<T>(g + to, left, 0), dot);
          if (whole) v128.store(out + to, v128.mul<T>(x, y));
          else storePart<T>(out + to, v128.mul<T>(x, y), left);
        }
        for (u = count; u < t; u++) store<T>(out + bytes<T>(u), 0);
      }
    }
}

export function attentionPattern_f32(
  q: usize, k: usize, offsets: usize, first: usize, pattern: usize, heads: i32, n: i32, width: i32, factor: f32,
  scratch: usize,
): void {
  attentionPattern<f32>(q, k, offsets, first, pattern, heads, n, width, factor, scratch);
}
export function attentionPattern_f64(
  q: usize, k: usize, offsets: usize, first: usize, pattern: usize, heads: i32, n: i32, width: i32, factor: f64,
  scratch: usize,
): void {
  attentionPattern<f64>(q, k, offsets, first, pattern, heads, n, width, factor, scratch);
}
export function attentionOuter_f32(
  x: usize, y: usize, offsets: usize, out: usize, heads: i32, n: i32, width: i32, scratch: usize,
): void {
  attentionOuter<f32>(x, y, offsets, out, heads, n, width, scratch);
}
export function attentionOuter_f64(
  x: usize, y: usize, offsets: usize, out: usize, heads: i32, n: i32, width: i32, scratch: usize,
): void {
  attentionOuter<f64>(x, y, offsets, out, heads, n, width, scratch);
}
export function attentionSum_f32(
  pattern: usize, y: usize, offsets: usize, out: usize, heads: i32, n: i32, width: i32, transposed: bool,
  scratch: usize,
): void {
  attentionSum<f32>(pattern, y, offsets, out, heads, n, width, transposed, scratch);
}
export function attentionSum_f64(
  pattern: usize, y: usize, offsets: usize, out: usize, heads: i32, n: i32, width: i32, transposed: bool,
  scratch: usize,
): void {
  attentionSum<f64>(pattern, y, offsets, out, heads, n, width, transposed, scratch);
}
export function attentionSoftmaxGradient_f32(
  p: usize, g: usize, out: usize, offsets: usize, heads: i32, n: i32, factor: f32,
): void {
  attentionSoftmaxGradient<f32>(p, g, out, offsets, heads, n, factor);
}
export function attentionSoftmaxGradient_f64(
  p: usize, g: usize, out: usize, offsets: usize, heads: i32, n: i32, factor: f64,
): void {
  attentionSoftmaxGradient<f64>(p, g, out, offsets, heads, n, factor);
}
