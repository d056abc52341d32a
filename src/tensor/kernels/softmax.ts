// Softmax and cross-entropy over rows of `c` logits, both written relative to one chosen entry of the row, so that the
// share of all the others keeps its digits when it is far below the rounding of 1.
import { expLanes, expOne } from "./exp";
import { bytes, lanes, loadPart, maxLanes, storePart, sumLanes } from "./lanes";
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
    const e = expLanes<T>(v128.sub<T>(v128.load(row + bytes<T>(j)), shifts));
    if (out) v128.store(out + bytes<T>(j), e);
    sum = v128.add<T>(sum, v128.andnot(e, sameIndex<T>(index, own)));
    index = addIndex<T>(index, step);
  }
  if (j < c) {
    const e = expLanes<T>(v128.sub<T>(loadPart<T>(row + bytes<T>(j), c - j, <T>(-Infinity)), shifts));
    if (out) storePart<T>(out + bytes<T>(j), e, c - j);
    sum = v128.add<T>(sum, v128.andnot(e, sameIndex<T>(index, own)));
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

/** Second result of `lossRow`. */
let fromLargest: f64 = 0;

/**
 * One row's cross-entropy is ln(1 + result) + fromLargest. With m the largest logit, y the label, e_j = e^(l_j - m) and s the
 * sum of e_j over j other than y:
 *   l_y = m:  -ln p_y = ln(1 + s)
 *   else:     -ln p_y = (m - l_y) + ln(s + e_y), where s >= 1: only positive terms, nothing cancels.
 * The gradient is e_j / (s + e_y) at j other than y and -s / (s + e_y) at y, times `weight`; not computed for address 0.
 */
// @ts-ignore: decorator
@inline
function lossRow<T>(row: usize, c: i32, label: i32, weight: T, gradient: usize): f64 {
  const m = largest<T>(row, c);
  const s = sumOthers<T>(row, c, m, label, gradient);
  const own = load<T>(row + bytes<T>(label));
  const e = expOne<T>(<T>(own - m));
  if (gradient) {
    const factor = <T>(weight / <T>(s + e));
    scaleRow<T>(gradient, c, factor);
    store<T>(gradient + bytes<T>(label), <T>(-(s * factor)));
  }
  fromLargest = <f64>m - <f64>own;
  return own == m ? <f64>s : <f64>s - 1 + <f64>e;
}

/**
 * Mean cross-entropy of `n` rows in nats, and its gradient by the logits unless `gradient` is 0. Losses are added in
 * float64, row by row.
 */
// @ts-ignore: decorator
@inline
function crossEntropy<T>(logits: usize, labels: usize, out: usize, gradient: usize, n: i32, c: i32): void {
  const weight = <T>(1 / <f64>n);
  let total: f64 = 0;
  for (let i = 0; i < n; i += 2) {
    const at = bytes<T>(i) * c;
    const first = lossRow<T>(logits + at, c, load<i32>(labels + bytes<f32>(i)), weight, gradient ? gradient + at : 0);
    const above = fromLargest;
    let second: f64 = 0;
    fromLargest = 0;
    if (i + 1 < n) {
      const next = at + bytes<T>(c);
      const label = load<i32>(labels + bytes<f32>(i), 4);
      second = lossRow<T>(logits + next, c, label, weight, gradient ? gradient + next : 0);
    }
    const logs = log1pLanes(f64x2(first, second));
    total += above + f64x2.extract_lane(logs, 0);
    total += fromLargest + f64x2.extract_lane(logs, 1);
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
  for (let i = 0; i < n; i++) {
    const at = bytes<T>(i) * c;
    const s = sumOthers<T>(a + at, c, largest<T>(a + at, c), -1, out + at);
    scaleRow<T>(out + at, c, <T>(<T>1 / s));
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
    const shift = log1pOne(<f64>sumOthers<T>(a + at, c, m, indexOf<T>(a + at, c, m), 0));
    for (let j = 0; j < c; j++) {
      const to = at + bytes<T>(j);
      store<T>(out + to, <T>(<f64>load<T>(a + to) - <f64>m - shift));
    }
  }
}
export function logSoftmax_f32(a: usize, out: usize, n: i32, c: i32): void {
  logSoftmax<f32>(a, out, n, c);
}
export function logSoftmax_f64(a: usize, out: usize, n: i32, c: i32): void {
  logSoftmax<f64>(a, out, n, c);
}

/** out = p (g - sum of p g), row by row, p the probabilities and g their gradient. */
// @ts-ignore: decorator
@inline
function softmaxGradient<T>(p: usize, g: usize, out: usize, n: i32, c: i32): void {
  for (let i = 0; i < n; i++) {
    const at = bytes<T>(i) * c;
    let sum: f64 = 0;
    for (let j = 0; j < c; j++) sum += <f64>load<T>(p + at + bytes<T>(j)) * <f64>load<T>(g + at + bytes<T>(j));
    for (let j = 0; j < c; j++) {
      const to = at + bytes<T>(j);
      store<T>(out + to, <T>(<f64>load<T>(p + to) * (<f64>load<T>(g + to) - sum)));
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
    for (let j = 0; j < c; j++) {
      const to = at + bytes<T>(j);
      store<T>(out + to, <T>(<f64>load<T>(g + to) - <f64>expOne<T>(load<T>(l + to)) * sum));
    }
  }
}
export function logSoftmaxGradient_f32(l: usize, g: usize, out: usize, n: i32, c: i32): void {
  logSoftmaxGradient<f32>(l, g, out, n, c);
}
export function logSoftmaxGradient_f64(l: usize, g: usize, out: usize, n: i32, c: i32): void {
  logSoftmaxGradient<f64>(l, g, out, n, c);
}
