import { FormatError } from "./format-error.ts";

/** How the numbers of a tensor lie in a file, whatever the format calls it. */
export type ElementKind =
  "f64" | "f32" | "f16" | "bf16" | "i64" | "u64" | "i32" | "u32" | "i16" | "u16" | "i8" | "u8" | "bool";

const sizes: Readonly<Record<ElementKind, number>> = {
  f64: 8,
  f32: 4,
  f16: 2,
  bf16: 2,
  i64: 8,
  u64: 8,
  i32: 4,
  u32: 4,
  i16: 2,
  u16: 2,
  i8: 1,
  u8: 1,
  bool: 1,
};

/** Bytes of one number. */
export const elementSize = (kind: ElementKind): number => sizes[kind];

const hostIsLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/**
 * Numbers of a file as floats, exactly: 16-bit floats widen to float32, integers to float64.
 * @param bytes exactly the numbers, of a whole count
 * @param what names the tensor in messages
 * @throws FormatError where a 64-bit integer is beyond ±(2^53 - 1), so that a float64 could not hold it
 */
export function readElements(
  bytes: Uint8Array,
  kind: ElementKind,
  what: string,
  littleEndian = true,
): Float32Array | Float64Array {
  const count = bytes.length / elementSize(kind);
  if (littleEndian === hostIsLittleEndian) {
    // Not slice(): that of Node's Buffer shares the memory, and its `buffer` is all of it.
    if (kind === "f32") return new Float32Array(new Uint8Array(bytes).buffer);
    if (kind === "f64") return new Float64Array(new Uint8Array(bytes).buffer);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const read = reader(view, kind, what, littleEndian);
  const narrow = kind === "f32" || kind === "f16" || kind === "bf16";
  const data = narrow ? new Float32Array(count) : new Float64Array(count);
  for (let i = 0; i < count; i++) data[i] = read(i * elementSize(kind));
  return data;
}

function reader(view: DataView, kind: ElementKind, what: string, little: boolean): (offset: number) => number {
  switch (kind) {
    case "f64":
      return (offset) => view.getFloat64(offset, little);
    case "f32":
      return (offset) => view.getFloat32(offset, little);
    case "f16":
      return (offset) => halfToNumber(view.getUint16(offset, little));
    case "bf16":
      return (offset) => bfloatToNumber(view.getUint16(offset, little));
    case "i64":
      return (offset) => safe(view.getBigInt64(offset, little), what);
    case "u64":
      return (offset) => safe(view.getBigUint64(offset, little), what);
    case "i32":
      return (offset) => view.getInt32(offset, little);
    case "u32":
      return (offset) => view.getUint32(offset, little);
    case "i16":
      return (offset) => view.getInt16(offset, little);
    case "u16":
      return (offset) => view.getUint16(offset, little);
    case "i8":
      return (offset) => view.getInt8(offset);
    case "u8":
      return (offset) => view.getUint8(offset);
    case "bool":
      return (offset) => (view.getUint8(offset) === 0 ? 0 : 1);
  }
}

function safe(value: bigint, what: string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new FormatError(`${what}: the 64-bit integer ${value} does not fit a float64 exactly`);
}

const widen = new DataView(new ArrayBuffer(4));
function fromBits(bits: number): number {
  widen.setUint32(0, bits);
  return widen.getFloat32(0);
}

/** IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits; widened by moving them to where a float32 has them. */
function halfToNumber(bits: number): number {
  const sign = (bits & 0x8000) << 16;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return (sign === 0 ? 1 : -1) * fraction * 2 ** -24;
  return fromBits(sign | ((exponent === 31 ? 255 : exponent + 112) << 23) | (fraction << 13));
}

/** bfloat16 is the upper half of a float32. */
const bfloatToNumber = (bits: number): number => fromBits(bits << 16);

/** The numbers' bytes, little-endian, in a copy. */
export function littleEndianBytes(data: Float32Array | Float64Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(data.byteLength);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  if (!hostIsLittleEndian) {
    const size = data.BYTES_PER_ELEMENT;
    for (let i = 0; i < bytes.length; i += size) bytes.subarray(i, i + size).reverse();
  }
  return bytes;
}

/**
 * Number of elements of a shape.
 * @throws FormatError on sizes that are not whole numbers of at least 0, or whose product is beyond 2^53
 */
export function countOf(shape: readonly unknown[], what: string): number {
  let count = 1;
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || (size as number) < 0) {
      throw new FormatError(`${what}: shape [${shape.slice(0, 8).join(", ")}] is not a list of sizes`);
    }
    count *= size as number;
  }
  if (!Number.isSafeInteger(count)) throw new FormatError(`${what}: shape [${shape.join(", ")}] is too large`);
  return count;
}
