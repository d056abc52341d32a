import { describe, expect, it } from "vitest";
import { chartsOf } from "../../analyses/charts.ts";
import { constructedNetwork } from "../../analyses/constructed.ts";
import type { Course } from "../../analyses/course.ts";
import { explainBits } from "../../analyses/explain-bits.ts";
import { explainNetwork } from "../../analyses/explain-network.ts";
import type { Explained, Source } from "../../analyses/explanation.ts";
import { atMost } from "../../analyses/mechanism.ts";
import { zeros } from "../../analyses/matrix.ts";
import type { BitNetwork } from "../../analyses/bit-network.ts";
import type { Network } from "../../analyses/network.ts";
import { malformed } from "../../../test/contracts/figure.ts";
import type { Eval } from "../../train/eval.ts";
import { plan } from "../../train/plan.ts";
import { judge } from "../../verdict/index.ts";
import { withoutFlickers } from "./history.ts";
import { report } from "./report.ts";

const hostile = `<img src="x" onerror="alert(1)">&`;

/** Every pair of numbers modulo p, every third one trained on. */
function withExamples(network: Network): Network {
  const { p } = network;
  const pairs = Array.from({ length: p * p }, (_, i) => i);
  return {
    ...network,
    examples: {
      a: Int32Array.from(pairs, (i) => Math.floor(i / p)),
      b: Int32Array.from(pairs, (i) => i % p),
      label: Int32Array.from(pairs, (i) => (Math.floor(i / p) + (i % p)) % p),
      train: Uint8Array.from(pairs, (i) => (i % 3 === 0 ? 1 : 0)),
    },
  };
}

const circuit = withExamples(
  constructedNetwork(
    23,
    [
      { frequency: 3, neurons: 5, rotation: 0.2 },
      { frequency: 7, neurons: 5, rotation: 0.5 },
    ],
    "relu",
  ),
);

const evalAt = (step: number, train: number, test: number): Eval => ({
  step,
  train: { loss: 1.01 - train, accuracy: train },
  test: { loss: 2.01 - test, accuracy: test },
  normL1: 1,
  normL2: 1,
});
const evals = Array.from({ length: 60 }, (_, i) => evalAt(i * 100, i > 5 ? 1 : i / 6, i > 40 ? 1 : 0.05));

const source = (() => {
  const own = plan({
    task: { name: "modular-addition", p: 23 },
    model: { name: "factored", dMlp: 10, dModel: 10 },
    optimizer: { name: "adamw", weightDecay: 1 },
  });
  const context = { chance: 1 / 23, numClasses: 23, lossUnit: "nats", finished: true } as const;
  return (id: string): Source => ({
    kind: "run",
    id,
    plan: own,
    verdict: judge(evals, context),
    step: 5900,
    checkpoints: [],
  });
})();

function explained(network: Network, id = "run-s1"): Explained {
  const moment = { network, norms: { "embed.W_E": { l1: 1, l2: 1 } } };
  const course: Course = {
    moments: [{ step: 0, ...moment }, { step: 5900, ...moment }],
    evals,
    fitStep: 600,
    generalizeStep: 4100,
    precision: "float64",
  }; // prettier-ignore
  return { source: source(id), evals, network, course, explanation: explainNetwork(network, course) };
}

/** Knows its training pairs by a neuron of their own each: nothing holds for others. */
function memorizer(): Network {
  const p = 7;
  const whole = withExamples(constructedNetwork(p, [{ frequency: 1, neurons: 1, rotation: 0 }], "relu"));
  const { a, b, label, train } = whole.examples;
  const known = Array.from(train, (flag, i) => (flag ? i : -1)).filter((i) => i >= 0);
  const [first, second, output] = [zeros(p, known.length), zeros(p, known.length), zeros(known.length, p)];
  known.forEach((i, j) => {
    for (let n = 0; n < p; n++) {
      first.data[n * known.length + j] = n === a[i] ? 1 : -2;
      second.data[n * known.length + j] = n === b[i] ? 1 : -2;
    }
    output.data[j * p + label[i]] = 10;
  });
  return { ...whole, inputs: [first, second], output };
}

