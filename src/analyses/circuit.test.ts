import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { circuit } from "./circuit.ts";
import { constructedNetwork, constructedRows } from "./constructed.ts";
import { wrap, writeWave } from "./fourier.ts";
import type { Network } from "./network.ts";
import { spectrum } from "./spectrum.ts";
import { noise } from "./testing/planted.ts";

describe("the circuit of planted waves", () => {
  const network = constructedNetwork(
    67,
    [
      { frequency: 5, neurons: 7, rotation: -0.4, amplitude: 2 },
      { frequency: 26, neurons: 5, rotation: 0.3 },
    ],
    "relu",
  );
  const rows = circuit.run(network);

  it("is found with every neuron in its group", () => {
    expect(rows.groups.map(({ frequency, neurons }) => [frequency, neurons.length])).toEqual([[5, 7], [26, 5]]); // prettier-ignore
    expect(rows.unfit).toEqual([]);
    expect(rows.tied).toBe(true);
    expect([...rows.sorted].sort((x, y) => x - y)).toEqual(Array.from({ length: 12 }, (_, i) => i));
    for (const { share, outputShare } of rows.groups.flatMap(({ neurons }) => neurons)) {
      expect(share).toBeCloseTo(1, 12);
      expect(outputShare).toBeCloseTo(1, 12);
    }
  });

  it("has doubled phases, even gaps and stars", () => {
    for (const group of rows.groups) {
      const n = group.neurons.length;
      expect(group.maxDefect).toBeLessThan(1e-12);
      expect(group.gapError).toBeLessThan(1e-12);
      expect(group.gaps.reduce((sum, gap) => sum + gap, 0)).toBeCloseTo(2 * Math.PI, 12);
      expect(group.evenness.every((r) => r < 1e-12)).toBe(true);
      expect(group.starStep).toBe(2);
      expect(group.outputOrder).toEqual(Array.from({ length: n }, (_, i) => (2 * i) % n));
    }
  });

  it("has the amplitudes that were planted", () => {
    expect(rows.groups[0].neurons.every(({ a }) => Math.abs(a.amplitude - 2) < 1e-12)).toBe(true);
    expect(rows.groups[0].weight).toBeCloseTo((7 * 4) / (7 * 4 + 5), 12);
  });
});

it("recovers any frequency and phases of two operands, whatever p", () => {
  const planted = fc.integer({ min: 5, max: 120 }).chain((p) =>
    fc.record({
      p: fc.constant(p),
      k: fc.integer({ min: 1, max: Math.ceil(p / 2) - 1 }),
      phases: fc.tuple(...[0, 1, 2].map(() => fc.double({ min: -3.1, max: 3.1, noNaN: true }))),
    }),
  );
  fc.assert(
    fc.property(planted, ({ p, k, phases }) => {
      const [a, b, out] = phases.map((phase) => {
        const data = new Float64Array(p);
        writeWave({ amplitude: 1, phase }, k, p, data, 0, 1);
        return data;
      });
      const network = waves(p, a, b, out);
      const [group] = circuit.run(network).groups;
      expect(group.frequency).toBe(k);
      const [neuron] = group.neurons;
      [neuron.a, neuron.b, neuron.output].forEach(({ phase }, i) => {
        expect(Math.abs(wrap(phase - phases[i]))).toBeLessThan(1e-9);
      });
      expect(Math.abs(wrap(neuron.defect - (phases[2] - phases[0] - phases[1])))).toBeLessThan(1e-9);
    }),
  );
});

const waves = (p: number, a: Float64Array, b: Float64Array, out: Float64Array): Network => ({
  ...constructedNetwork(p, [], "relu"),
  inputs: [
    { rows: p, cols: 1, data: a },
    { rows: p, cols: 1, data: b },
  ],
  output: { rows: 1, cols: p, data: out },
});

it("finds any even group as even: gaps of 2π/N, doubled phases, right on every pair for squares", () => {
  const groups = fc.record({
    half: fc.integer({ min: 2, max: 40 }),
    neurons: fc.integer({ min: 3, max: 12 }),
    rotation: fc.double({ min: -3, max: 3, noNaN: true }),
  });
  fc.assert(
    fc.property(groups, ({ half, neurons, rotation }) => {
      const p = 2 * half + 1;
      const [group] = circuit.run(constructedNetwork(p, [{ frequency: 1, neurons, rotation }], "square")).groups;
      expect(group.neurons).toHaveLength(neurons);
      expect(group.gapError).toBeLessThan(1e-9);
      expect(group.maxDefect).toBeLessThan(1e-9);
      if (neurons > 4) expect(group.winding).toBe(2);
      // Four is the one number of directions that does not do: opposite pairs pull against each other.
      const { accuracy } = constructedRows({ neurons, modulus: p, activation: "square", rotation });
      if (neurons !== 4) expect(accuracy).toBe(1);
    }),
    { numRuns: 40 },
  );
});

it("calls p - k by the name k, with the phases turned around", () => {
  const [named] = circuit.run(constructedNetwork(67, [{ frequency: 60, neurons: 5, rotation: 0.3 }], "relu")).groups;
  expect(named.frequency).toBe(7);
  expect(named.neurons.some(({ a }) => Math.abs(a.phase + 0.3) < 1e-9)).toBe(true);
  expect(named.maxDefect).toBeLessThan(1e-9);
});

it("keeps frequencies and phases under noise: .2 of the amplitude moves a phase by less than .1", () => {
  const clean = constructedNetwork(67, [{ frequency: 9, neurons: 7, rotation: 0.2 }], "relu");
  const noisy = noise(clean, 0.2, 3);
  const rows = circuit.run(noisy);
  expect(rows.groups.map(({ frequency }) => frequency)).toEqual([9]);
  expect(rows.groups[0].neurons).toHaveLength(7);
  const exact = new Map(circuit.run(clean).groups[0].neurons.map((neuron) => [neuron.index, neuron]));
  for (const { index, a, output } of rows.groups[0].neurons) {
    expect(Math.abs(wrap(a.phase - exact.get(index)!.a.phase))).toBeLessThan(0.1);
    expect(Math.abs(wrap(output.phase - exact.get(index)!.output.phase))).toBeLessThan(0.1);
  }
});

it("finds no neuron that fits in random weights", () => {
  const empty = constructedNetwork(67, [{ frequency: 1, neurons: 24, rotation: 0, amplitude: 0 }], "relu");
  const rows = circuit.run(noise(empty, 1, 5));
  expect(rows.groups).toEqual([]);
  expect(rows.unfit).toHaveLength(24);
  const spread = spectrum.run(noise(empty, 1, 5));
  expect(spread.gini).toBeLessThan(0.2);
  expect(spread.participation).toBeLessThan(0.1);
});

it("does not count a neuron without weights", () => {
  const dead = constructedNetwork(11, [{ frequency: 1, neurons: 5, rotation: 0, amplitude: 0 }], "relu");
  expect(circuit.run(dead).unfit.map(({ frequency, weight }) => [frequency, weight])).toEqual(Array(5).fill([0, 0]));
});
