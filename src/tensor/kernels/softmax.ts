// Softmax and cross-entropy over rows of `c` logits, both written relative to one chosen entry of the row, so that the
// share of all the others keeps its digits when it is far below the rounding of 1.
import { expNegativeLanes, expOne, withoutTiny } from "./exp";
import { bytes, lanes, loadPart, loadWide, maxLanes, storePart, sumLanes } from "./lanes";
import { log1pLanes, log1pOne } from "./log1p";

// @ts-ignore: decorator
@inline
function largest<T>(row: usize, c: i32): T {
  const lowest = <T>(-Infinity);
  let best = v128.splat<T>(lowest);
  let j = 0;
  for (; j <= c - lanes<T>(); j += lanes<T>()) best = v128.pmax<T>(best, v128.load(row + bytes<T>(j)));
  if (j < c) best = v128.pmax<T>(best, loadPart<T>(row + bytes<T>(j), c - j, lowest));
  return maxLanes<T>(best);
}

/** Lane numbers 0, 1, …, as integers of the width of T. */
// @ts-ignore: decorator
@inline
function laneNumbers<T>(): v128 {
  if (sizeof<T>() == 4) return i32x4(0, 1, 2, 3);
  return i64x2(0, 1);
}
// @ts-ignore: decorator
@inline
function splatIndex<T>(i: i32): v128 {
  if (sizeof<T>() == 4) return i32x4.splat(i);
  return i64x2.splat(i);
}
// @ts-ignore: decorator
@inline
function addIndex<T>(a: v128, b: v128): v128 {
  if (sizeof<T>() == 4) return i32x4.add(a, b);
  return i64x2.add(a, b);
}
// @ts-ignore: decorator
@inline
function sameIndex<T>(a: v128, b: v128): v128 {
  if (sizeof<T>() == 4) return i32x4.eq(a, b);
  return i64x2.eq(a, b);
}

// @ts-ignore: decorator
@inline
function beyond<T>(a: v128, last: v128): v128 {
  if (sizeof<T>() == 4) return i32x4.gt_s(a, last);
  return i64x2.gt_s(a, last);
}

/**
 * Sum of e^(l_j - shift) over all j but `chosen`. Entry j goes to lane j mod (lanes), the lanes are added at the end.
 * Every e^(l_j - shift) is stored in `out` unless that is 0.
 */
// @ts-ignore: decorator
@inline
function sumOthers<T>(row: usize, c: i32, shift: T, chosen: i32, out: usize): T {
  const shifts = v128.splat<T>(shift);
  const own = splatIndex<T>(chosen);
  const step = splatIndex<T>(lanes<T>());
  let index = laneNumbers<T>();
  let sum = v128.splat<T>(<T>0);
  let j = 0;
  for (; j <= c - lanes<T>(); j += lanes<T>()) {
    const e = expNegativeLanes<T>(v128.sub<T>(v128.load(row + bytes<T>(j)), shifts));
    if (out) v128.store(out + bytes<T>(j), e);
    sum = v128.add<T>(sum, v128.andnot(e, sameIndex<T>(index, own)));
    index = addIndex<T>(index, step);
  }
  if (j < c) {
    // Empty lanes hold the shift, so that e^0 costs no more than the others, and are left out of the sum.
    const e = expNegativeLanes<T>(v128.sub<T>(loadPart<T>(row + bytes<T>(j), c - j, shift), shifts));
    if (out) storePart<T>(out + bytes<T>(j), e, c - j);
    const left = v128.or(sameIndex<T>(index, own), beyond<T>(index, splatIndex<T>(c - 1)));
    sum = v128.add<T>(sum, v128.andnot(e, left));
  }
  return sumLanes<T>(sum);
}

// @ts-ignore: decorator
@inline
function scaleRow<T>(row: usize, c: i32, factor: T): void {
  const f = v128.splat<T>(factor);
  let j = 0;
  for (; j <= c - lanes<T>(); j += lanes<T>())
    v128.store(row + bytes<T>(j), v128.mul<T>(v128.load(row + bytes<T>(j)), f));
  for (; j < c; j++) store<T>(row + bytes<T>(j), <T>(load<T>(row + bytes<T>(j)) * factor));
}

/** The row of a gradient times `factor`. */
// @ts-ignore: decorator
@inline
function scaleGradient<T>(row: usize, c: i32, factor: T): void {
  const f = v128.splat<T>(factor);
  let j = 0;
  for (; j <= c - lanes<T>(); j += lanes<T>()) {
    v128.store(row + bytes<T>(j), withoutTiny<T>(v128.mul<T>(v128.load(row + bytes<T>(j)), f)));
  }
  if (j < c) {
    const scaled = v128.mul<T>(loadPart<T>(row + bytes<T>(j), c - j, <T>0), f);
    storePart<T>(row + bytes<T>(j), withoutTiny<T>(scaled), c - j);
  }
}

