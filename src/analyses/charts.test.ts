import { describe, expect, it } from "vitest";
import { pairTask } from "../tasks/tables/pairs.ts";
import { chartOf, chartsOf, examplesOutside, inChart, operations, primitiveRoot } from "./charts.ts";
import type { Examples } from "./network.ts";

function examplesOf(p: number, answer: (a: number, b: number) => number, defined?: (a: number, b: number) => boolean) {
  const { inputs, labels, n } = pairTask("test", { p }, answer, false, defined);
  if (inputs.kind !== "tokens") throw new Error("pairs are tokens");
  const { tokens } = inputs;
  const at = (which: number) => Int32Array.from({ length: n }, (_, i) => tokens[2 * i + which]);
  return { a: at(0), b: at(1), label: labels, train: new Uint8Array(n) } satisfies Examples;
}
const inverse = (b: number): number => [...Array(13).keys()].find((c) => (b * c) % 13 === 1) ?? 0;
const nonzero = (a: number, b: number): boolean => a !== 0 && b !== 0;

describe("charts", () => {
  it.each([
    ["addition", examplesOf(13, (a, b) => (a + b) % 13)],
    ["subtraction", examplesOf(13, (a, b) => (a - b + 13) % 13)],
    ["reverse-subtraction", examplesOf(13, (a, b) => (b - a + 13) % 13)],
    ["multiplication", examplesOf(13, (a, b) => (a * b) % 13)],
    [
      "division",
      examplesOf(
        13,
        (a, b) => (a * inverse(b)) % 13,
        (_, b) => b !== 0,
      ),
    ],
    ["reverse-division", examplesOf(13, (a, b) => (b * inverse(a)) % 13, nonzero)],
  ] as const)("find %s by themselves, and make it an addition", (operation, examples) => {
    const chart = chartOf(13, examples)!;
    expect(chart.operation).toBe(operation);
    const zero = { rows: 13, cols: 1, data: new Float64Array(13) };
    const network = { p: 13, inputs: [zero, zero], output: { rows: 1, cols: 13, data: zero.data }, activation: "relu", examples } as const; // prettier-ignore
    const read = inChart(network, chart);
    const { a, b, label } = read.examples;
    expect(label.length).toBe(chart.basis === "additive" ? 169 : 144);
    expect(label.every((c, i) => c === (a[i] + b[i]) % read.p)).toBe(true);
  });

  it("leave products with 0 outside, and keep them as they are", () => {
    const examples = examplesOf(13, (a, b) => (a * b) % 13);
    const outside = examplesOutside(examples, chartOf(13, examples)!);
    expect(outside.a).toHaveLength(25);
    expect(outside.label.every((c) => c === 0)).toBe(true);
  });

  it("name none for a table without a rule", () => {
    expect(
      chartOf(
        13,
        examplesOf(13, (a, b) => (a * a + b) % 13),
      ),
    ).toBeUndefined();
  });

  it("are additive alone where p is not an odd prime", () => {
    expect(chartsOf(12).map(({ operation }) => operation)).toEqual(operations.slice(0, 3));
    expect(chartsOf(11)).toHaveLength(6);
  });

  it("use the smallest primitive root", () => {
    expect([3, 5, 7, 11, 13, 67, 113, 4, 9].map(primitiveRoot)).toEqual([2, 2, 3, 2, 2, 2, 3, null, null]);
  });
});
