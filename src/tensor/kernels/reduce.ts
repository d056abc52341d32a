// Sums over one axis. Tensors are seen as [outer, k, inner] and the middle axis goes. Sums are taken in float64 whatever
// the precision, in an order that depends on the shape alone.
import { bytes, copyRow, lanes, loadWide } from "./lanes";

const PLAIN = 0;
const ABSOLUTE = 1;
const SQUARED = 2;

// @ts-ignore: decorator
@inline
function term(op: i32, x: v128): v128 {
  if (op == ABSOLUTE) return f64x2.abs(x);
  if (op == SQUARED) return f64x2.mul(x, x);
  return x;
}

/**
 * Sum of `n` numbers that lie side by side: number i goes to partial sum i mod 8, the eight are added as
 * ((0 + 2) + (4 + 6)) + ((1 + 3) + (5 + 7)), and what is left over past the last whole eight follows in order.
 */
// @ts-ignore: decorator
@inline
function sumLine<T>(op: i32, a: usize, n: i32): f64 {
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  let s3 = f64x2.splat(0);
  let i = 0;
  for (; i <= n - 8; i += 8) {
    const at = a + bytes<T>(i);
    s0 = f64x2.add(s0, term(op, loadWide<T>(at)));
    s1 = f64x2.add(s1, term(op, loadWide<T>(at + bytes<T>(2))));
    s2 = f64x2.add(s2, term(op, loadWide<T>(at + bytes<T>(4))));
    s3 = f64x2.add(s3, term(op, loadWide<T>(at + bytes<T>(6))));
  }
  const s = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3));
  let sum = f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
  for (; i < n; i++) sum += f64x2.extract_lane(term(op, f64x2.splat(<f64>load<T>(a + bytes<T>(i)))), 0);
  return sum;
}

/** Sums of `inner` columns of `k` numbers, each from the first row to the last; eight columns at a time. */
// @ts-ignore: decorator
@inline
function sumColumns<T>(a: usize, out: usize, k: i32, inner: i32, divisor: f64): void {
  const row = bytes<T>(inner);
  let j = 0;
  for (; j <= inner - 8; j += 8) {
    let s0 = f64x2.splat(0);
    let s1 = f64x2.splat(0);
    let s2 = f64x2.splat(0);
    let s3 = f64x2.splat(0);
    let at = a + bytes<T>(j);
    for (let i = 0; i < k; i++, at += row) {
      s0 = f64x2.add(s0, loadWide<T>(at));
      s1 = f64x2.add(s1, loadWide<T>(at + bytes<T>(2)));
      s2 = f64x2.add(s2, loadWide<T>(at + bytes<T>(4)));
      s3 = f64x2.add(s3, loadWide<T>(at + bytes<T>(6)));
    }
    storeTwo<T>(out + bytes<T>(j), s0, divisor);
    storeTwo<T>(out + bytes<T>(j + 2), s1, divisor);
    storeTwo<T>(out + bytes<T>(j + 4), s2, divisor);
    storeTwo<T>(out + bytes<T>(j + 6), s3, divisor);
  }
  for (; j < inner; j++) {
    let sum: f64 = 0;
    let at = a + bytes<T>(j);
    for (let i = 0; i < k; i++, at += row) sum += <f64>load<T>(at);
    store<T>(out + bytes<T>(j), <T>(sum / divisor));
  }
}

// @ts-ignore: decorator
@inline
function storeTwo<T>(at: usize, sums: v128, divisor: f64): void {
  store<T>(at, <T>(f64x2.extract_lane(sums, 0) / divisor));
  store<T>(at + sizeof<T>(), <T>(f64x2.extract_lane(sums, 1) / divisor));
}

/** out[o, i] = sum over j of a[o, j, i], divided by `divisor`. */
// @ts-ignore: decorator
@inline
function sumAxis<T>(a: usize, out: usize, outer: i32, k: i32, inner: i32, divisor: f64): void {
  for (let o = 0; o < outer; o++) {
    const from = a + bytes<T>(o) * k * inner;
    if (inner == 1) store<T>(out + bytes<T>(o), <T>(sumLine<T>(PLAIN, from, k) / divisor));
    else sumColumns<T>(from, out + bytes<T>(o) * inner, k, inner, divisor);
  }
}
export function sumAxis_f32(a: usize, out: usize, outer: i32, k: i32, inner: i32, divisor: f64): void {
  sumAxis<f32>(a, out, outer, k, inner, divisor);
}
export function sumAxis_f64(a: usize, out: usize, outer: i32, k: i32, inner: i32, divisor: f64): void {
  sumAxis<f64>(a, out, outer, k, inner, divisor);
}

/** out[o, j, i] = a[o, i] / divisor: the gradient of `sumAxis`. */
// @ts-ignore: decorator
@inline
function spreadAxis<T>(a: usize, out: usize, outer: i32, k: i32, inner: i32, divisor: f64): void {
  for (let o = 0; o < outer; o++) {
    const from = a + bytes<T>(o) * inner;
    const to = out + bytes<T>(o) * k * inner;
    if (inner == 1) {
      const value = <T>(<f64>load<T>(from) / divisor);
      let j = 0;
      for (; j <= k - lanes<T>(); j += lanes<T>()) v128.store(to + bytes<T>(j), v128.splat<T>(value));
      for (; j < k; j++) store<T>(to + bytes<T>(j), value);
    } else if (k > 0) {
      for (let i = 0; i < inner; i++) store<T>(to + bytes<T>(i), <T>(<f64>load<T>(from + bytes<T>(i)) / divisor));
      for (let j = 1; j < k; j++) copyRow<T>(to, to + bytes<T>(j) * inner, inner);
    }
  }
}
export function spreadAxis_f32(a: usize, out: usize, outer: i32, k: i32, inner: i32, divisor: f64): void {
  spreadAxis<f32>(a, out, outer, k, inner, divisor);
}
export function spreadAxis_f64(a: usize, out: usize, outer: i32, k: i32, inner: i32, divisor: f64): void {
  spreadAxis<f64>(a, out, outer, k, inner, divisor);
}

/** Sum of |a|. */
export function sumAbsolute_f32(a: usize, n: i32): f64 {
  return sumLine<f32>(ABSOLUTE, a, n);
}
export function sumAbsolute_f64(a: usize, n: i32): f64 {
  return sumLine<f64>(ABSOLUTE, a, n);
}

/** Sum of a². */
export function sumSquares_f32(a: usize, n: i32): f64 {
  return sumLine<f32>(SQUARED, a, n);
}
export function sumSquares_f64(a: usize, n: i32): f64 {
  return sumLine<f64>(SQUARED, a, n);
}
