// Layer norm (Ba, Kiros and Hinton 2016) of rows. Means are taken in float64, in one order for both precisions.
import { bytes, lanes, loadPart, loadWide, storePart, sumLanes } from "./lanes";

/** Sum of a row in float64: two partial sums, of even and odd entries. */
// @ts-ignore: decorator
@inline
function sumRow<T>(x: usize, d: i32): f64 {
  let even = f64x2.splat(0), odd = even;
  let j = 0;
  for (; j <= d - 4; j += 4) {
    even = f64x2.add(even, loadWide<T>(x + bytes<T>(j)));
    odd = f64x2.add(odd, loadWide<T>(x + bytes<T>(j + 2)));
  }
  let sum = sumLanes<f64>(f64x2.add(even, odd));
  for (; j < d; j++) sum += <f64>load<T>(x + bytes<T>(j));
  return sum;
}

/** Sum of (x - shift)^2 over a row, likewise. */
// @ts-ignore: decorator
@inline
function squaresAround<T>(x: usize, d: i32, shift: f64): f64 {
  const s = f64x2.splat(shift);
  let even = f64x2.splat(0), odd = even;
  let j = 0;
  for (; j <= d - 4; j += 4) {
    const a = f64x2.sub(loadWide<T>(x + bytes<T>(j)), s), b = f64x2.sub(loadWide<T>(x + bytes<T>(j + 2)), s);
    even = f64x2.add(even, f64x2.mul(a, a));
    odd = f64x2.add(odd, f64x2.mul(b, b));
  }
  let sum = sumLanes<f64>(f64x2.add(even, odd));
  for (; j < d; j++) {
    const a = <f64>load<T>(x + bytes<T>(j)) - shift;
    sum += a * a;
  }
  return sum;
}

/**
 * out = hat w + b with hat = (x - mean) scale, scale = 1 / sqrt(variance + eps); `n` rows of `d`. `scales` `[n]` and
 * `hat` `[n, d]` are kept for the gradient unless they are 0.
 */
// @ts-ignore: decorator
@inline
function layerNorm<T>(
  x: usize, w: usize, b: usize, out: usize, hat: usize, scales: usize, n: i32, d: i32, eps: f64,
): void {
  const width = bytes<T>(d);
  for (let i = 0; i < n; i++, x += width, out += width) {
    const mean = sumRow<T>(x, d) / d;
    const scale = <T>(1 / Math.sqrt(squaresAround<T>(x, d, mean) / d + eps));
    const m = v128.splat<T>(<T>mean), s = v128.splat<T>(scale);
    for (let j = 0; j < d; j += lanes<T>()) {
      const at = bytes<T>(j), left = d - j;
      if (left >= lanes<T>()) {
        const h = v128.mul<T>(v128.sub<T>(v128.load(x + at), m), s);
        if (hat) v128.store(hat + at, h);
        v128.store(out + at, v128.add<T>(v128.mul<T>(h, v128.load(w + at)), v128.load(b + at)));
      } else {
        const h = v128.mul<T>(v128.sub<T>(loadPart<T>(x + at, left, 0), m), s);
        if (hat) storePart<T>(hat + at, h, left);
        const y = v128.add<T>(v128.mul<T>(h, loadPart<T>(w + at, left, 0)), loadPart<T>(b + at, left, 0));
        storePart<T>(out + at, y, left);
      }
    }
    if (hat) {
      store<T>(scales + bytes<T>(i), scale);
      hat += width;
    }
  }
}

/**
 * Gradients by x, w and b: with u = g w, dx = scale (u - mean(u) - hat mean(u hat)), dw = sum over rows of g hat, db =
 * sum over rows of g, row after row. `dx` may be `g` itself.
 */
// @ts-ignore: decorator
@inline
function layerNormGradient<T>(
  g: usize, hat: usize, scales: usize, w: usize, dx: usize, dw: usize, db: usize, n: i32, d: i32,
): void {
  const width = bytes<T>(d);
  for (let j = 0; j < d; j++) {
    store<T>(dw + bytes<T>(j), 0);
    store<T>(db + bytes<T>(j), 0);
  }
  for (let i = 0; i < n; i++, g += width, hat += width, dx += width) {
    let su = f64x2.splat(0), suh = su;
    let j = 0;
    for (; j <= d - 2; j += 2) {
      const at = bytes<T>(j);
      const u = f64x2.mul(loadWide<T>(g + at), loadWide<T>(w + at));
      su = f64x2.add(su, u);
      suh = f64x2.add(suh, f64x2.mul(u, loadWide<T>(hat + at)));
    }
    let sum = sumLanes<f64>(su), sumHat = sumLanes<f64>(suh);
    if (j < d) {
      const at = bytes<T>(j);
      const u = <f64>load<T>(g + at) * <f64>load<T>(w + at);
      sum += u;
      sumHat += u * <f64>load<T>(hat + at);
    }
    const mean = v128.splat<T>(<T>(sum / d)), meanHat = v128.splat<T>(<T>(sumHat / d));
    const scale = v128.load_splat<T>(scales + bytes<T>(i));
    for (j = 0; j < d; j += lanes<T>()) {
      const at = bytes<T>(j), left = d - j;
      const whole = left >= lanes<T>();
      const y = whole ? v128.load(g + at) : loadPart<T>(g + at, left, 0);
      const h = whole ? v128.load(hat + at) : loadPart<T>(hat + at, left, 0);
      const u = v128.mul<T>(y, whole ? v128.load(w + at) : loadPart<T>(w + at, left, 0));
      const moved = v128.mul<T>(scale, v128.sub<T>(v128.sub<T>(u, mean), v128.mul<T>(h, meanHat)));
      const yh = v128.mul<T>(y, h);
      if (whole) {
        v128.store(dw + at, v128.add<T>(v128.load(dw + at), yh));
        v128.store(db + at, v128.add<T>(v128.load(db + at), y));
        v128.store(dx + at, moved);
      } else {
        storePart<T>(dw + at, v128.add<T>(loadPart<T>(dw + at, left, 0), yh), left);
        storePart<T>(db + at, v128.add<T>(loadPart<T>(db + at, left, 0), y), left);
        storePart<T>(dx + at, moved, left);
      }
    }
  }
}

export function layerNorm_f32(
  x: usize, w: usize, b: usize, out: usize, hat: usize, scales: usize, n: i32, d: i32, eps: f64,
): void {
  layerNorm<f32>(x, w, b, out, hat, scales, n, d, eps);
}
export function layerNorm_f64(
  x: usize, w: usize, b: usize, out: usize, hat: usize, scales: usize, n: i32, d: i32, eps: f64,
): void {
  layerNorm<f64>(x, w, b, out, hat, scales, n, d, eps);
}
export function layerNormGradient_f32(
  g: usize, hat: usize, scales: usize, w: usize, dx: usize, dw: usize, db: usize, n: i32, d: i32,
): void {
  layerNormGradient<f32>(g, hat, scales, w, dx, dw, db, n, d);
}
export function layerNormGradient_f64(
  g: usize, hat: usize, scales: usize, w: usize, dx: usize, dw: usize, db: usize, n: i32, d: i32,
): void {
  layerNormGradient<f64>(g, hat, scales, w, dx, dw, db, n, d);
}
