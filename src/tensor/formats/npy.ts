import type { NamedArrays } from "../index.ts";
import { countOf, type ElementKind, elementSize, littleEndianBytes, readElements } from "./elements.ts";
import { FormatError } from "./format-error.ts";

/** One array with its shape, row-major. */
export type NpyArray = NamedArrays[string];

const kinds: Readonly<Record<string, ElementKind>> = {
  f8: "f64",
  f4: "f32",
  f2: "f16",
  i8: "i64",
  u8: "u64",
  i4: "i32",
  u4: "u32",
  i2: "i16",
  u2: "u16",
  i1: "i8",
  u1: "u8",
  b1: "bool",
};
const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY

/**
 * NumPy's format, version 1.0: magic, version, header length, a Python dict literal padded to 64 bytes, the numbers
 * (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
 */
export function encodeNpy({ shape, data }: NpyArray): Uint8Array<ArrayBuffer> {
  if (countOf(shape, "npy") !== data.length) {
    throw new FormatError(`npy: shape [${shape.join(", ")}] does not match ${data.length} numbers`);
  }
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const dict = `{'descr': '<f${data.BYTES_PER_ELEMENT}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const total = Math.ceil((10 + dict.length + 1) / 64) * 64;
  if (total - 10 > 0xffff) throw new FormatError(`npy: a shape of ${shape.length} sizes is too long for the header`);
  const header = new TextEncoder().encode(`${dict.padEnd(total - 11)}\n`);
  const bytes = new Uint8Array(total + data.byteLength);
  bytes.set([...magic, 1, 0, header.length & 0xff, header.length >> 8]);
  bytes.set(header, 10);
  bytes.set(littleEndianBytes(data), total);
  return bytes;
}

/**
 * One array of a file by NumPy, either byte order, C or Fortran order, floats, integers or booleans.
 * @param what names the array in messages
 * @throws FormatError
 */
export function decodeNpy(bytes: Uint8Array, what = "npy"): NpyArray {
  const { header, begin } = readHeader(bytes, what);
  const { kind, littleEndian, fortran, shape } = parseHeader(header, what);
  const size = countOf(shape, what) * elementSize(kind);
  if (bytes.length - begin !== size) {
    const given = bytes.length - begin;
    throw new FormatError(`${what}: shape [${shape.join(", ")}] takes ${size} bytes, the file has ${given}`);
  }
  const data = readElements(bytes.subarray(begin), kind, what, littleEndian);
  return { shape, data: fortran && shape.length > 1 ? fromColumnMajor(data, shape) : data };
}

function readHeader(bytes: Uint8Array, what: string): { header: string; begin: number } {
  if (bytes.length < 10 || magic.some((byte, i) => bytes[i] !== byte)) {
    throw new FormatError(`${what}: not a .npy file`);
  }
  const version = bytes[6];
  if (version < 1 || version > 3)
    throw new FormatError(`${what}: .npy version ${version} is not known; known: 1, 2, 3`);
  const start = version === 1 ? 10 : 12;
  if (bytes.length < start) throw new FormatError(`${what}: truncated .npy file`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const begin = start + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (begin > bytes.length) throw new FormatError(`${what}: truncated .npy file: its header is not whole`);
  return { header: new TextDecoder().decode(bytes.subarray(start, begin)), begin };
}

function parseHeader(header: string, what: string) {
  const fortran = /'fortran_order'\s*:\s*(True|False)/.exec(header)?.[1];
  const sizes = /'shape'\s*:\s*\(([^()]*)\)/.exec(header)?.[1];
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(header)?.[1];
  if (fortran === undefined || sizes === undefined) throw new FormatError(`${what}: the .npy header is damaged`);
  const [, order, type] = /^([<>|=])([a-z]\d+)$/.exec(descr ?? "") ?? [];
  const kind = type !== undefined && Object.hasOwn(kinds, type) ? kinds[type] : undefined;
  if (kind === undefined) {
    const given = descr === undefined ? "a structured dtype" : `dtype "${descr.slice(0, 40)}"`;
    throw new FormatError(`${what}: ${given} is not known; known: ${Object.keys(kinds).join(", ")}`);
  }
  const parts = sizes.split(",").map((part) => part.trim());
  if (parts.at(-1) === "") parts.pop(); // (3,) and () end in nothing
  // Python 2 wrote long integers as 10L.
  const shape = parts.map((part) => (/^\d{1,16}L?$/.test(part) ? Number.parseInt(part, 10) : NaN));
  countOf(shape, what);
  return { kind, littleEndian: order !== ">", fortran: fortran === "True", shape };
}

/** The same array with its last index fastest, from one with its first index fastest. */
function fromColumnMajor<T extends Float32Array | Float64Array>(data: T, shape: readonly number[]): T {
  const out = data.slice() as T;
  const index = shape.map(() => 0);
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, size) => product * size, 1));
  let from = 0;
  for (let to = 0; to < out.length; to++) {
    out[to] = data[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return out;
}
