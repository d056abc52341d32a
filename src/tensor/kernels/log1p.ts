/**
 * ln(1 + s) of two numbers 0 <= s < infinity, within 1 ulp: for tiny s it is s. After fdlibm's log1p (Sun Microsystems,
 * 1993): u = 1 + s = 2^k (1 + f) with 1 + f between sqrt(1/2) and sqrt(2); ln(1 + f) by a polynomial in f / (2 + f);
 * what rounding took from u comes back as c / u. NaN stays NaN.
 */
// @ts-ignore: decorator
@inline
export function log1pLanes(s: v128): v128 {
  const one = f64x2.splat(1);
  const u = f64x2.add(one, s);
  const c = f64x2.div(f64x2.sub(s, f64x2.sub(u, one)), u);
  const bits = i64x2.add(u, i64x2.splat(0x00095f6200000000)); // carries into the exponent from sqrt(2) on
  // The exponent becomes a float64 by way of 2^52, whose low bits count ones.
  const biased = v128.or(i64x2.shr_u(bits, 52), i64x2.splat(0x4330000000000000));
  const k = f64x2.sub(biased, f64x2.splat(4503599627371519)); // 2^52 + 1023
  const mantissa = i64x2.add(v128.and(bits, i64x2.splat(0x000fffffffffffff)), i64x2.splat(0x3fe6a09e00000000));
  const f = f64x2.sub(mantissa, one);
  const half = f64x2.mul(f64x2.splat(0.5), f64x2.mul(f, f));
  const q = f64x2.div(f, f64x2.add(f64x2.splat(2), f));
  const z = f64x2.mul(q, q);
  let p = f64x2.splat(1.479819860511658591e-1);
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(1.531383769920937332e-1));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(1.818357216161805012e-1));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(2.222219843214978396e-1));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(2.857142874366239149e-1));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(3.999999999940941908e-1));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(6.66666666666673513e-1));
  const bend = f64x2.mul(q, f64x2.add(half, f64x2.mul(z, p)));
  const low = f64x2.add(f64x2.mul(k, f64x2.splat(1.90821492927058770002e-10)), c);
  const fine = f64x2.add(f64x2.sub(f64x2.add(bend, low), half), f);
  return f64x2.add(fine, f64x2.mul(k, f64x2.splat(6.93147180369123816490e-1)));
}

/** ln(1 + s) of one number. */
// @ts-ignore: decorator
@inline
export function log1pOne(s: f64): f64 {
  return f64x2.extract_lane(log1pLanes(f64x2.splat(s)), 0);
}

/** ln(1 + s) of `n` numbers 0 <= s < infinity, computed in float64. */
// @ts-ignore: decorator
@inline
function log1p<T>(a: usize, out: usize, n: i32): void {
  for (let i = 0; i < n; i++) {
    const at = (<usize>i) * sizeof<T>();
    store<T>(out + at, <T>log1pOne(<f64>load<T>(a + at)));
  }
}
export function log1p_f32(a: usize, out: usize, n: i32): void {
  log1p<f32>(a, out, n);
}
export function log1p_f64(a: usize, out: usize, n: i32): void {
  log1p<f64>(a, out, n);
}
