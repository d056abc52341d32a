import { describe, expect, it } from "vitest";
import { activeFrequencies } from "./active-frequencies.ts";
import { chartsOf, inChart } from "./charts.ts";
import { circuit, circuitOf } from "./circuit.ts";
import { explainNetwork } from "./explain-network.ts";
import { harmonics } from "./harmonics.ts";
import { interference, pairLogits } from "./interference.ts";
import { logitFit } from "./logit-fit.ts";
import { rebuilt } from "./rebuild.ts";
import { adder, inOperation, memorizer, noise, unstructured } from "./testing/planted.ts";

const three = [
  { frequency: 5, neurons: 5, rotation: 0.3 },
  { frequency: 7, neurons: 7, rotation: -0.2 },
  { frequency: 26, neurons: 5, rotation: 1.1 },
];
const relu = adder(67, three, "relu");
// Amplitude 3: the margin of one frequency is then plain in the loss.
const square = adder(67, [{ frequency: 5, neurons: 5, rotation: 0.15, amplitude: 3 }], "square");

describe("the analytic solution for squares", () => {
  it("scores 1 on everything", () => {
    const { mechanism, rebuild, logits, circuit, scores } = explainNetwork(square);
    expect(mechanism).toMatchObject({ label: "fourier-circuit", parts: [5], carried: 1 });
    expect(mechanism.sentence).toBe("Fourier circuit: adds with waves of frequency 5");
    expect([scores.train.accuracy, scores.test.accuracy]).toEqual([1, 1]);
    expect([rebuild.rebuilt.test.accuracy, rebuild.ideal.test.accuracy, rebuild.agreement.test]).toEqual([1, 1, 1]);
    expect(logits.frequencies[0].r2).toBeCloseTo(1, 10);
    expect(logits.frequencies[0].r2Predicted).toBeCloseTo(1, 10);
    // cos² over all differences has mean 1/2 and mean square 3/8.
    expect(logits.frequencies[0].r2Flat).toBeCloseTo(2 / 3, 10);
    expect(logits.explained).toBeCloseTo(1, 10);
    expect(circuit.unfit).toEqual([]);
    expect(circuit.groups[0].maxDefect).toBeLessThan(1e-9);
  });
});

describe("waves of three frequencies", () => {
  it("are named, and carry everything", () => {
    const { mechanism } = explainNetwork(relu);
    expect(mechanism.label).toBe("fourier-circuit");
    expect(mechanism.parts).toEqual([5, 7, 26]);
    expect(mechanism.carried).toBe(1);
    expect(mechanism.candidates.map(({ label, holds }) => [label, holds])).toEqual([
      ["fourier-circuit", true],
      ["memorized-table", false],
    ]);
  });

  it("are found by every rule that does not depend on the scale", () => {
    const { rules } = activeFrequencies.run(relu);
    for (const { rule, frequencies } of rules) if (rule !== "component") expect(frequencies).toEqual([5, 7, 26]);
    expect(rules.find(({ rule }) => rule === "component")?.frequencies).toEqual([]);
  });

  it("have the ReLU's fit: a cosine for each pair, as high as the two angles lie together", () => {
    for (const { r2, r2Predicted, r2Flat } of logitFit.run(relu).frequencies) {
      expect(r2).toBeGreaterThan(0.99);
      expect(r2Predicted).toBeGreaterThan(0.98);
      expect(Math.abs(r2Flat - 8 / Math.PI ** 2)).toBeLessThan(0.02);
    }
  });

  it("need each other: no one alone is near what they do together, and the answer stands out more with each", () => {
    const { frequencies, margins, network, circuit } = interference.run(relu);
    expect(network.test.accuracy).toBe(1);
    expect(circuit).toEqual(network);
    expect(frequencies.map(({ frequency }) => frequency)).toEqual([5, 7, 26]);
    const relative = margins.map((margin) => margin.relative);
    expect(margins.map(({ count }) => count)).toEqual([1, 2, 3]);
    expect(relative[0]).toBeLessThan(relative[1]);
    expect(relative[1]).toBeLessThan(relative[2]);
  });

  it("give the logits of a pair, by frequency and together", () => {
    const logits = pairLogits(relu, circuit.run(relu), 13, 19);
    expect(logits.answer).toBe(32);
    expect(logits.frequencies).toHaveLength(3);
    expect(logits.all.indexOf(Math.max(...logits.all))).toBe(32);
    logits.all.forEach((logit, c) => {
      expect(logits.frequencies.reduce((sum, group) => sum + group.logits[c], 0)).toBeCloseTo(logit, 9);
    });
  });

  it("have no constant and no second wave until these are planted", () => {
    const plain = harmonics.run(relu);
    for (const { constant, second } of plain.frequencies) {
      expect(constant).toBeCloseTo(0, 12);
      expect(second).toBeCloseTo(0, 12);
    }
    expect(plain.withHarmonics.test.loss).toBeCloseTo(plain.waves.test.loss, 9);
    const [input] = relu.inputs;
    const groups = circuit
      .run(relu)
      .groups.flatMap(({ frequency, neurons }) => neurons.map((x) => ({ ...x, frequency })));
    const data = input.data.slice();
    for (const { index, frequency, a } of groups) {
      for (let n = 0; n < 67; n++) {
        const angle = (4 * Math.PI * frequency * n) / 67 - 2 * a.phase;
        data[n * input.cols + index] += 0.1 - 0.2 * Math.cos(angle);
      }
    }
    const matrix = { ...input, data };
    for (const { constant, second, alignment } of harmonics.run({ ...relu, inputs: [matrix, matrix] }).frequencies) {
      expect(constant).toBeCloseTo(0.1, 9);
      expect(second).toBeCloseTo(0.2, 9);
      expect(alignment).toBeCloseTo(-1, 9);
    }
  });
});

