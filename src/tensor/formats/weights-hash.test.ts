import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { weightsHash } from "./weights-hash.ts";

const array = (shape: number[], values: number[]) => ({ shape, data: Float32Array.from(values) });

describe("weightsHash", () => {
  it("is the SHA-256 of what its comment describes", () => {
    const u64 = (value: number) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigUInt64LE(BigInt(value));
      return bytes;
    };
    const text = (value: string) => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);
    const numbers = Buffer.alloc(8);
    numbers.writeFloatLE(1.5, 0);
    numbers.writeFloatLE(-2, 4);
    const tensor = [text("é"), text("float32"), u64(2), u64(1), u64(2), u64(8), numbers];
    const expected = createHash("sha256").update(Buffer.concat([text("groklab weights 1"), u64(1), ...tensor]));
    expect(weightsHash({ é: array([1, 2], [1.5, -2]) })).toBe(`sha256:${expected.digest("hex")}`);
  });

  it("does not depend on the order of the names", () => {
    const [a, b] = [array([2], [1, 2]), array([1], [3])];
    expect(weightsHash({ a, b })).toBe(weightsHash({ b, a }));
  });

  it("tells apart names, shapes, precisions, bits, and the sign of zero", () => {
    const hashes = [
      { a: array([2], [1, 2]) },
      { b: array([2], [1, 2]) },
      { a: array([2, 1], [1, 2]) },
      { a: { shape: [2], data: Float64Array.of(1, 2) } },
      { a: array([2], [1, Math.fround(2.0000002)]) },
      { a: array([1], [1]), b: array([1], [2]) },
      { a: array([2], [0, 2]) },
      { a: array([2], [-0, 2]) },
      {},
    ].map(weightsHash);
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it("takes every NaN for the same", () => {
    const quiet = new Float32Array(Uint32Array.of(0x7fc00000, 0x3f800000).buffer);
    const other = new Float32Array(Uint32Array.of(0xffc01234, 0x3f800000).buffer);
    expect(weightsHash({ a: { shape: [2], data: other } })).toBe(weightsHash({ a: { shape: [2], data: quiet } }));
    const double = new Float64Array(BigUint64Array.of(0xfff8000000000077n).buffer);
    expect(weightsHash({ a: { shape: [1], data: double } })).toBe(
      weightsHash({ a: { shape: [1], data: Float64Array.of(NaN) } }),
    );
    expect(new Uint32Array(other.buffer)[0]).toBe(0xffc01234);
  });

  it("reads only its own part of a larger memory", () => {
    const memory = Float32Array.of(9, 1, 2, 9);
    expect(weightsHash({ a: { shape: [2], data: memory.subarray(1, 3) } })).toBe(
      weightsHash({ a: array([2], [1, 2]) }),
    );
  });
});
