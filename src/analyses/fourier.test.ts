import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gini, participation } from "./concentration.ts";
import { dft, fourierBasis, frequencyOfRow, highestFrequency, powers, waveOf, wrap, writeWave } from "./fourier.ts";
import { multiply, transpose, zeros } from "./matrix.ts";

describe("the Fourier basis", () => {
  it.each([2, 3, 4, 5, 12, 66, 67, 112, 113])("of %i numbers is orthonormal", (p) => {
    const basis = fourierBasis(p);
    const product = multiply(basis, transpose(basis));
    const worst = product.data.reduce((most, x, i) => Math.max(most, Math.abs(x - (i % (p + 1) === 0 ? 1 : 0))), 0);
    expect(worst).toBeLessThan(2e-14);
  });

  it("of an even number of numbers ends in the alternating row", () => {
    expect(Array.from(fourierBasis(4).data.slice(12)).map((x) => Math.round(2 * x))).toEqual([1, -1, 1, -1]);
    expect([0, 1, 2, 3].map(frequencyOfRow)).toEqual([0, 1, 1, 2]);
  });
});

const plan = fc.integer({ min: 3, max: 130 }).chain((p) =>
  fc.record({
    p: fc.constant(p),
    k: fc.integer({ min: 1, max: highestFrequency(p) }),
    phase: fc.double({ min: -3.1, max: 3.1, noNaN: true }),
    amplitude: fc.double({ min: 0.01, max: 100, noNaN: true }),
  }),
);

describe("a wave", () => {
  it("is recovered with its frequency, amplitude and phase, whatever p", () => {
    fc.assert(
      fc.property(plan, ({ p, k, phase, amplitude }) => {
        fc.pre(2 * k !== p);
        const column = zeros(p, 1);
        writeWave({ amplitude, phase }, k, p, column.data, 0, 1);
        const spectrum = dft(column);
        const wave = waveOf(spectrum, k, 0);
        expect(wave.amplitude / amplitude).toBeCloseTo(1, 9);
        expect(Math.abs(wrap(wave.phase - phase))).toBeLessThan(1e-9);
        expect(wave.norm).toBeCloseTo(Math.hypot(...column.data), 8);
        const power = powers(spectrum).data;
        expect(power[k] / power.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 12);
      }),
    );
  });

  it("of half the numbers alternates, and keeps its sign as a phase of 0 or π", () => {
    const column = zeros(6, 1);
    writeWave({ amplitude: 2, phase: Math.PI }, 3, 6, column.data, 0, 1);
    expect(waveOf(dft(column), 3, 0).amplitude).toBeCloseTo(2, 12);
    expect(Math.abs(waveOf(dft(column), 3, 0).phase)).toBeCloseTo(Math.PI, 12);
  });
});

it("wrap brings angles into (-π, π]", () => {
  expect([3 * Math.PI, -Math.PI, 7, 0].map(wrap)).toEqual([Math.PI, Math.PI, 7 - 2 * Math.PI, 0]);
});

describe("concentration", () => {
  it("of equal values is 0 and 1/n, of a single one 1 - 1/n and 1", () => {
    expect(gini([1, 1, 1, 1])).toBeCloseTo(0, 12);
    expect(participation([2, 2, 2, 2])).toBeCloseTo(1 / 4, 12);
    expect(gini([0, 0, 3, 0])).toBeCloseTo(3 / 4, 12);
    expect(participation([0, 0, 3, 0])).toBe(1);
  });

  it("of nothing is 0", () => {
    expect([gini([0, 0]), participation([0, 0])]).toEqual([0, 0]);
  });
});
