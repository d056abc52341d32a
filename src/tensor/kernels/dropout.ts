/*
 * Dropout whose mask is a function of a counter: number i of the mask is uint32 number 4 * 2^32 step + i of the stream
 * that key and purpose name (src/rng/stream.ts), so nothing has to be remembered between steps. Philox runs on four counters at once, one in each lane.
 */
import { bytes, lanes } from "./lanes";

const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;

// The sixteen numbers of four neighboring counters, in their order.
const drawn: usize = memory.data(64, 16);

/** Philox-4x32-10 of counters (index + lane, step, name0, name1), to `drawn`. */
// @ts-ignore: decorator
@inline
function draw(index: u32, step: u32, name0: u32, name1: u32, key0: u32, key1: u32): void {
  const m0 = i32x4.splat(0xd2511f53), m1 = i32x4.splat(0xcd9e8d57);
  let x0 = i32x4.add(i32x4.splat(index), i32x4(0, 1, 2, 3));
  let x1 = i32x4.splat(step), x2 = i32x4.splat(name0), x3 = i32x4.splat(name1);
  let k0 = i32x4.splat(key0), k1 = i32x4.splat(key1);
  for (let round = 0; round < 10; round++) {
    // Products of 64 bits, two vectors of two; then their upper and their lower halves.
    const p0 = i64x2.extmul_low_i32x4_u(x0, m0), q0 = i64x2.extmul_high_i32x4_u(x0, m0);
    const p1 = i64x2.extmul_low_i32x4_u(x2, m1), q1 = i64x2.extmul_high_i32x4_u(x2, m1);
    const h0 = v128.shuffle<i32>(p0, q0, 1, 3, 5, 7), h1 = v128.shuffle<i32>(p1, q1, 1, 3, 5, 7);
    const l0 = v128.shuffle<i32>(p0, q0, 0, 2, 4, 6), l1 = v128.shuffle<i32>(p1, q1, 0, 2, 4, 6);
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

/** Sixteen numbers of the mask as bits: 1 where the number is at least `bound`, the first lowest. */
// @ts-ignore: decorator
@inline
function kept(bound: v128): i32 {
  const b0 = i32x4.bitmask(i32x4.ge_u(v128.load(drawn), bound));
  const b1 = i32x4.bitmask(i32x4.ge_u(v128.load(drawn, 16), bound));
  const b2 = i32x4.bitmask(i32x4.ge_u(v128.load(drawn, 32), bound));
  const b3 = i32x4.bitmask(i32x4.ge_u(v128.load(drawn, 48), bound));
  return b0 | (b1 << 4) | (b2 << 8) | (b3 << 12);
}

/** Up to sixteen numbers times `factor` where their bit is 1, 0 elsewhere. */
// @ts-ignore: decorator
@inline
function apply<T>(x: usize, out: usize, count: i32, bits: i32, keep: T): void {
  if (count >= 16) {
    const factor = v128.splat<T>(keep);
    for (let j = 0; j < 16; j += lanes<T>()) {
      const at = bytes<T>(j);
      let all: v128;
      if (sizeof<T>() == 4) {
        const own = i32x4(1, 2, 4, 8);
        all = i32x4.eq(v128.and(i32x4.splat(bits >> j), own), own);
      } else {
        const own = i64x2(1, 2);
        all = i64x2.eq(v128.and(i64x2.splat(bits >> j), own), own);
      }
      v128.store(out + at, v128.and(all, v128.mul<T>(v128.load(x + at), factor)));
    }
  } else
    for (let j = 0; j < count; j++) {
      const at = bytes<T>(j);
      store<T>(out + at, (bits >> j) & 1 ? <T>(load<T>(x + at) * keep) : <T>0);
    }
}

/**
 * out = x times `keep` where the mask's number is at least `least`, 0 elsewhere; `n` numbers. The mask is left as bits,
 * 16 to each uint16 of `mask`, unless that is 0.
 */
// @ts-ignore: decorator
@inline
function dropout<T>(
  x: usize, out: usize, mask: usize, n: i32, least: u32, keep: T, step: u32, name0: u32, name1: u32, key0: u32,
  key1: u32,
): void {
  const bound = i32x4.splat(least);
  for (let i = 0; i < n; i += 16) {
    draw(<u32>i >> 2, step, name0, name1, key0, key1);
    const bits = kept(bound);
    if (mask) store<u16>(mask + (<usize>i >> 3), <u16>bits);
    apply<T>(x + bytes<T>(i), out + bytes<T>(i), n - i, bits, keep);
  }
}

/** The same by a mask that was left. `out` may be `x`. */
// @ts-ignore: decorator
@inline
function dropoutMasked<T>(x: usize, out: usize, mask: usize, n: i32, keep: T): void {
  for (let i = 0; i < n; i += 16)
    apply<T>(x + bytes<T>(i), out + bytes<T>(i), n - i, <i32>load<u16>(mask + (<usize>i >> 3)), keep);
}

export function dropout_f32(
  x: usize, out: usize, mask: usize, n: i32, least: u32, keep: f32, step: u32, name0: u32, name1: u32, key0: u32,
  key1: u32,
): void {
  dropout<f32>(x, out, mask, n, least, keep, step, name0, name1, key0, key1);
}
export function dropout_f64(
  x: usize, out: usize, mask: usize, n: i32, least: u32, keep: f64, step: u32, name0: u32, name1: u32, key0: u32,
  key1: u32,
): void {
  dropout<f64>(x, out, mask, n, least, keep, step, name0, name1, key0, key1);
}
export function dropoutMasked_f32(x: usize, out: usize, mask: usize, n: i32, keep: f32): void {
  dropoutMasked<f32>(x, out, mask, n, keep);
}
export function dropoutMasked_f64(x: usize, out: usize, mask: usize, n: i32, keep: f64): void {
  dropoutMasked<f64>(x, out, mask, n, keep);
}
