// The exponential, a vector at a time, within 1 ulp over its whole range, subnormal results included.
//
// x = n ln 2 + r with |r| <= ln(2)/2 (Cody and Waite: n times the high part of ln 2 is exact), e^r = 1 + r + r^2 p(r)
// with p from scripts/reference/polynomials.py, evaluated in pairs (Estrin) because a chain of steps would wait on itself.
// Then times 2^n: by adding n to the exponent where that cannot leave the range, else in two steps. Where both ways
// apply they give the same bits.

// Adding this number leaves the nearest integer in the low bits of the sum.
const ROUND_32: f32 = 12582912.0; // 1.5 * 2^23
const ROUND_64: f64 = 6755399441055744.0; // 1.5 * 2^52

/** e^x in every lane. NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function expLanes<T>(x: v128): v128 {
  if (sizeof<T>() == 4) {
    // As integers, so that NaN counts as large.
    const large = i32x4.gt_s(v128.and(x, i32x4.splat(0x7fffffff)), i32x4.splat(0x42ae0000)); // |x| > 87
    return v128.any_true(large) ? whole32(x) : inner32(x);
  }
  const large = i64x2.gt_s(v128.and(x, i64x2.splat(0x7fffffffffffffff)), i64x2.splat(0x4086200000000000)); // |x| > 708
  return v128.any_true(large) ? whole64(x) : inner64(x);
}

/** x in units of ln 2, plus ROUND. */
// @ts-ignore: decorator
@inline
function turns32(x: v128): v128 {
  return f32x4.add(f32x4.mul(x, f32x4.splat(1.44269504088896341)), f32x4.splat(ROUND_32));
}
// @ts-ignore: decorator
@inline
function turns64(x: v128): v128 {
  return f64x2.add(f64x2.mul(x, f64x2.splat(1.4426950408889634074)), f64x2.splat(ROUND_64));
}

/** e^(x - n ln 2), from r in two parts, of which the larger one is exact. */
// @ts-ignore: decorator
@inline
function rest32(x: v128, n: v128): v128 {
  const high = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  const low = f32x4.mul(n, f32x4.splat(-2.12194440e-4));
  const r = f32x4.sub(high, low);
  const r2 = f32x4.mul(r, r);
  const p01 = f32x4.add(f32x4.mul(f32x4.splat(0.166665778), r), f32x4.splat(0.5));
  const p23 = f32x4.add(f32x4.mul(f32x4.splat(0.00836317334), r), f32x4.splat(0.0416665561));
  const p = f32x4.add(f32x4.mul(f32x4.add(f32x4.mul(f32x4.splat(0.00139261759), r2), p23), r2), p01);
  return f32x4.add(f32x4.add(f32x4.sub(f32x4.mul(r2, p), low), high), f32x4.splat(1));
}
// @ts-ignore: decorator
@inline
function rest64(x: v128, n: v128): v128 {
  const high = f64x2.sub(x, f64x2.mul(n, f64x2.splat(6.93147180369123816490e-1)));
  const low = f64x2.mul(n, f64x2.splat(1.90821492927058770002e-10));
  const r = f64x2.sub(high, low);
  const r2 = f64x2.mul(r, r);
  const r4 = f64x2.mul(r2, r2);
  const p01 = f64x2.add(f64x2.mul(f64x2.splat(0.16666666666666669), r), f64x2.splat(0.50000000000000011));
  const p23 = f64x2.add(f64x2.mul(f64x2.splat(0.008333333333330065), r), f64x2.splat(0.041666666666624164));
  const p45 = f64x2.add(f64x2.mul(f64x2.splat(0.0001984126986304067), r), f64x2.splat(0.0013888888917196881));
  const p67 = f64x2.add(f64x2.mul(f64x2.splat(2.7557268480116333e-6), r), f64x2.splat(2.4801521322116825e-5));
  const p89 = f64x2.add(f64x2.mul(f64x2.splat(2.5100375924709717e-8), r), f64x2.splat(2.7620075999810651e-7));
  const p03 = f64x2.add(f64x2.mul(p23, r2), p01);
  const p47 = f64x2.add(f64x2.mul(p67, r2), p45);
  const p = f64x2.add(f64x2.mul(f64x2.add(f64x2.mul(p89, r4), p47), r4), p03);
  return f64x2.add(f64x2.add(f64x2.sub(f64x2.mul(r2, p), low), high), f64x2.splat(1));
}

