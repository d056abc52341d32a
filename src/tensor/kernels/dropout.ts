/*
 * Dropout whose mask is a function of a counter: number i of the mask is uint32 number 4 * 2^32 step + i of the stream
 * that key and purpose name (src/rng/stream.ts), so nothing has to be remembered between steps, and forward and backward
 * pass draw the same. Philox runs on four counters at once, one in each lane.
 */
import { bytes, lanes } from "./lanes";

const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;

// The sixteen numbers of four neighboring counters, in their order.
const drawn: usize = memory.data(64, 16);

/** Upper halves of the lanes' 64-bit products with `m`. */
// @ts-ignore: decorator
@inline
function highProducts(x: v128, m: v128): v128 {
  return i8x16.shuffle(
    i64x2.extmul_low_i32x4_u(x, m), i64x2.extmul_high_i32x4_u(x, m),
    4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31,
  );
}

/** Philox-4x32-10 of counters (index + lane, step, name0, name1), to `drawn`. */
// @ts-ignore: decorator
@inline
function draw(index: u32, step: u32, name0: u32, name1: u32, key0: u32, key1: u32): void {
  const m0 = i32x4.splat(0xd2511f53), m1 = i32x4.splat(0xcd9e8d57);
  let x0 = i32x4.add(i32x4.splat(index), i32x4(0, 1, 2, 3));
  let x1 = i32x4.splat(step), x2 = i32x4.splat(name0), x3 = i32x4.splat(name1);
  let k0 = i32x4.splat(key0), k1 = i32x4.splat(key1);
  for (let round = 0; round < 10; round++) {
    const h0 = highProducts(x0, m0), h1 = highProducts(x2, m1);
    const l0 = i32x4.mul(x0, m0), l1 = i32x4.mul(x2, m1);
    x0 = v128.xor(v128.xor(h1, x1), k0);
    x1 = l1;
    x2 = v128.xor(v128.xor(h0, x3), k1);
    x3 = l0;
    k0 = i32x4.add(k0, i32x4.splat(WEYL_0));
    k1 = i32x4.add(k1, i32x4.splat(WEYL_1));
  }
  // Lane j holds counter j's numbers: turned, so that they lie in order.
  const a01 = v128.shuffle<i32>(x0, x1, 0, 4, 1, 5), a23 = v128.shuffle<i32>(x0, x1, 2, 6, 3, 7);
  const b01 = v128.shuffle<i32>(x2, x3, 0, 4, 1, 5), b23 = v128.shuffle<i32>(x2, x3, 2, 6, 3, 7);
  v128.store(drawn, v128.shuffle<i64>(a01, b01, 0, 2));
  v128.store(drawn, v128.shuffle<i64>(a01, b01, 1, 3), 16);
  v128.store(drawn, v128.shuffle<i64>(a23, b23, 0, 2), 32);
  v128.store(drawn, v128.shuffle<i64>(a23, b23, 1, 3), 48);
}

/** out = x times `keep` where the mask's number is at least `least`, 0 elsewhere; `n` numbers. `out` may be `x`. */
// @ts-ignore: decorator
@inline
function dropout<T>(
  x: usize, out: usize, n: i32, least: u32, keep: T, step: u32, name0: u32, name1: u32, key0: u32, key1: u32,
): void {
  const factor = v128.splat<T>(keep), bound = i32x4.splat(least);
  for (let i = 0; i < n; i += 16) {
    draw(<u32>i >> 2, step, name0, name1, key0, key1);
    const at = bytes<T>(i);
    if (n - i >= 16) {
      for (let j = 0; j < 16; j += lanes<T>()) {
        let kept: v128;
        if (sizeof<T>() == 4) kept = i32x4.ge_u(v128.load(drawn + 4 * <usize>j), bound);
        else {
          const two = v128.load64_zero(drawn + 4 * <usize>j);
          kept = i64x2.extend_low_i32x4_s(i32x4.ge_u(two, bound));
        }
        const to = at + bytes<T>(j);
        v128.store(out + to, v128.and(kept, v128.mul<T>(v128.load(x + to), factor)));
      }
    } else
      for (let j = 0; j < n - i; j++) {
        const to = at + bytes<T>(j);
        const kept = load<u32>(drawn + 4 * <usize>j) >= least;
        store<T>(out + to, kept ? <T>(load<T>(x + to) * keep) : <T>0);
      }
  }
}

export function dropout_f32(
  x: usize, out: usize, n: i32, least: u32, keep: f32, step: u32, name0: u32, name1: u32, key0: u32, key1: u32,
): void {
  dropout<f32>(x, out, n, least, keep, step, name0, name1, key0, key1);
}
export function dropout_f64(
  x: usize, out: usize, n: i32, least: u32, keep: f64, step: u32, name0: u32, name1: u32, key0: u32, key1: u32,
): void {
  dropout<f64>(x, out, n, least, keep, step, name0, name1, key0, key1);
}
