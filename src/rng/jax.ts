/**
 * The random numbers of JAX up to 0.4 and of Haiku on top of it (threefry2x32, not partitionable), which the published
 * one-layer networks were initialised with. Integers are exact; floats follow the same formulas in the same precision.
 */
import { erf, erfInv, erfInv32 } from "./functions.ts";

/** A key: two uint32. */
export type JaxKey = readonly [number, number];

/** `jax.random.PRNGKey(seed)` with 64-bit seeds enabled, for a whole number from 0 to 2^53 - 1. */
export function jaxKey(seed: number): JaxKey {
  return [Math.floor(seed / 2 ** 32), seed >>> 0];
}

const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24] as const;

/**
 * Threefry-2x32 with twenty rounds: the two uint32 of a counter under a key. (Salmon, Moraes, Dror and Shaw, SC 2011)
 */
export function threefry2x32(key: JaxKey, counter0: number, counter1: number): [number, number] {
  const schedule = [key[0], key[1], key[0] ^ key[1] ^ 0x1bd11bda] as const;
  let x0 = (counter0 + schedule[0]) | 0;
  let x1 = (counter1 + schedule[1]) | 0;
  for (let round = 0; round < 20; round++) {
    const by = ROTATIONS[round % 8];
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << by) | (x1 >>> (32 - by))) ^ x0;
    if (round % 4 === 3) {
      const injection = (round + 1) / 4;
      x0 = (x0 + schedule[injection % 3]) | 0;
      x1 = (x1 + schedule[(injection + 1) % 3] + injection) | 0;
    }
  }
  return [x0 >>> 0, x1 >>> 0];
}

/** `count` uint32: the counters 0 … count - 1, of which the first half is hashed together with the second. */
function bits32(key: JaxKey, count: number): Uint32Array {
  const half = Math.ceil(count / 2);
  const out = new Uint32Array(2 * half);
  for (let i = 0; i < half; i++) {
    // An odd count is filled up with a counter of 0, whose number is dropped.
    const second = half + i < count ? half + i : 0;
    [out[i], out[half + i]] = threefry2x32(key, i, second);
  }
  return out.subarray(0, count);
}

/** `jax.random.split(key, count)`. */
export function jaxSplit(key: JaxKey, count = 2): JaxKey[] {
  const words = bits32(key, 2 * count);
  return Array.from({ length: count }, (_, i) => [words[2 * i], words[2 * i + 1]] as const);
}

/**
 * `jax.random.uniform(key, shape, dtype, low, high)`, flat: 23 random bits per float32, 52 per float64.
 * Numbers are in [low, high).
 */
export function jaxUniform(
  key: JaxKey,
  shape: readonly number[],
  dtype: "float32" | "float64",
  low = 0,
  high = 1,
): Float32Array | Float64Array {
  const n = shape.reduce((product, size) => product * size, 1);
  if (dtype === "float32") {
    const from = Math.fround(low);
    const span = Math.fround(Math.fround(high) - from);
    // The product and the sum are rounded once, together: XLA's processors have fused multiply-add.
    return Float32Array.from(bits32(key, n), (word) =>
      Math.max(from, Math.fround((word >>> 9) * 2 ** -23 * span + from)),
    );
  }
  const words = bits32(key, 2 * n);
  return Float64Array.from({ length: n }, (_, i) => {
    const unit = (words[i] * 2 ** 20 + (words[n + i] >>> 12)) * 2 ** -52;
    return Math.max(low, unit * (high - low) + low);
  });
}

/**
 * `jax.random.truncated_normal(key, lower, upper, shape, dtype)`, flat: √2 erf⁻¹(u) with u uniform between the error
 * functions of lower/√2 and upper/√2, kept inside the open interval.
 */
export function jaxTruncatedNormal(
  key: JaxKey,
  lower: number,
  upper: number,
  shape: readonly number[],
  dtype: "float32" | "float64",
): Float32Array | Float64Array {
  const round = dtype === "float32" ? Math.fround : (x: number) => x;
  const root = round(Math.SQRT2);
  const uniform = jaxUniform(key, shape, dtype, erf(round(round(lower) / root)), erf(round(round(upper) / root)));
  const inverse = dtype === "float32" ? erfInv32 : erfInv;
  const smallest = next(round(lower), 1, dtype);
  const largest = next(round(upper), -1, dtype);
  return uniform.map((u) => Math.min(largest, Math.max(smallest, round(root * inverse(u)))));
}

/** The representable number next to x, upwards (1) or downwards (-1). */
function next(x: number, direction: 1 | -1, dtype: "float32" | "float64"): number {
  if (x === 0) return direction * (dtype === "float32" ? 2 ** -149 : Number.MIN_VALUE);
  const buffer = new DataView(new ArrayBuffer(8));
  const away = x > 0 === direction > 0 ? 1 : -1;
  if (dtype === "float32") {
    buffer.setFloat32(0, x);
    buffer.setInt32(0, buffer.getInt32(0) + away);
    return buffer.getFloat32(0);
  }
  buffer.setFloat64(0, x);
  buffer.setBigInt64(0, buffer.getBigInt64(0) + BigInt(away));
  return buffer.getFloat64(0);
}

/**
 * The keys that the published notebook's parameters are drawn from, in the order in which they are made. The run's key
 * is split once into (training, initialization); from the second, Haiku gives each parameter the second half of a
 * split and goes on with the first.
 */
export function haikuKeys(seed: number): { next(): JaxKey } {
  let current = jaxSplit(jaxKey(seed))[1];
  return {
    next() {
      const [rest, key] = jaxSplit(current) as [JaxKey, JaxKey];
      current = rest;
      return key;
    },
  };
}