// Rows are worked on in blocks: first every maximum, then every sum, …, so that the processor always has another row's
// numbers to work on instead of waiting for one row's result. A block stays in the first-level cache.
const BLOCK = 32;
const maxima: usize = memory.data(BLOCK * 8, 16);
const sums: usize = memory.data(BLOCK * 8, 16);
const factors: usize = memory.data(BLOCK * 8, 16);

// @ts-ignore: decorator
@inline
function findMaxima<T>(rows: usize, count: i32, c: i32): void {
  for (let i = 0; i < count; i++) store<T>(maxima + bytes<T>(i), largest<T>(rows + bytes<T>(i) * c, c));
}

/**
 * Mean cross-entropy of `n` rows in nats, and its gradient by the logits unless `gradient` is 0. Losses are added in
 * float64, row by row. With m a row's largest logit, y its label, e_j = e^(l_j - m) and s the sum of e_j over j other
 * than y:
 *   l_y = m:  -ln p_y = ln(1 + s)
 *   else:     -ln p_y = (m - l_y) + ln(s + e_y), where s >= 1: only positive terms, nothing cancels.
 * The gradient is e_j / (s + e_y) at j other than y and -s / (s + e_y) at y, divided by n.
 */
// @ts-ignore: decorator
@inline
function crossEntropy<T>(logits: usize, labels: usize, out: usize, gradient: usize, n: i32, c: i32): void {
  const weight = <T>(1 / <f64>n);
  const width = bytes<T>(c);
  let total: f64 = 0;
  for (let start = 0; start < n; start += BLOCK) {
    const count = min(BLOCK, n - start);
    const rows = logits + width * start;
    const gradients = gradient ? gradient + width * start : 0;
    const block = labels + bytes<i32>(start);
    findMaxima<T>(rows, count, c);
    for (let i = 0; i < count; i++) {
      const row = rows + width * i;
      const label = load<i32>(block + bytes<i32>(i));
      const m = load<T>(maxima + bytes<T>(i));
      const s = sumOthers<T>(row, c, m, label, gradients ? gradients + width * i : 0);
      const own = load<T>(row + bytes<T>(label));
      const e = own == m ? <T>1 : expOne<T>(<T>(own - m));
      store<f64>(sums + bytes<f64>(i), own == m ? <f64>s : <f64>s - 1 + <f64>e);
      if (gradients) {
        const factor = <T>(weight / <T>(s + e));
        store<T>(factors + bytes<T>(i), factor);
        store<T>(gradients + width * i + bytes<T>(label), <T>-s);
      }
    }
    if (gradients)
      for (let i = 0; i < count; i++) scaleGradient<T>(gradients + width * i, c, load<T>(factors + bytes<T>(i)));
    for (let i = 0; i < count; i += 2)
      v128.store(sums + bytes<f64>(i), log1pLanes(v128.load(sums + bytes<f64>(i))));
    for (let i = 0; i < count; i++) {
      const own = load<T>(rows + width * i + bytes<T>(load<i32>(block + bytes<i32>(i))));
      total += <f64>load<T>(maxima + bytes<T>(i)) - <f64>own + load<f64>(sums + bytes<f64>(i));
    }
  }
  store<T>(out, <T>(total / <f64>n));
}
export function crossEntropy_f32(logits: usize, labels: usize, out: usize, gradient: usize, n: i32, c: i32): void {
  crossEntropy<f32>(logits, labels, out, gradient, n, c);
}
export function crossEntropy_f64(logits: usize, labels: usize, out: usize, gradient: usize, n: i32, c: i32): void {
  crossEntropy<f64>(logits, labels, out, gradient, n, c);
}

// @ts-ignore: decorator
@inline
function indexOf<T>(row: usize, c: i32, value: T): i32 {
  for (let j = 0; j < c; j++) if (load<T>(row + bytes<T>(j)) == value) return j;
  return 0;
}

/** Rows of probabilities. */
// @ts-ignore: decorator
@inline
function softmax<T>(a: usize, out: usize, n: i32, c: i32): void {
  const width = bytes<T>(c);
  for (let start = 0; start < n; start += BLOCK) {
    const count = min(BLOCK, n - start);
    findMaxima<T>(a + width * start, count, c);
    for (let i = 0; i < count; i++) {
      const at = width * (start + i);
      const s = sumOthers<T>(a + at, c, load<T>(maxima + bytes<T>(i)), -1, out + at);
      scaleRow<T>(out + at, c, <T>(<T>1 / s));
    }
  }
}
export function softmax_f32(a: usize, out: usize, n: i32, c: i32): void {
  softmax<f32>(a, out, n, c);
}
export function softmax_f64(a: usize, out: usize, n: i32, c: i32): void {
  softmax<f64>(a, out, n, c);
}

