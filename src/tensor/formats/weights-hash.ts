import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { NamedArrays } from "../index.ts";
import { littleEndianBytes } from "./elements.ts";

/**
 * One name for all the bits of a set of tensors: `sha256:` and 64 hexadecimal digits over every tensor, sorted by name:
 * name, dtype, shape and little-endian bytes, each preceded by its length, so that no two sets of tensors are written
 * alike. All NaNs count as one, because engines differ in a NaN's payload bits; 0 and -0 differ.
 */
export function weightsHash(arrays: NamedArrays): string {
  const hash = sha256.create();
  const number = (value: number) => hash.update(uint64(value));
  const text = (value: string) => {
    const bytes = new TextEncoder().encode(value);
    number(bytes.length);
    hash.update(bytes);
  };
  const names = Object.keys(arrays).sort();
  text("groklab weights 1");
  number(names.length);
  for (const name of names) {
    const { shape, data } = arrays[name];
    text(name);
    text(data instanceof Float32Array ? "float32" : "float64");
    number(shape.length);
    for (const size of shape) number(size);
    const bytes = littleEndianBytes(withOneNaN(data));
    number(bytes.length);
    hash.update(bytes);
  }
  return `sha256:${bytesToHex(hash.digest())}`;
}

function uint64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true);
  return bytes;
}

/** The same numbers with every NaN's bits set to the quiet NaN without payload, written as integers. */
function withOneNaN<T extends Float32Array | Float64Array>(data: T): T {
  if (!data.some(Number.isNaN)) return data;
  const copy = data.slice() as T;
  const single = copy instanceof Float32Array ? new Uint32Array(copy.buffer) : undefined;
  const double = single ? undefined : new BigUint64Array(copy.buffer);
  for (let i = 0; i < data.length; i++) {
    if (!Number.isNaN(data[i])) continue;
    if (single) single[i] = 0x7fc00000;
    else double![i] = 0x7ff8000000000000n;
  }
  return copy;
}
