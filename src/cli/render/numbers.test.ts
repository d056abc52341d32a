import { describe, expect, it } from "vitest";
import { bytes, duration, minutes, rate, shortAccuracy, shortLoss } from "./numbers.ts";

describe("numbers for people", () => {
  it.each([
    [0.06518848329, "0.0652"],
    [1.532, "1.53"],
    [8.7e-7, "8.70e-7"],
    [0, "0.00"],
    [12345, "1.23e4"],
    [42.25, "42.3"],
    [NaN, "NaN"],
    [Infinity, "inf"],
    [-Infinity, "-inf"],
  ])("a loss of %s is %s", (loss, text) => expect(shortLoss(loss)).toBe(text));

  it.each([
    [1, "100 %"],
    [0.99999, "99.9 %"],
    [0.985, "98.5 %"],
    [0.0066, "0.7 %"],
    [NaN, "not a number"],
  ])("an accuracy of %s is %s: never rounded up to all", (share, text) => expect(shortAccuracy(share)).toBe(text));

  it.each([
    [0, "0 s"],
    [0.0001, "0 s"],
    [0.444, "0.44 s"],
    [0.999, "1.0 s"],
    [9.97, "10 s"],
    [59.4, "59 s"],
    [59.6, "1 min 00 s"],
    [185, "3 min 05 s"],
    [3599.7, "1 h 00 min"],
    [7620, "2 h 07 min"],
    [86_390, "1 d 00 h"],
    [4 * 86_400 + 3600, "4 d 01 h"],
    [NaN, "-"],
    [-1, "-"],
    [Infinity, "-"],
  ])("%s seconds are %s", (seconds, text) => expect(duration(seconds)).toBe(text));

  it.each([
    [1059.4, "1,060"],
    [99.5, "100"],
    [42.3, "42"],
    [0.4211, "0.42"],
    [123_456, "123,000"],
    [NaN, "-"],
  ])("%s steps per second are %s", (perSecond, text) => expect(rate(perSecond)).toBe(text));

  it("minutes of an experiment are seconds where there are few", () => {
    expect([0.001, 0.2, 1.5, 12.3].map(minutes)).toEqual(["1 s", "12 s", "1.5 min", "12 min"]);
  });

  it("bytes have a unit", () => {
    expect([12, 1234, 5_600_000, 2e12].map(bytes)).toEqual(["12 bytes", "1.23 kB", "5.6 MB", "2000 GB"]);
  });
});