/** Rows of log-probabilities: (l_j - m) - ln(1 + sum of the others), m the largest. */
// @ts-ignore: decorator
@inline
function logSoftmax<T>(a: usize, out: usize, n: i32, c: i32): void {
  for (let i = 0; i < n; i++) {
    const at = bytes<T>(i) * c;
    const m = largest<T>(a + at, c);
    const others = sumOthers<T>(a + at, c, m, indexOf<T>(a + at, c, m), 0);
    const shift = <T>log1pOne(<f64>others);
    const ms = v128.splat<T>(m);
    const shifts = v128.splat<T>(shift);
    let j = 0;
    for (; j <= c - lanes<T>(); j += lanes<T>()) {
      const to = at + bytes<T>(j);
      v128.store(out + to, v128.sub<T>(v128.sub<T>(v128.load(a + to), ms), shifts));
    }
    for (; j < c; j++) {
      const to = at + bytes<T>(j);
      store<T>(out + to, <T>(<T>(load<T>(a + to) - m) - shift));
    }
  }
}
export function logSoftmax_f32(a: usize, out: usize, n: i32, c: i32): void {
  logSoftmax<f32>(a, out, n, c);
}
export function logSoftmax_f64(a: usize, out: usize, n: i32, c: i32): void {
  logSoftmax<f64>(a, out, n, c);
}

/** Sum of x y over a row, in float64: two partial sums, of even and odd entries. */
// @ts-ignore: decorator
@inline
function dotRow<T>(x: usize, y: usize, c: i32): f64 {
  let sums = f64x2.splat(0);
  let j = 0;
  for (; j <= c - 2; j += 2)
    sums = f64x2.add(sums, f64x2.mul(loadWide<T>(x + bytes<T>(j)), loadWide<T>(y + bytes<T>(j))));
  const sum = sumLanes<f64>(sums);
  return j < c ? sum + <f64>load<T>(x + bytes<T>(j)) * <f64>load<T>(y + bytes<T>(j)) : sum;
}

/** out = p (g - sum of p g), row by row, p the probabilities and g their gradient. */
// @ts-ignore: decorator
@inline
function softmaxGradient<T>(p: usize, g: usize, out: usize, n: i32, c: i32): void {
  for (let i = 0; i < n; i++) {
    const at = bytes<T>(i) * c;
    const dot = <T>dotRow<T>(p + at, g + at, c);
    const dots = v128.splat<T>(dot);
    let j = 0;
    for (; j <= c - lanes<T>(); j += lanes<T>()) {
      const to = at + bytes<T>(j);
      v128.store(out + to, v128.mul<T>(v128.load(p + to), v128.sub<T>(v128.load(g + to), dots)));
    }
    for (; j < c; j++) {
      const to = at + bytes<T>(j);
      store<T>(out + to, <T>(load<T>(p + to) * <T>(load<T>(g + to) - dot)));
    }
  }
}
export function softmaxGradient_f32(p: usize, g: usize, out: usize, n: i32, c: i32): void {
  softmaxGradient<f32>(p, g, out, n, c);
}
export function softmaxGradient_f64(p: usize, g: usize, out: usize, n: i32, c: i32): void {
  softmaxGradient<f64>(p, g, out, n, c);
}

/** out = g - e^l sum of g, row by row, l the log-probabilities and g their gradient. */
// @ts-ignore: decorator
@inline
function logSoftmaxGradient<T>(l: usize, g: usize, out: usize, n: i32, c: i32): void {
  for (let i = 0; i < n; i++) {
    const at = bytes<T>(i) * c;
    let sum: f64 = 0;
    for (let j = 0; j < c; j++) sum += <f64>load<T>(g + at + bytes<T>(j));
    const sums = v128.splat<T>(<T>sum);
    let j = 0;
    for (; j <= c - lanes<T>(); j += lanes<T>()) {
      const to = at + bytes<T>(j);
      const p = expNegativeLanes<T>(v128.load(l + to));
      v128.store(out + to, v128.sub<T>(v128.load(g + to), v128.mul<T>(p, sums)));
    }
    if (j < c) {
      const to = at + bytes<T>(j);
      const p = expNegativeLanes<T>(loadPart<T>(l + to, c - j, <T>0));
      storePart<T>(out + to, v128.sub<T>(loadPart<T>(g + to, c - j, <T>0), v128.mul<T>(p, sums)), c - j);
    }
  }
}
export function logSoftmaxGradient_f32(l: usize, g: usize, out: usize, n: i32, c: i32): void {
  logSoftmaxGradient<f32>(l, g, out, n, c);
}
export function logSoftmaxGradient_f64(l: usize, g: usize, out: usize, n: i32, c: i32): void {
  logSoftmaxGradient<f64>(l, g, out, n, c);
}
