import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fixture, integers, reals } from "../../../test/formats/fixtures.ts";
import { FormatError } from "./format-error.ts";
import { decodeSafetensors, encodeSafetensors, safetensorsMetadata } from "./safetensors.ts";

const arrays = {
  "embed.W_E": { shape: [3, 4], data: Float32Array.from(reals(12)) },
  norm: { shape: [5], data: Float64Array.from(reals(5)) },
  scalar: { shape: [], data: Float32Array.of(NaN) },
  empty: { shape: [0, 2], data: new Float32Array(0) },
};

/** A file with this header (text as it stands, objects as JSON) and this many bytes of numbers. */
function file(header: unknown, payload = 0): Uint8Array {
  const json = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + payload);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}
const f32 = (begin: number, end: number, shape = [(end - begin) / 4]) => ({
  dtype: "F32",
  shape,
  data_offsets: [begin, end],
});

describe("safetensors", () => {
  it("reads a file by the reference implementation, every dtype widened exactly", () => {
    const { arrays: read, metadata } = decodeSafetensors(fixture("several.safetensors"));
    expect(metadata).toEqual({ "made by": "safetensors ü" });
    const { half, ...exact } = read;
    expect(exact).toEqual({
      "embed.W_E": arrays["embed.W_E"],
      norm: arrays.norm,
      tokens: { shape: [2, 2], data: Float64Array.from(integers(4)) },
      mask: { shape: [3], data: Float64Array.of(0, 1, 0) },
      scalar: { shape: [], data: Float32Array.of(1.5) },
      empty: arrays.empty,
    });
    expect(half.shape).toEqual([2, 3]);
    reals(6).forEach((value, i) => expect(Math.abs(half.data[i] - value)).toBeLessThanOrEqual(2 ** -11));
  });

  it("comes back as it was, with its metadata, and always as the same bytes", () => {
    const bytes = encodeSafetensors(arrays, { run: "a", step: "7" });
    expect(decodeSafetensors(bytes)).toEqual({ arrays, metadata: { run: "a", step: "7" } });
    expect(safetensorsMetadata(bytes)).toEqual({ run: "a", step: "7" });
    const reversed = Object.fromEntries(Object.entries(arrays).reverse());
    expect(encodeSafetensors(reversed, { step: "7", run: "a" })).toEqual(bytes);
  });

  it("reads Node's Buffer, whose slice shares memory, as any bytes", () => {
    const arrays = {
      a: { shape: [3], data: Float32Array.of(1, 2, 3) },
      b: { shape: [2], data: Float64Array.of(4, 5) },
    };
    const bytes = encodeSafetensors(arrays);
    const pool = Buffer.concat([Buffer.alloc(5), bytes, Buffer.alloc(3)]);
    expect(decodeSafetensors(pool.subarray(5, 5 + bytes.length)).arrays).toEqual(arrays);
  });

  it("starts the numbers at a multiple of 8, float64 first, so that they can be read in place", () => {
    for (const name of ["a", "ab", "abc", "abcdefg"]) {
      const bytes = encodeSafetensors({ [name]: arrays["embed.W_E"], z: arrays.norm });
      expect(Number(new DataView(bytes.buffer).getBigUint64(0, true)) % 8).toBe(0);
      expect(new TextDecoder().decode(bytes)).toContain('"z":{"dtype":"F64","shape":[5],"data_offsets":[0,40]}');
    }
  });

  it.each([
    ["too few bytes", new Uint8Array(5), "not a safetensors file: 5 bytes are too few"],
    [
      "text",
      new TextEncoder().encode("hello, world, this is text"),
      "not a safetensors file: it announces a header of",
    ],
    ["a header beyond the end", file("{}").subarray(0, 9), "truncated safetensors file: the header ends at byte 10"],
    ["a header that is not JSON", file('{"a":'), "damaged safetensors file: the header is not JSON"],
    ["a header that is a list", file([]), "the header is not a JSON object"],
    ["an unknown dtype", file({ a: { ...f32(0, 4), dtype: "F7" } }, 4), 'a: dtype "F7" is not known; known: F64, F32'],
    ["a dtype named like a method", file({ a: { ...f32(0, 4), dtype: "toString" } }, 4), "is not known"],
    ["a tensor beyond the end", file({ a: f32(0, 8) }, 4), "a: bytes 0 to 8 are outside of the file's 4 bytes"],
    ["offsets backwards", file({ a: f32(8, 4) }, 8), "a: bytes 8 to 4 are outside"],
    ["offsets that are no numbers", file({ a: { ...f32(0, 4), data_offsets: "x" } }, 4), "are not two byte positions"],
    ["overlapping tensors", file({ a: f32(0, 8), b: f32(4, 12) }, 12), "b: its bytes overlap those of another tensor"],
    ["a hole", file({ a: f32(0, 4), b: f32(8, 12) }, 12), "b: bytes 4 to 8 before it belong to no tensor"],
    ["bytes left over", file({ a: f32(0, 4) }, 12), "bytes 4 to 12 at the end belong to no tensor"],
    ["a shape of another size", file({ a: f32(0, 8, [3]) }, 8), "a: F32 [3] takes 12 bytes, its place has 8"],
    ["a negative size", file({ a: f32(0, 4, [-1]) }, 4), "a: shape [-1] is not a list of sizes"],
    ["an absurd size", file({ a: f32(0, 4, [2 ** 40, 2 ** 40]) }, 4), "is too large"],
    ["metadata that is not text", file({ __metadata__: { a: 1 } }), "__metadata__ is not text by name"],
  ])("says what is wrong with %s", (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes)).toThrow(FormatError);
    expect(() => decodeSafetensors(bytes)).toThrow(message);
  });

  it("throws nothing but a FormatError on truncated, changed or random files", () => {
    const whole = fixture("several.safetensors");
    for (let length = 0; length < whole.length; length++) {
      expect(() => decodeSafetensors(whole.subarray(0, length))).toThrow(FormatError);
    }
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
        const changed = whole.slice();
        changed[at] = byte;
        expectOnlyFormatErrors(changed);
      }),
      { numRuns: 2000 },
    );
    fc.assert(fc.property(fc.uint8Array(), (bytes) => expectOnlyFormatErrors(bytes)));
    fc.assert(fc.property(fc.json(), fc.nat(64), (json, payload) => expectOnlyFormatErrors(file(json, payload))));
  });
});

function expectOnlyFormatErrors(bytes: Uint8Array): void {
  try {
    decodeSafetensors(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
  }
}