/** The parity of the first two of four digits. */
function parityNetwork(): BitNetwork {
  const width = 5;
  const count = 32;
  const bits = Uint8Array.from({ length: count * width }, (_, i) => (i % width === 4 ? 1 : (Math.floor(i / width) >> (i % width)) & 1)); // prettier-ignore
  const input = zeros(width, 3);
  // |x0 + x1 - 1|, and a constant: 1/2 - |x0 + x1 - 1| is above 0 where exactly one of them is 1.
  [[1, 1, -1], [-1, -1, 1], [0, 0, 1]].forEach(([x0, x1, bias], j) => {
    input.data[0 * 3 + j] = x0;
    input.data[1 * 3 + j] = x1;
    input.data[4 * 3 + j] = bias;
  }); // prettier-ignore
  return {
    input,
    output: Float64Array.of(-8, -8, 4),
    low: 0,
    high: 1,
    bias: true,
    examples: {
      bits,
      label: Int32Array.from({ length: count }, (_, i) => bits[i * width] ^ bits[i * width + 1]),
      train: Uint8Array.from({ length: count }, (_, i) => i % 2),
    },
  };
}

const page = report(explained(circuit), {
  command: "groklab run quick",
  explainCommand: "groklab explain last --out report",
  differences: [["task", "modular-addition p=23"]],
  chance: 1 / 23,
  lossUnit: "nats per example",
  files: ["circuit.json"],
});

