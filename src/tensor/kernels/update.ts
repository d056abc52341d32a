// Updates of parameters in place. Each number is computed alone, so vectors and the rest at the end give the same bits.
import { bytes, lanes, loadPart, storePart } from "./lanes";

/** l1 sign(p), with sign(0) = 0. */
// @ts-ignore: decorator
@inline
function signed<T>(p: v128, l1: v128): v128 {
  const zero = v128.splat<T>(0);
  return v128.sub<T>(v128.and(l1, v128.gt<T>(p, zero)), v128.and(l1, v128.lt<T>(p, zero)));
}

/** x = keep x + share y. */
// @ts-ignore: decorator
@inline
function blend<T>(keep: v128, x: v128, share: v128, y: v128): v128 {
  return v128.add<T>(v128.mul<T>(keep, x), v128.mul<T>(share, y));
}

// @ts-ignore: decorator
@inline
function adamw<T>(
  param: usize, grad: usize, mean: usize, square: usize, n: i32, learningRate: T, beta1: T, rest1: T, unbias1: T,
  beta2: T, rest2: T, unbias2: T, eps: T, weightDecay: T, l1: T,
): void {
  const rate = v128.splat<T>(learningRate), decay = v128.splat<T>(weightDecay), e = v128.splat<T>(eps);
  const b1 = v128.splat<T>(beta1), r1 = v128.splat<T>(rest1), u1 = v128.splat<T>(unbias1);
  const b2 = v128.splat<T>(beta2), r2 = v128.splat<T>(rest2), u2 = v128.splat<T>(unbias2);
  const penalty = v128.splat<T>(l1);
  for (let i = 0; i < n; i += lanes<T>()) {
    const at = bytes<T>(i);
    const left = n - i;
    const whole = left >= lanes<T>();
    const p = whole ? v128.load(param + at) : loadPart<T>(param + at, left, 0);
    let g = whole ? v128.load(grad + at) : loadPart<T>(grad + at, left, 0);
    let m = whole ? v128.load(mean + at) : loadPart<T>(mean + at, left, 0);
    let v = whole ? v128.load(square + at) : loadPart<T>(square + at, left, 0);
    if (l1 != 0) g = v128.add<T>(g, signed<T>(p, penalty));
    m = blend<T>(b1, m, r1, g);
    v = blend<T>(b2, v, r2, v128.mul<T>(g, g));
    const step = v128.div<T>(v128.mul<T>(m, u1), v128.add<T>(v128.sqrt<T>(v128.mul<T>(v, u2)), e));
    const moved = v128.sub<T>(p, v128.mul<T>(rate, v128.add<T>(step, v128.mul<T>(decay, p))));
    if (whole) {
      v128.store(param + at, moved);
      v128.store(mean + at, m);
      v128.store(square + at, v);
    } else {
      storePart<T>(param + at, moved, left);
      storePart<T>(mean + at, m, left);
      storePart<T>(square + at, v, left);
    }
  }
}

/** `buffer` is 0 without momentum. */
// @ts-ignore: decorator
@inline
function sgd<T>(
  param: usize, grad: usize, buffer: usize, n: i32, learningRate: T, momentum: T, nesterov: bool, weightDecay: T,
): void {
  const rate = v128.splat<T>(learningRate), decay = v128.splat<T>(weightDecay), keep = v128.splat<T>(momentum);
  for (let i = 0; i < n; i += lanes<T>()) {
    const at = bytes<T>(i);
    const left = n - i;
    const whole = left >= lanes<T>();
    const p = whole ? v128.load(param + at) : loadPart<T>(param + at, left, 0);
    const g = whole ? v128.load(grad + at) : loadPart<T>(grad + at, left, 0);
    let step = g;
    if (buffer != 0) {
      const old = whole ? v128.load(buffer + at) : loadPart<T>(buffer + at, left, 0);
      const b = v128.add<T>(v128.mul<T>(keep, old), g);
      step = nesterov ? v128.add<T>(g, v128.mul<T>(keep, b)) : b;
      if (whole) v128.store(buffer + at, b);
      else storePart<T>(buffer + at, b, left);
    }
    const moved = v128.sub<T>(p, v128.mul<T>(rate, v128.add<T>(step, v128.mul<T>(decay, p))));
    if (whole) v128.store(param + at, moved);
    else storePart<T>(param + at, moved, left);
  }
}

export function adamw_f32(
  param: usize, grad: usize, mean: usize, square: usize, n: i32, learningRate: f32, beta1: f32, rest1: f32,
  unbias1: f32, beta2: f32, rest2: f32, unbias2: f32, eps: f32, weightDecay: f32, l1: f32,
): void {
  adamw<f32>(
    param, grad, mean, square, n, learningRate, beta1, rest1, unbias1, beta2, rest2, unbias2, eps, weightDecay, l1,
  );
}
export function adamw_f64(
  param: usize, grad: usize, mean: usize, square: usize, n: i32, learningRate: f64, beta1: f64, rest1: f64,
  unbias1: f64, beta2: f64, rest2: f64, unbias2: f64, eps: f64, weightDecay: f64, l1: f64,
): void {
  adamw<f64>(
    param, grad, mean, square, n, learningRate, beta1, rest1, unbias1, beta2, rest2, unbias2, eps, weightDecay, l1,
  );
}
export function sgd_f32(
  param: usize, grad: usize, buffer: usize, n: i32, learningRate: f32, momentum: f32, nesterov: bool, weightDecay: f32,
): void {
  sgd<f32>(param, grad, buffer, n, learningRate, momentum, nesterov, weightDecay);
}
export function sgd_f64(
  param: usize, grad: usize, buffer: usize, n: i32, learningRate: f64, momentum: f64, nesterov: bool, weightDecay: f64,
): void {
  sgd<f64>(param, grad, buffer, n, learningRate, momentum, nesterov, weightDecay);
}
