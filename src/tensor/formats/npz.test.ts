import fc from "fast-check";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { fixture, reals } from "../../../test/formats/fixtures.ts";
import { FormatError } from "./format-error.ts";
import { decodeNpz, encodeNpz } from "./npz.ts";

const arrays = {
  "embed.W_E": { shape: [3, 4], data: Float32Array.from(reals(12)) },
  "blocks.0.mlp.W_in": { shape: [2, 5], data: Float64Array.from(reals(10)) },
};

describe("npz", () => {
  it.each(["stored.npz", "deflated.npz"])("reads NumPy's %s", (name) => {
    expect(decodeNpz(fixture(name))).toEqual(arrays);
  });

  it.each([true, false])("comes back as it was, compressed: %s", (compress) => {
    expect(decodeNpz(encodeNpz(arrays, { compress }))).toEqual(arrays);
    expect(encodeNpz(arrays, { compress })).toEqual(encodeNpz(arrays, { compress }));
  });

  it("finds any single changed byte of the numbers, which NumPy's checksum covers", () => {
    const bytes = encodeNpz(arrays);
    const numbers = new Uint8Array(arrays["embed.W_E"].data.buffer);
    const start = bytes.findIndex((_, i) => numbers.every((byte, j) => bytes[i + j] === byte));
    expect(start).toBeGreaterThan(0);
    for (let at = start; at < start + numbers.length; at++) {
      const changed = bytes.slice();
      changed[at] ^= 1;
      expect(() => decodeNpz(changed)).toThrow("npz: embed.W_E.npy is damaged: its checksum is wrong");
    }
  });

  it("names what does not belong", () => {
    const note = zipSync({ "note.txt": new Uint8Array(3) });
    expect(() => decodeNpz(note)).toThrow('npz: holds "note.txt", which is not a .npy file');
    expect(() => decodeNpz(new Uint8Array(500))).toThrow("npz: not a zip archive, or a truncated one");
  });

  it("does not make room for a size that deflate cannot reach", () => {
    const bomb = zipSync({ "a.npy": new Uint8Array(5000) });
    const directory = new DataView(bomb.buffer, bomb.byteOffset);
    const entry = directory.getUint32(bomb.length - 6, true);
    directory.setUint32(entry + 24, 0xfffffff0, true);
    expect(() => decodeNpz(bomb)).toThrow(/announces 4294967280 bytes, more than it can hold/);
  });

  it("throws nothing but a FormatError on truncated, changed or random files", () => {
    for (const whole of [fixture("stored.npz"), fixture("deflated.npz")]) {
      for (let length = 0; length < whole.length; length++) {
        expect(() => decodeNpz(whole.subarray(0, length))).toThrow(FormatError);
      }
      fc.assert(
        fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
          const changed = whole.slice();
          changed[at] = byte;
          expectOnlyFormatErrors(changed);
        }),
        { numRuns: 2000 },
      );
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => expectOnlyFormatErrors(bytes)));
  });
});

function expectOnlyFormatErrors(bytes: Uint8Array): void {
  try {
    decodeNpz(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
  }
}
