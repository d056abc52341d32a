import { describe, expect, it } from "vitest";
import type { BitNetwork } from "./bit-network.ts";
import { explainBits } from "./explain-bits.ts";
import { parity } from "./parity.ts";
import { bitMemorizer, normals, parityOf } from "./testing/planted.ts";
import { weightTrajectories } from "./weight-trajectories.ts";

describe("a network that adds the parity of three digits", () => {
  const network = parityOf([1, 4, 6], 11);

  it("is named with its digits, which alone have influence", () => {
    const { mechanism, parity: rows } = explainBits(network);
    expect(mechanism).toMatchObject({ label: "parity", parts: [1, 4, 6], carried: 1 });
    expect(mechanism.sentence).toBe("parity: it answers 1 for an odd number of ones among digits 2, 5 and 7");
    expect(rows.inputs.map(({ influence }) => influence)).toEqual([0, 1, 0, 0, 1, 0, 1, 0, 0, 0]);
    expect([rows.assignments, rows.right, rows.inverted]).toEqual([8, 8, false]);
    expect(rows.network.test).toBe(1);
  });

  it("needs four of its neurons however many idle beside them", () => {
    const { input, output } = network;
    const wide = Float64Array.from({ length: input.rows * 9 }, (_, i) => (i % 9 < 5 ? input.data[Math.floor(i / 9) * 5 + (i % 9)] : 1e-4)); // prettier-ignore
    const more: BitNetwork = {
      ...network,
      input: { rows: input.rows, cols: 9, data: wide },
      output: Float64Array.from([...output, ...normals(4, 1).map((x) => x * 1e-4)]),
    };
    const { subnetwork, neurons } = parity.run(more);
    expect(subnetwork.size).toBe(4);
    expect(new Set(subnetwork.neurons)).toEqual(new Set([0, 1, 2, 3]));
    expect(neurons.filter(({ survives }) => survives)).toHaveLength(4);
    expect(subnetwork.curve[0].agreement).toBeLessThan(0.7);
  });

  it("has neurons of the known form", () => {
    const { neurons } = parity.run(network);
    const byIndex = [...neurons].sort((a, b) => a.index - b.index);
    expect(byIndex.map(({ known }) => known)).toEqual([true, true, true, true, false]);
    expect(byIndex.map(({ biasRatio }) => biasRatio).slice(0, 4)).toEqual([0, 0, 0, -2]);
    expect(byIndex[0].balanceL2).toBeCloseTo(2 / Math.sqrt(12), 12);
    expect(byIndex[0].balanceL1).toBeCloseTo(2 / 6, 12);
  });

  it("turned around is told as that", () => {
    const even = { ...network, output: network.output.map((x) => -x) };
    const label = network.examples.label.map((x) => 1 - x);
    const { mechanism } = explainBits({ ...even, examples: { ...network.examples, label } });
    expect(mechanism.sentence).toContain("an even number of ones");
  });
});

it("a network that memorizes strings is called that", () => {
  const { mechanism, parity: rows } = explainBits(bitMemorizer(20));
  expect(rows.network.train).toBe(1);
  expect(mechanism.label).toBe("memorized-table");
  expect(mechanism.parts).toEqual([]);
});

it("random weights on bits stay unexplained", () => {
  const network = parityOf([0, 1, 2], 11);
  const data = normals(network.input.data.length, 9);
  const { mechanism } = explainBits({ ...network, input: { ...network.input, data }, output: normals(5, 8) });
  expect(mechanism.label).toBe("unexplained");
  expect(mechanism.unexplained.length).toBeGreaterThan(0);
});

describe("weight trajectories", () => {
  const last = parityOf([0, 1, 2], 8);
  /** Checkpoint t: distraction 5 of neuron 2 has this size. */
  const course = (sizes: readonly number[]) => ({
    evals: [],
    fitStep: null,
    generalizeStep: null,
    precision: "float32" as const,
    moments: sizes.map((size, t) => {
      const data = last.input.data.slice();
      data[5 * last.input.cols + 2] = size;
      return { step: 10 * t, norms: {}, network: { ...last, input: { ...last.input, data } } };
    }),
  });

  it("tell when the last distraction falls for good", () => {
    const rows = weightTrajectories.run(course([1, 0.2, 0.01, 0.3, -0.04, 0]), { digits: [0, 1, 2] });
    expect(rows.lastDistraction).toBe(40);
    expect(rows.distractionLeft).toBe(0);
    expect(rows.roles.find(({ role }) => role === "distraction")?.largest).toEqual([1, 0.2, 0.01, 0.3, 0.04, 0]);
    expect(rows.weights.filter(({ role }) => role === "bias")).toHaveLength(5);
    expect(rows.moved[0]).toBe(0);
    expect(rows.digitShare.at(-1)).toBe(1);
  });

  it("find the digits themselves, and say where distraction is left", () => {
    const rows = weightTrajectories.run(course([1, 0.4]));
    expect(rows.digits).toEqual([0, 1, 2]);
    expect([rows.lastDistraction, rows.distractionLeft]).toEqual([null, 0.4]);
  });
});
