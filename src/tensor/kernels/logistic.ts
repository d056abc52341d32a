// Binary cross-entropy of single logits.
import { expNegativeLanes, withoutTiny } from "./exp";
import { bytes, lanes, loadPart, storePart } from "./lanes";
import { log1pLanes } from "./log1p";

/** Losses of the vector just computed, in float64, and the labels' probabilities. */
const losses: usize = memory.data(32, 16);
const probabilities: usize = memory.data(16, 16);

/** The sign bit in every lane whose label, from `labels` on, is 0: flips a logit into the label's margin and back. */
// @ts-ignore: decorator
@inline
function flips<T>(labels: usize, count: i32): v128 {
  if (sizeof<T>() == 4) {
    const l = count < 4 ? loadPart<f32>(labels, count, 0) : v128.load(labels);
    return i32x4.shl(v128.xor(l, i32x4.splat(1)), 31);
  }
  const l = count < 2 ? v128.load32_zero(labels) : v128.load64_zero(labels);
  return i64x2.shl(v128.xor(i64x2.extend_low_i32x4_u(l), i64x2.splat(1)), 63);
}

/** Losses of up to a vector of margins: max(-a, 0) + ln(1 + e^-|a|), in float64. */
// @ts-ignore: decorator
@inline
function storeLosses<T>(below: v128, e: v128): void {
  if (sizeof<T>() == 8) {
    v128.store(losses, f64x2.add(below, log1pLanes(e)));
    return;
  }
  v128.store(losses, f64x2.add(f64x2.promote_low_f32x4(below), log1pLanes(f64x2.promote_low_f32x4(e))));
  const below2 = i8x16.shuffle(below, below, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
  const e2 = i8x16.shuffle(e, e, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
  v128.store(losses, f64x2.add(f64x2.promote_low_f32x4(below2), log1pLanes(f64x2.promote_low_f32x4(e2))), 16);
}

/**
 * Mean of -ln p over `n` logits in nats, p the label's probability, with its gradient by the logits unless `gradient`
 * is 0. With the label's margin a = z or -z: -ln p = ln(1 + e^-a), gradient -(1 - p) by a, both from e^-|a| without
 * cancellation.
 * p is cut to [clip, 1 - clip], the bounds rounded to the precision of the logits; outside, the gradient is 0.
 * Losses are added in float64 in the order of the rows.
 */
// @ts-ignore: decorator
@inline
function binaryCrossEntropy<T>(logits: usize, labels: usize, out: usize, gradient: usize, n: i32, clip: f64): void {
  const zero = v128.splat<T>(<T>0);
  const one = v128.splat<T>(<T>1);
  const weight = v128.splat<T>(<T>(1 / <f64>n));
  const low = <T>clip;
  const high = <T>(1 - clip);
  const atHigh = <f64>(<T>-NativeMath.log(<f64>high));
  const atLow = <f64>(<T>-NativeMath.log(<f64>low));
  let total: f64 = 0;
  for (let i = 0; i < n; i += lanes<T>()) {
    const count = min(n - i, lanes<T>());
    const at = bytes<T>(i);
    const whole = count == lanes<T>();
    const flip = flips<T>(labels + bytes<f32>(i), count);
    const a = v128.xor(whole ? v128.load(logits + at) : loadPart<T>(logits + at, count, <T>0), flip);
    const e = expNegativeLanes<T>(v128.neg<T>(v128.abs<T>(a)));
    const ahead = v128.ge<T>(a, zero);
    const larger = v128.div<T>(one, v128.add<T>(one, e));
    const smaller = v128.mul<T>(e, larger);
    const p = v128.bitselect(larger, smaller, ahead);
    storeLosses<T>(v128.pmax<T>(v128.neg<T>(a), zero), e);
    v128.store(probabilities, p);
    for (let j = 0; j < count; j++) {
      const q = load<T>(probabilities + bytes<T>(j));
      total += q > high ? atHigh : q < low ? atLow : load<f64>(losses + bytes<f64>(j));
    }
    if (gradient) {
      const outside = v128.or(v128.lt<T>(p, v128.splat<T>(low)), v128.gt<T>(p, v128.splat<T>(high)));
      const slope = v128.mul<T>(v128.neg<T>(v128.bitselect(smaller, larger, ahead)), weight);
      const g = v128.andnot(v128.xor(withoutTiny<T>(slope), flip), outside);
      if (whole) v128.store(gradient + at, g);
      else storePart<T>(gradient + at, g, count);
    }
  }
  store<T>(out, <T>(total / <f64>n));
}
export function binaryCrossEntropy_f32(
  logits: usize, labels: usize, out: usize, gradient: usize, n: i32, clip: f64,
): void {
  binaryCrossEntropy<f32>(logits, labels, out, gradient, n, clip);
}
export function binaryCrossEntropy_f64(
  logits: usize, labels: usize, out: usize, gradient: usize, n: i32, clip: f64,
): void {
  binaryCrossEntropy<f64>(logits, labels, out, gradient, n, clip);
}
