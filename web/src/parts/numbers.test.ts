import { describe, expect, it } from "vitest";
import { duration, percent, short, whole } from "./numbers.ts";

describe("numbers as they are shown", () => {
  it("say 100 % of all only", () => {
    expect([1, 0.99999, 0.5, 0.1234, NaN].map(percent)).toEqual(["100 %", "99.9 %", "50 %", "12.3 %", "–"]);
  });
  it("have three digits", () => {
    expect([0, 1.23456, 1.19e-7, 250000, NaN, Infinity].map(short)).toEqual([
      "0",
      "1.23",
      "1.19e-7",
      "2.50e+5",
      "–",
      "∞",
    ]);
  });
  it("tell times short", () => {
    expect([0.2, 45, 200, 9000, Infinity].map(duration)).toEqual(["0 s", "45 s", "3 min", "2.5 h", "–"]);
    expect(whole(57500.4)).toBe("57,500");
  });
});
