/**
 * Smooth series of numbers as bytes that deflate well: each number becomes the difference from the one before it, and
 * the bytes of equal weight lie together ("planes"), so that the ones that hardly change stand in long runs.
 */

/** Whole numbers below 2^32, differences modulo 2^32: 4 planes of `values.length` bytes. */
export function encodePlanes(values: ArrayLike<number>): Uint8Array {
  const n = values.length;
  const bytes = new Uint8Array(4 * n);
  let before = 0;
  for (let i = 0; i < n; i++) {
    const difference = (values[i] - before) >>> 0;
    before = values[i];
    for (let plane = 0; plane < 4; plane++) bytes[plane * n + i] = difference >>> (8 * plane);
  }
  return bytes;
}

/** @param bytes exactly 4 planes */
export function decodePlanes(bytes: Uint8Array): Uint32Array {
  const n = bytes.length / 4;
  const values = new Uint32Array(n);
  let before = 0;
  for (let i = 0; i < n; i++) {
    const difference = bytes[i] | (bytes[n + i] << 8) | (bytes[2 * n + i] << 16) | (bytes[3 * n + i] << 24);
    before = (before + difference) >>> 0;
    values[i] = before;
  }
  return values;
}

/** Numbers rounded to float32 (7 digits), by their bits; NaN and infinities stay what they are. */
export const encodeFloats = (values: ArrayLike<number>): Uint8Array =>
  encodePlanes(new Uint32Array(Float32Array.from(values).buffer));

export const decodeFloats = (bytes: Uint8Array): Float32Array => new Float32Array(decodePlanes(bytes).buffer);

/** Whole numbers from -32768 to 32767, as they are (not their differences): 2 planes, small numbers of either sign first. */
export function encodeShorts(values: Int16Array): Uint8Array {
  const n = values.length;
  const bytes = new Uint8Array(2 * n);
  for (let i = 0; i < n; i++) {
    const folded = (values[i] << 1) ^ (values[i] >> 15);
    bytes[i] = folded;
    bytes[n + i] = folded >>> 8;
  }
  return bytes;
}

/** @param bytes exactly 2 planes */
export function decodeShorts(bytes: Uint8Array): Int16Array {
  const n = bytes.length / 2;
  const values = new Int16Array(n);
  for (let i = 0; i < n; i++) {
    const folded = bytes[i] | (bytes[n + i] << 8);
    values[i] = (folded >>> 1) ^ -(folded & 1);
  }
  return values;
}
