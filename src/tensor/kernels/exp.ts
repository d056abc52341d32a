// The exponential, a vector at a time, within 1 ulp over its whole range, subnormal results included.
//
// x = n ln 2 + r with |r| <= ln(2)/2 (Cody and Waite: n times the high part of ln 2 is exact), e^r = 1 + r + r^2 p(r) with
// p from scripts/reference/exp-polynomial.py, then times 2^n in two steps, so that 2^n itself may lie outside the range.

// Adding this number leaves the nearest integer in the low bits of the sum.
const ROUND_32: f32 = 12582912.0; // 1.5 * 2^23
const ROUND_64: f64 = 6755399441055744.0; // 1.5 * 2^52

/** e^x in every lane. NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function expLanes<T>(x: v128): v128 {
  if (sizeof<T>() == 4) return exp32(x);
  return exp64(x);
}

// @ts-ignore: decorator
@inline
function exp32(x: v128): v128 {
  // Beyond these e^x is 0 and infinity anyway; in this order of arguments NaN passes.
  x = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-104)), f32x4.splat(89));
  const round = f32x4.splat(ROUND_32);
  const n = f32x4.sub(f32x4.add(f32x4.mul(x, f32x4.splat(1.44269504088896341)), round), round);
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
  let p = f32x4.splat(0.00139261759);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.00836317334));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.0416665561));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.166665778));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.5));
  const y = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(r, r), p), r), f32x4.splat(1));
  const half = f32x4.add(f32x4.mul(n, f32x4.splat(0.5)), round);
  const rest = f32x4.add(f32x4.sub(n, f32x4.sub(half, round)), round);
  const bias = i32x4.splat(127);
  const scale1 = i32x4.shl(i32x4.add(half, bias), 23);
  const scale2 = i32x4.shl(i32x4.add(rest, bias), 23);
  return f32x4.mul(f32x4.mul(y, scale1), scale2);
}

// @ts-ignore: decorator
@inline
function exp64(x: v128): v128 {
  x = f64x2.pmin(f64x2.pmax(x, f64x2.splat(-746)), f64x2.splat(710));
  const round = f64x2.splat(ROUND_64);
  const n = f64x2.sub(f64x2.add(f64x2.mul(x, f64x2.splat(1.4426950408889634074)), round), round);
  let r = f64x2.sub(x, f64x2.mul(n, f64x2.splat(6.93147180369123816490e-1)));
  r = f64x2.sub(r, f64x2.mul(n, f64x2.splat(1.90821492927058770002e-10)));
  let p = f64x2.splat(2.5100375924709717e-8);
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(2.7620075999810651e-7));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(2.7557268480116333e-6));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(2.4801521322116825e-5));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(0.0001984126986304067));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(0.0013888888917196881));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(0.008333333333330065));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(0.041666666666624164));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(0.16666666666666669));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(0.50000000000000011));
  const y = f64x2.add(f64x2.add(f64x2.mul(f64x2.mul(r, r), p), r), f64x2.splat(1));
  const half = f64x2.add(f64x2.mul(n, f64x2.splat(0.5)), round);
  const rest = f64x2.add(f64x2.sub(n, f64x2.sub(half, round)), round);
  const bias = i64x2.splat(1023);
  const scale1 = i64x2.shl(i64x2.add(half, bias), 52);
  const scale2 = i64x2.shl(i64x2.add(rest, bias), 52);
  return f64x2.mul(f64x2.mul(y, scale1), scale2);
}

/** e^x of one number: the same bits as in a vector. */
// @ts-ignore: decorator
@inline
export function expOne<T>(x: T): T {
  return v128.extract_lane<T>(expLanes<T>(v128.splat<T>(x)), 0);
}