/** The part of the page that is markup alone: without the style sheet, the doctype and void elements of HTML. */
const markup = (html: string): string =>
  html.replace(/^<!doctype html>\n/, "").replace(/<(meta|br)[^>]*>/g, "").replace(/<style>[\s\S]*?<\/style>/, "").replace(/&#39;/g, "'"); // prettier-ignore

describe("report", () => {
  it("is one whole, self-contained page", () => {
    expect(malformed(markup(page))).toBe("");
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/);
    const addresses = [...page.matchAll(/\b(?:href|src)="([^"]*)"/g)].map(([, address]) => address);
    expect(addresses.filter((address) => !address.startsWith("#"))).toEqual([]);
    expect(page).not.toMatch(/<script|@import|url\(/);
    expect(page.length).toBeLessThan(2_000_000);
  });

  it("tells its story in order, each part linked from the top", () => {
    const ids = [...page.matchAll(/<section id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids).toEqual(["setting", "history", "learned", "evidence", "unexplained", "again"]);
    for (const id of ids) expect(page).toContain(`href="#${id}"`);
  });

  it("names the mechanism, its frequencies, and the command that makes it again", () => {
    expect(page).toMatch(/<h1>Fourier circuit: adds with waves of frequencies 3 and 7[^<]*<\/h1>/);
    expect(page).toContain("<pre>groklab run quick\ngroklab explain last --out report</pre>");
    expect(page).toContain("modular-addition p=23");
    expect(page).toContain("<code>circuit.json</code>");
  });

  it("follows the reader's system into the dark, and prints", () => {
    expect(page).toContain("prefers-color-scheme: dark");
    expect(page).toContain("var(--gl-positive, ");
    expect(page).toContain("@media print");
  });

  it("is the same text each time", () => {
    expect(report(explained(circuit), { files: ["a.json"] })).toBe(report(explained(circuit), { files: ["a.json"] }));
  });

  it("escapes every name", () => {
    const whole = report(explained(circuit, hostile), {
      command: hostile,
      differences: [[hostile, hostile]],
      files: [hostile],
      software: hostile,
    });
    expect(malformed(markup(whole))).toBe("");
    expect(whole).not.toContain("<img");
  });

  it("of a network that memorizes names no circuit", () => {
    const whole = report(explained(memorizer()));
    expect(whole).toContain("<h1>Memorized table");
    expect(whole).toContain("There is no circuit in it that knows the answers to others.");
    expect(malformed(markup(whole))).toBe("");
    expect(whole).not.toMatch(/NaN|undefined|Infinity/);
  });

  it("of weights from elsewhere has no history and no plan", () => {
    const from: Source = {
      kind: "weights",
      file: hostile,
      reading: "embedding W_E",
      split: "cannot be inferred",
      splitEvidence: [atMost("pairs <in the gap>", 0.25, 0.05), atMost("χ²", 1.5, 3, "number")],
    };
    const whole = report({
      source: from,
      evals: [],
      network: circuit,
      course: undefined,
      explanation: explainNetwork(circuit),
    });
    const ids = [...whole.matchAll(/<section id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids).toEqual(["setting", "learned", "evidence", "unexplained"]);
    expect(whole).toContain("✗ pairs &lt;in the gap&gt;: 25 %, must be at most 5 %");
    expect(whole).toContain("✓ χ²: 1.5, must be at most 3");
    expect(whole).not.toContain("<img");
    expect(malformed(markup(whole))).toBe("");
  });

  it("of a network on bits names its digits, counted from one", () => {
    const network = parityNetwork();
    const own = plan({
      task: { name: "sparse-parity", n: 4, k: 2 },
      model: { name: "bit-mlp" },
      optimizer: { name: "adamw" },
    });
    const verdict = judge(evals, { chance: 0.5, numClasses: 2, lossUnit: "nats", finished: true });
    const course: Course<BitNetwork> = {
      moments: [0, 100].map((step) => ({ step, network, norms: {} })),
      evals,
      fitStep: null,
      generalizeStep: null,
      precision: "float32",
    };
    const whole = report({
      source: { kind: "run", id: "bits", plan: own, verdict, step: 100, checkpoints: [0, 100] },
      evals,
      network,
      course,
      explanation: explainBits(network, course),
    });
    expect(whole).toMatch(/<h1>Parity: it answers 1 for an odd number of ones among digits 1 and 2/);
    expect(malformed(markup(whole))).toBe("");
    expect(whole).not.toMatch(/NaN|undefined|Infinity/);
  });

  it("reads a multiplication in its logarithms, and says so", () => {
    const p = 23;
    const chart = chartsOf(p).find(({ operation }) => operation === "multiplication")!;
    const adder = constructedNetwork(p - 1, [{ frequency: 3, neurons: 5, rotation: 0.1 }, { frequency: 5, neurons: 5, rotation: 0.4 }], "relu"); // prettier-ignore
    const n = adder.output.rows;
    const [input, output] = [zeros(p, n), zeros(n, p)];
    for (let number = 1; number < p; number++) {
      for (let j = 0; j < n; j++) {
        input.data[number * n + j] = adder.inputs[0].data[chart.a[number] * n + j];
        output.data[j * p + number] = adder.output.data[j * (p - 1) + chart.c[number]];
      }
    }
    const examples = withExamples({ ...adder, p }).examples;
    const label = Int32Array.from(examples.a, (a, i) => (a * examples.b[i]) % p);
    const whole = report(explained({ ...adder, p, inputs: [input, input], output, examples: { ...examples, label } }));
    expect(whole).toMatch(/<h1>Fourier circuit: multiplies/);
    expect(whole).toContain(`written as a power of ${chart.generator}`);
  });
});

describe("phases that flicker", () => {
  const phase = (name: "memorized" | "generalizing" | "generalized", from: number, to: number) => ({ name, from, to });

  it("are told as one where the interruption is short", () => {
    const told = withoutFlickers([
      phase("memorized", 300, 1600),
      phase("generalizing", 1700, 2800),
      phase("memorized", 2900, 11_300),
      phase("generalizing", 11_400, 39_000),
      phase("generalized", 39_100, 50_000),
    ]);
    expect(told.map(({ name, from, to }) => [name, from, to])).toEqual([
      ["memorized", 300, 11_300],
      ["generalizing", 11_400, 39_000],
      ["generalized", 39_100, 50_000],
    ]);
  });

  it("are told as they are where it is long", () => {
    const phases = [phase("memorized", 0, 10), phase("generalizing", 20, 60), phase("memorized", 70, 100)];
    expect(withoutFlickers(phases)).toEqual(phases);
  });
});
