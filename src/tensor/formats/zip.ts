import { inflateSync } from "fflate";
import { FormatError } from "./format-error.ts";

/**
 * The files of a zip archive (PKWARE APPNOTE 6.3), stored or deflated, each checked against its CRC-32. Written here
 * because fflate's own reader passes over wrong checksums; the inflating is fflate's. Zip64 archives, split archives and
 * encryption are not read.
 * @throws FormatError
 */
export function unzip(bytes: Uint8Array, what: string): Map<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = endOfDirectory(view, what);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  const files = new Map<string, Uint8Array>();
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50) {
      throw new FormatError(`${what}: the zip archive's directory is damaged`);
    }
    const nameLength = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    if (files.has(name)) throw new FormatError(`${what}: the zip archive holds "${name}" twice`);
    files.set(name, readEntry(bytes, view, at, `${what}: ${name}`));
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return files;
}

function endOfDirectory(view: DataView, what: string): number {
  const first = Math.max(0, view.byteLength - 22 - 0xffff);
  for (let at = view.byteLength - 22; at >= first; at--) {
    if (view.getUint32(at, true) === 0x06054b50) return at;
  }
  throw new FormatError(`${what}: not a zip archive, or a truncated one`);
}

/** @param at where the entry stands in the archive's directory */
function readEntry(bytes: Uint8Array, view: DataView, at: number, what: string): Uint8Array {
  const flags = view.getUint16(at + 8, true);
  const method = view.getUint16(at + 10, true);
  const crc = view.getUint32(at + 16, true);
  const packed = view.getUint32(at + 20, true);
  const size = view.getUint32(at + 24, true);
  const local = view.getUint32(at + 42, true);
  if (flags & 1) throw new FormatError(`${what} is encrypted`);
  if (local + 30 > bytes.length || view.getUint32(local, true) !== 0x04034b50) {
    throw new FormatError(`${what}: its place in the zip archive is damaged`);
  }
  const begin = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  if (begin + packed > bytes.length) throw new FormatError(`${what} is truncated`);
  const data = unpack(bytes.subarray(begin, begin + packed), method, size, what);
  if (data.length !== size || crc32(data) !== crc) throw new FormatError(`${what} is damaged: its checksum is wrong`);
  return data;
}

function unpack(data: Uint8Array, method: number, size: number, what: string): Uint8Array {
  if (method === 0) return data;
  if (method !== 8) throw new FormatError(`${what}: compression method ${method} is not known; known: stored, deflate`);
  // Deflate cannot shrink more than 1,032 times: whatever announces more would only fill the memory.
  if (size > data.length * 1032 + 64) throw new FormatError(`${what} announces ${size} bytes, more than it can hold`);
  try {
    return inflateSync(data, { out: new Uint8Array(size) });
  } catch {
    throw new FormatError(`${what} is damaged: it does not decompress`);
  }
}

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let crc = n;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/** CRC-32 as in zip and PNG (polynomial 0xedb88320, reflected). */
function crc32(data: Uint8Array): number {
  let crc = -1;
  for (const byte of data) crc = crcTable[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
}
