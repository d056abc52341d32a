import { describe, expect, it } from "vitest";
import { constructed, constructedRows } from "./constructed.ts";

const at = (neurons: number, modulus: number, activation: "relu" | "square") =>
  constructedRows({ neurons, modulus, activation, rotation: 0.15 });
const percent = (share: number): number => Number((100 * share).toFixed(1));

// Spec of the published appendix, recomputed: all 67² pairs, rotation .15.
describe("the circle construction at modulus 67", () => {
  it.each([
    [3, 2.2, 33, 100],
    [4, 3.0, 16.7, 3.0],
    [5, 100, 0.282, 100],
    [6, 19.4, 1.64, 100],
    [7, 100, 0.098, 100],
    [8, 62.7, 0.589, 100],
    [9, 100, 0.045, 100],
    [10, 100, 0.282, 100],
  ])("with %i directions", (neurons, relu, maxError, square) => {
    const rows = at(neurons, 67, "relu");
    expect(percent(rows.accuracy)).toBe(relu);
    expect(Math.abs(rows.maxError - maxError)).toBeLessThan(maxError > 10 ? 0.05 : 0.005);
    expect(percent(at(neurons, 67, "square").accuracy)).toBe(square);
  });
});

it.each([
  [5, 117],
  [6, 21],
  [8, 55],
  [10, 117],
])("with %i directions ReLU is right on every pair up to the odd modulus %i", (neurons, largest) => {
  expect(at(neurons, largest, "relu").accuracy).toBe(1);
  expect(at(neurons, largest + 2, "relu").accuracy).toBeLessThan(1);
});

it("three directions are exact for squares: N > 4 is sufficient, not necessary", () => {
  expect(at(3, 299, "square").accuracy).toBe(1);
  expect(at(3, 67, "square").maxError).toBeLessThan(1e-9);
});

// The published proof divides by cos²((a - b)π/M), which is 0 on M pairs of an even modulus.
it.each([
  [12, 1 - 1 / 12],
  [66, 1 - 1 / 66],
  [500, 1 - 1 / 500],
])("an even modulus of %i leaves the pairs at half a turn without an answer", (modulus, accuracy) => {
  const rows = at(5, modulus, "square");
  expect(rows.undecidable).toBe(modulus);
  expect(rows.accuracy).toBeCloseTo(accuracy, 12);
});

it("five ReLU directions cannot tell 500 numbers apart", () => {
  expect(percent(at(5, 500, "relu").accuracy)).toBe(14);
});

it("wraps the error, so that no pair is wrong by the modulus", () => {
  const { diagonal } = constructed.run(undefined, { neurons: 4, modulus: 67 });
  expect(diagonal).toHaveLength(67);
  expect(diagonal.every(({ error }) => Math.abs(error) <= 33.5)).toBe(true);
});