describe("with noise of three hundredths of the amplitude", () => {
  it("the frequencies are still named", () => {
    const { mechanism, circuit } = explainNetwork(noise(relu, 0.03, 7));
    expect(mechanism.label).toBe("fourier-circuit");
    expect(mechanism.parts).toEqual([5, 7, 26]);
    expect(circuit.unfit).toEqual([]);
    expect(Math.max(...circuit.groups.map(({ maxDefect }) => maxDefect))).toBeLessThan(0.15);
  });

  it("a neuron without a wave is listed as unfit, and the circuit stands without it", () => {
    const more = adder(67, [...three, { frequency: 30, neurons: 1, rotation: 0, amplitude: 0.3 }], "relu");
    const noisy = noise(more, 0.1, 7).inputs[0].data;
    const data = more.inputs[0].data.map((x, i) => (i % 18 === 17 ? noisy[i] - x : x));
    const input = { ...more.inputs[0], data };
    const { circuit, mechanism } = explainNetwork({ ...more, inputs: [input, input] });
    expect(mechanism.parts).toEqual([5, 7, 26]);
    expect(circuit.unfit.map(({ index }) => index)).toEqual([17]);
    expect(mechanism.unexplained.join()).toContain("neuron 17 fits no circuit");
  });
});

describe("networks without a circuit", () => {
  it("that memorize are called that", () => {
    const { mechanism, scores, heldOutSums } = explainNetwork(memorizer(23, 4));
    expect(scores.train.accuracy).toBe(1);
    expect(scores.test.accuracy).toBeLessThan(0.1);
    expect(heldOutSums).toBeLessThan(0.2);
    expect(mechanism.label).toBe("memorized-table");
  });

  it("of random weights stay unexplained, with what was missed", () => {
    const { mechanism, circuit } = explainNetwork(unstructured(67, 24, 3));
    expect(mechanism.label).toBe("unexplained");
    expect(circuit.groups).toEqual([]);
    expect(mechanism.unexplained[0]).toBe("no neuron is a wave of one frequency");
    expect(mechanism.unexplained.join()).toMatch(
      /accuracy of the rebuilt circuit on held-out pairs: .*needed at least 0.9/,
    );
    expect(mechanism.candidates.every(({ holds }) => !holds)).toBe(true);
  });

  it("whose waves have the wrong output phase stay unexplained", () => {
    const data = relu.output.data.map((_, i) => relu.output.data[i - (i % 67) + ((i + 20) % 67)]);
    const turned = { ...relu, output: { ...relu.output, data } };
    expect(explainNetwork(turned).mechanism.label).toBe("unexplained");
  });
});

describe("the wrong basis", () => {
  const coordinates = adder(66, [{ frequency: 5, neurons: 7, rotation: 0.2 }, { frequency: 13, neurons: 7, rotation: 1 }, { frequency: 28, neurons: 7, rotation: 0.5 }], "relu"); // prettier-ignore
  const product = inOperation(coordinates, "multiplication", 67);

  it("shows nothing of a network that multiplies, and the right one everything", () => {
    expect(circuit.run(product, { chart: "addition" }).groups).toEqual([]);
    expect(rebuilt.run(product, { chart: "addition" }).rebuilt.test.accuracy).toBeLessThan(0.1);
    const { mechanism, chart, bases, outside } = explainNetwork(product);
    expect(chart).toMatchObject({ operation: "multiplication", basis: "discrete-log", order: 66, generator: 2 });
    expect(mechanism.parts).toEqual([5, 13, 28]);
    expect(mechanism.sentence).toContain(
      "multiplies with waves of frequencies 5, 13 and 28 over the logarithms to base 2",
    );
    expect(outside.examples).toBe(0);
    const [additive, discrete] = bases;
    expect(discrete.participation).toBeGreaterThan(0.99);
    expect(additive.participation).toBeLessThan(0.2);
  });

  it("is not taken for a rule that the examples do not obey", () => {
    const label = relu.examples.label.map((c) => (c * c) % 67);
    expect(explainNetwork({ ...relu, examples: { ...relu.examples, label } }).chart.obeyed).toBe(false);
  });

  it.each(["subtraction", "reverse-subtraction"] as const)("of %s is turned around with the operand", (operation) => {
    const { mechanism, circuit } = explainNetwork(inOperation(relu, operation, 67));
    expect(mechanism.label).toBe("fourier-circuit");
    expect(circuit.operation).toBe(operation);
    expect(Math.max(...circuit.groups.map(({ maxDefect }) => maxDefect))).toBeLessThan(1e-9);
  });
});

it("charts leave what has no coordinate out", () => {
  const division = chartsOf(7).find(({ operation }) => operation === "division")!;
  const read = inChart(inOperation(adder(6, [{ frequency: 1, neurons: 5, rotation: 0 }], "relu"), "division", 7), division); // prettier-ignore
  expect(read.p).toBe(6);
  expect(circuitOf(read, division).groups[0].maxDefect).toBeLessThan(1e-9);
});
