import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { UsageError } from "../options.ts";
import { erf, erfInv } from "./functions.ts";
import { philox4x32 } from "./philox.ts";

/** A sequence of random numbers for one purpose. It depends on the seed and the purpose's name alone. */
export interface Stream {
  /** A whole number from 0 to 2^32 - 1. */
  uint32(): number;
  /** In [0, 1): a multiple of 2^-53. */
  uniform(): number;
  /** A whole number from 0 to n - 1, each exactly as likely as the others, for n from 1 to 2^53 - 1. */
  int(n: number): number;
  /** Standard normal. */
  normal(): number;
  /** Standard normal given that it lies between -2 and 2. */
  truncatedNormal(): number;
  /** The numbers 0 … n - 1 in random order. */
  permutation(n: number): Int32Array;
  /** n fair bits, each 0 or 1. The first m of them are the same for every n >= m. */
  bits(n: number): Uint8Array;
  /** A stream of its own for a part of this purpose; drawing from one does not move the other. 3 and "3" are the same name. */
  fork(name: string | number): Stream;
  /** Go to a place, counted in uint32 from the start, without drawing what lies between. */
  seek(position: number): void;
}

/** The source of a run's streams. */
export interface Random {
  readonly seed: number;
  stream(purpose: string): Stream;
}

/** @throws UsageError unless the seed is a whole number from 0 to 2^53 - 1 */
export function random(seed: number): Random {
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new UsageError(`seed: ${seed} is not allowed; give a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`);
  return { seed, stream: (purpose) => open(seed, child(new Uint8Array(0), purpose)) };
}

/** The stream of one purpose: `random(seed).stream(purpose)`. */
export function stream(seed: number, purpose: string): Stream {
  return random(seed).stream(purpose);
}

/** Where the stream of a purpose, and of its parts by `fork`, lies: its counters are (index, index >> 32, ...name). */
export function placeOf(
  seed: number,
  purpose: string,
  ...parts: readonly (string | number)[]
): { readonly key: readonly [number, number]; readonly name: readonly [number, number] } {
  const identity = parts.reduce<Uint8Array>(
    (parent, part) => child(parent, String(part)),
    child(new Uint8Array(0), purpose),
  );
  const view = new DataView(identity.buffer, identity.byteOffset);
  return { key: [seed >>> 0, Math.floor(seed / 2 ** 32)], name: [view.getUint32(0), view.getUint32(4)] };
}

/** Identity of a purpose inside another. A hash of a fixed-length hash and a name: no two paths can be written alike. */
function child(parent: Uint8Array, name: string): Uint8Array {
  const nameBytes = utf8ToBytes(name);
  const joined = new Uint8Array(parent.length + nameBytes.length);
  joined.set(parent);
  joined.set(nameBytes, parent.length);
  return sha256(joined);
}

const ERF_ROOT_2 = erf(Math.SQRT2);

/**
 * Philox keyed by the seed. The upper half of the counter is the purpose, the lower half the place in its stream, so
 * two purposes never share a counter.
 */
function open(seed: number, identity: Uint8Array): Stream {
  const key0 = seed >>> 0;
  const key1 = Math.floor(seed / 2 ** 32);
  const view = new DataView(identity.buffer, identity.byteOffset);
  const counter = Uint32Array.of(0, 0, view.getUint32(0), view.getUint32(4));
  const block = new Uint32Array(4);
  let position = 0;

  function uint32(): number {
    const word = position % 4;
    if (word === 0) fill();
    position++;
    return block[word];
  }

  function fill(): void {
    const index = Math.floor(position / 4);
    counter[0] = index;
    counter[1] = Math.floor(index / 2 ** 32);
    philox4x32(counter, key0, key1, block);
  }

  function seek(to: number): void {
    if (!Number.isSafeInteger(to) || to < 0) throw new RangeError(`seek: ${to} is not a whole number of at least 0`);
    position = to;
    if (position % 4 !== 0) fill();
  }

  function bits53(): number {
    const high = uint32() >>> 5;
    return high * 2 ** 26 + (uint32() >>> 6);
  }

  const uniform = (): number => bits53() * 2 ** -53;

  /** In (-1, 1), odd multiples of 2^-53: symmetric, and never an end, where the inverse error function is infinite. */
  const symmetric = (): number => (2 * (bits53() - 2 ** 52) + 1) * 2 ** -53;

  function int(n: number): number {
    if (!Number.isSafeInteger(n) || n < 1) throw new RangeError(`int: ${n} is not a whole number of at least 1`);
    const range = n <= 2 ** 32 ? 2 ** 32 : 2 ** 53;
    // Draws past the last whole multiple of n are thrown away: they would make small numbers likelier.
    const limit = range - (range % n);
    for (;;) {
      const value = n <= 2 ** 32 ? uint32() : bits53();
      if (value < limit) return value % n;
    }
  }

  function permutation(n: number): Int32Array {
    const order = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = int(i + 1);
      const held = order[i];
      order[i] = order[j]!;
      order[j] = held;
    }
    return order;
  }

  function bits(n: number): Uint8Array {
    const out = new Uint8Array(n);
    for (let i = 0, word = 0; i < n; i++, word >>>= 1) {
      if (i % 32 === 0) word = uint32();
      out[i] = word & 1;
    }
    return out;
  }

  return {
    uint32,
    uniform,
    int,
    normal: () => Math.SQRT2 * erfInv(symmetric()),
    truncatedNormal: () => Math.max(-2, Math.min(2, Math.SQRT2 * erfInv(symmetric() * ERF_ROOT_2))),
    permutation,
    bits,
    fork: (name) => open(seed, child(identity, String(name))),
    seek,
  };
}
