import type { NamedArrays } from "../index.ts";
import { countOf, type ElementKind, elementSize, littleEndianBytes, readElements } from "./elements.ts";
import { FormatError } from "./format-error.ts";

/**
 * The safetensors format: 8 bytes of header length (little-endian), a JSON header that gives each tensor's dtype, shape
 * and place, then the numbers without holes (https://github.com/huggingface/safetensors#format).
 */
export interface Safetensors {
  readonly arrays: NamedArrays;
  /** Text by name, from the header's `__metadata__`. */
  readonly metadata: Readonly<Record<string, string>>;
}

const kinds: Readonly<Record<string, ElementKind>> = {
  F64: "f64",
  F32: "f32",
  F16: "f16",
  BF16: "bf16",
  I64: "i64",
  U64: "u64",
  I32: "i32",
  U32: "u32",
  I16: "i16",
  U16: "u16",
  I8: "i8",
  U8: "u8",
  BOOL: "bool",
};
const metadataKey = "__metadata__";
/** The reference implementation's limit, so that whatever it writes can be read and nothing larger is parsed. */
const maxHeader = 100_000_000;

/** The same arrays and metadata always give the same bytes: tensors by precision, then name. */
export function encodeSafetensors(
  arrays: NamedArrays,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const names = Object.keys(arrays).sort((a, b) => width(arrays[b]) - width(arrays[a]) || (a < b ? -1 : 1));
  const header = new Map<string, unknown>();
  if (Object.keys(metadata).length > 0) {
    header.set(metadataKey, Object.fromEntries(Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1))));
  }
  let end = 0;
  for (const name of names) {
    const { shape, data } = arrays[name];
    if (name === metadataKey) throw new FormatError(`a tensor cannot be called ${metadataKey} in a safetensors file`);
    if (countOf(shape, name) !== data.length) {
      throw new FormatError(`${name}: shape [${shape.join(", ")}] does not match ${data.length} numbers`);
    }
    const begin = end;
    end += data.byteLength;
    header.set(name, { dtype: width(arrays[name]) === 8 ? "F64" : "F32", shape, data_offsets: [begin, end] });
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  // Spaces fill the header up to a multiple of 8, so that the numbers can be read in place.
  const headerLength = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerLength + end).fill(0x20, 8 + json.length, 8 + headerLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.set(json, 8);
  let offset = 8 + headerLength;
  for (const name of names) {
    const data = littleEndianBytes(arrays[name].data);
    bytes.set(data, offset);
    offset += data.length;
  }
  return bytes;
}

const width = (array: NamedArrays[string]): number => array.data.BYTES_PER_ELEMENT;

/** Every tensor of a file. Integers and 16-bit floats widen exactly. @throws FormatError on anything the format forbids */
export function decodeSafetensors(bytes: Uint8Array): Safetensors {
  const { header, payload } = split(bytes);
  const { [metadataKey]: metadata, ...tensors } = header;
  const arrays = Object.entries(tensors).map(([name, entry]) => [name, place(name, entry, payload.length)] as const);
  checkCoverage(arrays, payload.length);
  return {
    metadata: checkMetadata(metadata),
    arrays: Object.fromEntries(
      arrays.map(([name, { kind, shape, begin, end }]) => [
        name,
        { shape, data: readElements(payload.subarray(begin, end), kind, name) },
      ]),
    ),
  };
}

/** Only the metadata: the numbers are neither checked nor copied. @throws FormatError */
export function safetensorsMetadata(bytes: Uint8Array): Readonly<Record<string, string>> {
  return checkMetadata(split(bytes).header[metadataKey]);
}

function split(bytes: Uint8Array): { header: Record<string, unknown>; payload: Uint8Array } {
  if (bytes.length < 8) throw new FormatError(`not a safetensors file: ${bytes.length} bytes are too few`);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (length > maxHeader) throw new FormatError(`not a safetensors file: it announces a header of ${length} bytes`);
  const end = 8 + Number(length);
  if (end > bytes.length) {
    throw new FormatError(`truncated safetensors file: the header ends at byte ${end}, the file at ${bytes.length}`);
  }
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, end)));
  } catch {
    throw new FormatError("damaged safetensors file: the header is not JSON");
  }
  if (!isRecord(header)) throw new FormatError("damaged safetensors file: the header is not a JSON object");
  return { header, payload: bytes.subarray(end) };
}

interface Place {
  readonly kind: ElementKind;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function place(name: string, entry: unknown, payload: number): Place {
  if (!isRecord(entry)) throw new FormatError(`${name}: its header entry is not an object`);
  const { dtype, shape, data_offsets: offsets } = entry;
  const kind = typeof dtype === "string" && Object.hasOwn(kinds, dtype) ? kinds[dtype] : undefined;
  if (kind === undefined) {
    throw new FormatError(`${name}: dtype ${short(dtype)} is not known; known: ${Object.keys(kinds).join(", ")}`);
  }
  if (!Array.isArray(shape)) throw new FormatError(`${name}: shape ${short(shape)} is not a list of sizes`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every((o) => Number.isSafeInteger(o) && o >= 0)) {
    throw new FormatError(`${name}: data_offsets ${short(offsets)} are not two byte positions`);
  }
  const [begin, end] = offsets as [number, number];
  if (begin > end || end > payload) {
    throw new FormatError(`${name}: bytes ${begin} to ${end} are outside of the file's ${payload} bytes of numbers`);
  }
  const size = countOf(shape, name) * elementSize(kind);
  if (size !== end - begin) {
    throw new FormatError(
      `${name}: ${String(dtype)} [${shape.join(", ")}] takes ${size} bytes, its place has ${end - begin}`,
    );
  }
  return { kind, shape: shape as number[], begin, end };
}

/** The format allows neither holes nor overlaps, so that a file cannot hide bytes or answer for the same ones twice. */
function checkCoverage(arrays: readonly (readonly [string, Place])[], payload: number): void {
  let reached = 0;
  for (const [name, { begin, end }] of [...arrays].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end)) {
    if (begin < reached) throw new FormatError(`${name}: its bytes overlap those of another tensor`);
    if (begin > reached) throw new FormatError(`${name}: bytes ${reached} to ${begin} before it belong to no tensor`);
    reached = end;
  }
  if (reached < payload) throw new FormatError(`bytes ${reached} to ${payload} at the end belong to no tensor`);
}

function checkMetadata(metadata: unknown): Readonly<Record<string, string>> {
  if (metadata === undefined) return {};
  if (!isRecord(metadata) || !Object.values(metadata).every((value) => typeof value === "string")) {
    throw new FormatError("damaged safetensors file: __metadata__ is not text by name");
  }
  return metadata as Record<string, string>;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const short = (value: unknown): string => (JSON.stringify(value) ?? "(absent)").slice(0, 60);
