import { expLanes } from "./exp";
import { bytes, lanes, loadPart, storePart } from "./lanes";

/**
 * Hyperbolic tangent of every lane, within 2 ulp: x + x z q(z) with z = x^2 below 0.55 (q from
 * scripts/reference/polynomials.py), 1 - 2 / (e^2|x| + 1) with the sign of x above. NaN stays NaN.
 */
// @ts-ignore: decorator
@inline
function tanhLanes<T>(x: v128): v128 {
  const a = v128.abs<T>(x);
  const one = v128.splat<T>(<T>1);
  const z = v128.mul<T>(x, x);
  let q: v128;
  if (sizeof<T>() == 4) {
    q = f32x4.splat(-0.00661022775);
    q = f32x4.add(f32x4.mul(q, z), f32x4.splat(0.0213093888));
    q = f32x4.add(f32x4.mul(q, z), f32x4.splat(-0.0539094284));
    q = f32x4.add(f32x4.mul(q, z), f32x4.splat(0.133331135));
    q = f32x4.add(f32x4.mul(q, z), f32x4.splat(-0.333333313));
  } else {
    q = f64x2.splat(-2.060276537636634e-5);
    q = f64x2.add(f64x2.mul(q, z), f64x2.splat(8.5113136855776721e-5));
    q = f64x2.add(f64x2.mul(q, z), f64x2.splat(-0.0002346347410887237));
    q = f64x2.add(f64x2.mul(q, z), f64x2.splat(0.00058893605200740573));
    q = f64x2.add(f64x2.mul(q, z), f64x2.splat(-0.0014556618301007161));
    q = f64x2.add(f64x2.mul(q, z), f64x2.splat(0.0035921103786890241));
    q = f64x2.add(f64x2.mul(q, z), f64x2.splat(-0.0088632343978143555));
    q = f64x2.add(f64x2.mul(q, z), f64x2.splat(0.021869488493666944));
    q = f64x2.add(f64x2.mul(q, z), f64x2.splat(-0.053968253967434016));
    q = f64x2.add(f64x2.mul(q, z), f64x2.splat(0.13333333333332714));
    q = f64x2.add(f64x2.mul(q, z), f64x2.splat(-0.33333333333333331));
  }
  const small = v128.add<T>(x, v128.mul<T>(v128.mul<T>(x, z), q));
  // From 22 on the result is 1; in this order of arguments NaN passes.
  const e = expLanes<T>(v128.mul<T>(v128.splat<T>(<T>2), v128.pmin<T>(a, v128.splat<T>(<T>22))));
  const large = v128.sub<T>(one, v128.div<T>(v128.splat<T>(<T>2), v128.add<T>(e, one)));
  const sign = v128.and(x, v128.splat<T>(<T>-0.0));
  return v128.bitselect(small, v128.or(large, sign), v128.lt<T>(a, v128.splat<T>(<T>0.55)));
}

/** out = tanh(a), `n` numbers. */
// @ts-ignore: decorator
@inline
function tanh<T>(a: usize, out: usize, n: i32): void {
  let i = 0;
  for (; i <= n - lanes<T>(); i += lanes<T>())
    v128.store(out + bytes<T>(i), tanhLanes<T>(v128.load(a + bytes<T>(i))));
  if (i < n) storePart<T>(out + bytes<T>(i), tanhLanes<T>(loadPart<T>(a + bytes<T>(i), n - i, <T>0)), n - i);
}
export function tanh_f32(a: usize, out: usize, n: i32): void {
  tanh<f32>(a, out, n);
}
export function tanh_f64(a: usize, out: usize, n: i32): void {
  tanh<f64>(a, out, n);
}