/** Where 2^n and the result are ordinary numbers. */
// @ts-ignore: decorator
@inline
function inner32(x: v128): v128 {
  const t = turns32(x);
  return i32x4.add(rest32(x, f32x4.sub(t, f32x4.splat(ROUND_32))), i32x4.shl(t, 23));
}
// @ts-ignore: decorator
@inline
function inner64(x: v128): v128 {
  const t = turns64(x);
  return i64x2.add(rest64(x, f64x2.sub(t, f64x2.splat(ROUND_64))), i64x2.shl(t, 52));
}

/**
 * Everywhere. From 89 (710) on e^x is infinite. Below -104 (-746) it is 0, which is put there by a mask: a product that
 * underflows takes a processor a hundred times as long. NaN passes.
 */
function whole32(x: v128): v128 {
  const none = f32x4.lt(x, f32x4.splat(-104));
  x = v128.andnot(f32x4.pmin(x, f32x4.splat(89)), none);
  const round = f32x4.splat(ROUND_32);
  const n = f32x4.sub(turns32(x), round);
  const half = f32x4.add(f32x4.mul(n, f32x4.splat(0.5)), round);
  const rest = f32x4.add(f32x4.sub(n, f32x4.sub(half, round)), round);
  const scale1 = i32x4.shl(i32x4.add(half, i32x4.splat(127)), 23);
  const scale2 = i32x4.shl(i32x4.add(rest, i32x4.splat(127)), 23);
  return v128.andnot(f32x4.mul(f32x4.mul(rest32(x, n), scale1), scale2), none);
}
function whole64(x: v128): v128 {
  const none = f64x2.lt(x, f64x2.splat(-746));
  x = v128.andnot(f64x2.pmin(x, f64x2.splat(710)), none);
  const round = f64x2.splat(ROUND_64);
  const n = f64x2.sub(turns64(x), round);
  const half = f64x2.add(f64x2.mul(n, f64x2.splat(0.5)), round);
  const rest = f64x2.add(f64x2.sub(n, f64x2.sub(half, round)), round);
  const scale1 = i64x2.shl(i64x2.add(half, i64x2.splat(1023)), 52);
  const scale2 = i64x2.shl(i64x2.add(rest, i64x2.splat(1023)), 52);
  return v128.andnot(f64x2.mul(f64x2.mul(rest64(x, n), scale1), scale2), none);
}

/**
 * e^x for x <= 0, with 0 in place of results below e^-87 (e^-708): the first subnormal ones, which take a processor many
 * times longer wherever they enter, come soon after, and a network that has fitted its examples would make thousands.
 * NaN stays NaN. Elsewhere the bits of `expLanes`.
 */
// @ts-ignore: decorator
@inline
export function expNegativeLanes<T>(x: v128): v128 {
  const least = v128.splat<T>(sizeof<T>() == 4 ? <T>-87 : <T>-708);
  const kept = v128.pmax<T>(least, x);
  const e = sizeof<T>() == 4 ? inner32(kept) : inner64(kept);
  return v128.or(v128.andnot(e, v128.lt<T>(x, least)), v128.ne<T>(x, x));
}

/**
 * A gradient with 0 in place of whatever is below 2^-116 (float32) or 2^-1000 (float64): the products that it enters
 * would be subnormal and slow. In float32 that is a label's gradient at margins above 73 with a thousand examples.
 */
// @ts-ignore: decorator
@inline
export function withoutTiny<T>(gradient: v128): v128 {
  const least = v128.splat<T>(sizeof<T>() == 4 ? <T>1.2037062152420224e-35 : <T>9.332636185032189e-302);
  return v128.andnot(gradient, v128.lt<T>(v128.abs<T>(gradient), least));
}

/** e^x of one number: the same bits as in a vector. */
// @ts-ignore: decorator
@inline
export function expOne<T>(x: T): T {
  return v128.extract_lane<T>(expLanes<T>(v128.splat<T>(x)), 0);
}
