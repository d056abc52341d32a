import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fixture, integers, reals } from "../../../test/formats/fixtures.ts";
import { FormatError } from "./format-error.ts";
import { decodeNpy, encodeNpy } from "./npy.ts";

describe("npy files by NumPy", () => {
  it.each([
    ["f4.npy", [2, 3, 4], Float32Array.from(reals(24))],
    ["f8-fortran.npy", [2, 3, 4], Float64Array.from(reals(24))],
    ["i4.npy", [5], Float64Array.from(integers(5))],
    ["i8-v2.npy", [2, 3], Float64Array.from(integers(6))],
    ["f8-big-endian.npy", [2, 3], Float64Array.from(reals(6))],
    ["scalar.npy", [], Float64Array.from([1.5])],
    ["empty.npy", [0, 3], new Float32Array(0)],
    ["bool.npy", [2, 2], Float64Array.from([0, 1, 0, 1])],
    ["special.npy", [5], Float64Array.from([NaN, Infinity, -Infinity, -0, 5e-324])],
  ])("%s reads as NumPy wrote it", (name, shape, data) => {
    expect(decodeNpy(fixture(name))).toEqual({ shape, data });
  });

  it("reads half precision to its last digit", () => {
    const { data } = decodeNpy(fixture("f2.npy"));
    expect(data).toBeInstanceOf(Float32Array);
    // Spacing of float16 below 1.11 is at most 2^-10, so rounding is off by at most half of that.
    reals(7).forEach((value, i) => expect(Math.abs(data[i] - value)).toBeLessThanOrEqual(2 ** -11));
    expect(data[3]).toBe(0);
  });

  it("names a structured dtype and an integer that no float64 holds", () => {
    expect(() => decodeNpy(fixture("structured.npy"))).toThrow(/structured dtype is not known; known: f8, f4/);
    expect(() => decodeNpy(fixture("too-large.npy"), "ids")).toThrow("ids: the 64-bit integer 9007199254740992");
  });
});

describe("npy", () => {
  it("writes the very bytes that NumPy writes", () => {
    const array = { shape: [2, 3, 4], data: Float32Array.from(reals(24)) };
    expect(encodeNpy(array)).toEqual(fixture("f4.npy"));
    expect(encodeNpy({ shape: [], data: Float64Array.of(1.5) })).toEqual(fixture("scalar.npy"));
  });

  it("comes back as it was, whatever the shape", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(4), { maxLength: 4 }), fc.boolean(), (shape, double) => {
        const count = shape.reduce((a, b) => a * b, 1);
        const data = double ? Float64Array.from(reals(count)) : Float32Array.from(reals(count));
        expect(decodeNpy(encodeNpy({ shape, data }))).toEqual({ shape, data });
      }),
    );
  });

  it("refuses a shape that does not match the numbers", () => {
    expect(() => encodeNpy({ shape: [2, 2], data: new Float32Array(3) })).toThrow(
      "npy: shape [2, 2] does not match 3 numbers",
    );
  });

  it("throws nothing but a FormatError on truncated or changed files", () => {
    const whole = fixture("f8-fortran.npy");
    for (let length = 0; length < whole.length; length++) {
      expect(() => decodeNpy(whole.subarray(0, length))).toThrow(FormatError);
    }
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
        const changed = whole.slice();
        changed[at] = byte;
        expectOnlyFormatErrors(() => decodeNpy(changed));
      }),
      { numRuns: 2000 },
    );
    fc.assert(fc.property(fc.uint8Array(), (bytes) => expectOnlyFormatErrors(() => decodeNpy(bytes))));
  });
});

function expectOnlyFormatErrors(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(FormatError);
  }
}
