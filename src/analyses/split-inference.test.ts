import { describe, expect, it } from "vitest";
import { chartOf, inChart } from "./charts.ts";
import type { Network } from "./network.ts";
import { inferSplit } from "./split-inference.ts";
import { adder, inOperation, memorizer, noise, unstructured } from "./testing/planted.ts";

const inferred = (network: Network) => {
  const chart = chartOf(network.p, network.examples)!;
  return inferSplit(inChart(network, chart), chart);
};
const missed = (network: Network) => inferred(network).evidence.filter(({ holds }) => !holds).map(({ name }) => name); // prettier-ignore

const three = [2, 5, 9].map((frequency, i) => ({ frequency, neurons: 5, rotation: 0.3 + i }));

describe("the split of a network that memorizes", () => {
  const table = memorizer(23, 4);

  it("is told exactly", () => {
    const { train, text } = inferred(table);
    expect(train).toEqual(table.examples.train);
    expect(text).toMatch(/^inferred: the 158 of 529 pairs that it knows/);
  });

  it("is told where every weight is noisy", () => {
    const { train } = inferred(noise(table, 0.05, 3));
    const wrong = train!.reduce((count, flag, i) => count + (flag === table.examples.train[i] ? 0 : 1), 0);
    expect(wrong).toBeLessThan(0.02 * train!.length);
  });

  it("is not made up from a rule: pairs known for their difference are no draw", () => {
    const near = (i: number) => (table.examples.a[i] - table.examples.b[i] + 23) % 23 < 8;
    const n = table.examples.a.length;
    const known = Uint8Array.from({ length: n }, (_, i) => (near(i) ? 1 : 0));
    expect(missed(tableOf(table, known))).toEqual([expect.stringMatching(/^χ²/)]);
  });
});

/** The table of these pairs, one neuron for each. */
function tableOf({ p, examples }: Network, train: Uint8Array): Network {
  const known = [...train.keys()].filter((i) => train[i] === 1);
  const n = known.length;
  const side = (numbers: Int32Array) => ({
    rows: p,
    cols: n,
    data: Float64Array.from({ length: p * n }, (_, at) => (numbers[known[at % n]] === Math.floor(at / n) ? 0.5 : -1)),
  });
  const output = { rows: n, cols: p, data: new Float64Array(n * p) };
  known.forEach((i, j) => (output.data[j * p + examples.label[i]] = 20));
  return { p, inputs: [side(examples.a), side(examples.b)], output, activation: "relu", examples };
}

describe("a split that cannot be told is not", () => {
  it("where every pair is answered", () => {
    expect(inferred(adder(23, three, "relu"))).toEqual({
      train: null,
      evidence: [],
      text: "cannot be inferred, every pair is answered: all count as held out",
    });
  });

  it("where one frequency answers some pairs by its rule", () => {
    const some = noise(adder(67, [{ frequency: 2, neurons: 5, rotation: 0.2 }], "relu"), 0.1, 1);
    expect(missed(some)).toContain("accuracy over all pairs of the circuit rebuilt from its waves");
  });

  it("where a table and a circuit answer together", () => {
    const circuit = adder(23, three, "relu");
    const table = memorizer(23, 4);
    const joined = (x: Float64Array, y: Float64Array, own: number, other: number) =>
      Float64Array.from({ length: 23 * (own + other) }, (_, at) => {
        const [row, col] = [Math.floor(at / (own + other)), at % (own + other)];
        return col < own ? x[row * own + col] : y[row * other + col - own];
      });
    const [n, m] = [circuit.output.rows, table.output.rows];
    const both: Network = {
      ...table,
      inputs: [0, 1].map((i) => ({ rows: 23, cols: n + m, data: joined(circuit.inputs[i].data, table.inputs[i].data, n, m) })) as never, // prettier-ignore
      output: { rows: n + m, cols: 23, data: Float64Array.from([...circuit.output.data, ...table.output.data]) },
    };
    const { train, evidence } = inferred(both);
    expect(train).toBeNull();
    expect(evidence.every(({ holds }) => holds) && evidence.length > 0).toBe(false);
  });

  it.each([7, 11, 23])("from random weights, modulo %i", (p) => {
    for (let seed = 0; seed < 20; seed++) expect(missed(unstructured(p, 24, seed)).length).toBeGreaterThan(0);
  });

  it("in the coordinates of another operation, too", () => {
    const product = inOperation(adder(22, [{ frequency: 3, neurons: 5, rotation: 0.1 }], "relu"), "multiplication", 23);
    expect(inferred(product).train).toBeNull();
  });
});
