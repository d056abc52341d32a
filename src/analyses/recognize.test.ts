import { describe, expect, it } from "vitest";
import type { NamedArray, NamedArrays } from "../tensor/index.ts";
import { explainNetwork } from "./explain-network.ts";
import { logitsOf } from "./forward.ts";
import { fourierBasis } from "./fourier.ts";
import { multiply, transpose } from "./matrix.ts";
import type { Matrix } from "./network.ts";
import { allPairs, recognize } from "./recognize.ts";
import { adder, inOperation, normals } from "./testing/planted.ts";

const p = 23;
const groups = [
  { frequency: 2, neurons: 5, rotation: 0.3 },
  { frequency: 5, neurons: 7, rotation: 0.8 },
];
const network = adder(p, groups, "relu");
const [input] = network.inputs;

const array = ({ rows, cols, data }: Matrix): NamedArray => ({ shape: [rows, cols], data });
const turned = (matrix: Matrix): NamedArray => array(transpose(matrix));

// The waves of two frequencies are four columns: an embedding, of which everything else is a combination.
const rows = [3, 4, 9, 10];
const embed: Matrix = { rows: p, cols: 4, data: Float64Array.from({ length: 4 * p }, (_, i) => fourierBasis(p).data[rows[i % 4] * p + Math.floor(i / 4)]) }; // prettier-ignore
const hidden = multiply(transpose(embed), input);
const output = multiply(network.output, embed);

const names = (arrays: NamedArrays, options = {}) => {
  const found = recognize(arrays, options);
  expect(found.accuracy).toBe(1);
  expect(explainNetwork(found.network).mechanism.label).toBe("fourier-circuit");
  return found;
};

describe("weights from elsewhere", () => {
  it("multiplied out already are read", () => {
    const found = names({ W_in: array(input), W_out: array(network.output) });
    expect(found).toMatchObject({ operation: "addition", reading: "W_in · W_out" });
    expect(found.network.activation).toBe("relu");
  });

  it("with layers turned, as PyTorch keeps them, are turned back", () => {
    const arrays = { "fc1.weight": turned(input), "fc2.weight": turned(network.output) };
    expect(names(arrays).reading).toMatch(/^fc1.weightᵀ · fc2.weightᵀ$/);
  });

  it("with an embedding that serves as unembedding, too", () => {
    const arrays = { a: array(embed), b: array(hidden), c: array(output) };
    expect(names(arrays).reading).toBe("a · b · c · aᵀ");
  });

  it("with an unembedding of their own", () => {
    const arrays = { E: array(embed), H: array(hidden), O: array(output), U: turned(embed) };
    expect(names(arrays).network.output.cols).toBe(p);
  });

  it("that take both operands at once are cut in two", () => {
    const both: Matrix = { rows: 2 * p, cols: input.cols, data: Float64Array.from([...input.data, ...input.data]) };
    expect(names({ first: turned(both), second: turned(network.output) }).network.inputs[1]).not.toBe(undefined);
  });

  it("keep their biases", () => {
    const bias = Float64Array.from({ length: input.cols }, (_, j) => 0.1 * (j % 3));
    const last = Float64Array.from({ length: p }, (_, c) => 0.01 * c);
    const shifted = input.data.map((x, i) => x - bias[i % input.cols] / 2);
    const { network: found } = recognize({
      w1: { shape: [p, input.cols], data: shifted },
      b1: { shape: [input.cols], data: bias },
      w2: array(network.output),
      b2: { shape: [p], data: last },
    });
    const expected = logitsOf(network, 3, 9).map((x, c) => x + last[c]);
    logitsOf(found, 3, 9).forEach((logit, c) => expect(logit).toBeCloseTo(expected[c], 12));
  });

  it("that multiply are read in their own basis", () => {
    const product = inOperation(adder(22, [...groups, { frequency: 9, neurons: 7, rotation: 1 }], "relu"), "multiplication", 23); // prettier-ignore
    const found = recognize({ W: array(product.inputs[0]), V: array(product.output) });
    expect(found.operation).toBe("multiplication");
    expect(explainNetwork(found.network).mechanism.parts).toEqual([2, 5, 9]);
  });

  it("of squares are told from ReLU by what works", () => {
    const square = adder(p, [{ frequency: 3, neurons: 3, rotation: 0.1 }], "square");
    expect(recognize({ x: array(square.inputs[0]), y: array(square.output) }).network.activation).toBe("square");
  });

  it("with names given are taken as named", () => {
    const arrays = { one: array(input), two: array(network.output), three: array(input) };
    expect(names(arrays, { names: { embed: "three", output: "two" } }).reading).toBe("three · two");
  });
});

describe("conventions of other programs", () => {
  const width = embed.cols;
  /** Rows of numbers below a matrix: tokens that are no number. */
  const withTokens = ({ rows, cols, data }: Matrix, count: number): Matrix => ({
    rows: rows + count,
    cols,
    data: Float64Array.from([...data, ...normals(count * cols, 3)]),
  });
  const stacked = (...parts: readonly Matrix[]): Matrix => ({
    rows: parts.reduce((sum, part) => sum + part.rows, 0),
    cols: parts[0].cols,
    data: Float64Array.from(parts.flatMap(({ data }) => [...data])),
  });

  it("a linear layer over both embeddings, one after the other", () => {
    const arrays = {
      "embed.weight": array(embed),
      "fc1.weight": turned(stacked(hidden, hidden)),
      "fc2.weight": turned(network.output),
    };
    expect(names(arrays).reading).toBe("embed.weight · fc1.weightᵀ · fc2.weightᵀ");
  });

  it.each([
    ["p answers", 0],
    ["answers with one for = as well", 1],
  ])("an embedding that knows =, and a layer over a, b and =, with %s", (_, answers) => {
    const known = withTokens(embed, 1);
    const equals: Matrix = { rows: width, cols: hidden.cols, data: normals(width * hidden.cols, 5) };
    // The third token is always the same: its part of the layer is a bias, which the layer's own takes back.
    const constant = multiply({ rows: 1, cols: width, data: known.data.slice(-width) }, equals).data;
    const found = names({
      "embed.weight": array(known),
      "fc1.weight": turned(stacked(hidden, hidden, equals)),
      "fc1.bias": { shape: [hidden.cols], data: constant.map((x) => -x) },
      "fc2.weight": array(withTokens(transpose(network.output), answers)),
    });
    expect(found.network.p).toBe(p);
    expect(found.reading).toBe(
      "embed.weight · fc1.weightᵀ · fc2.weightᵀ, 23 of 24 tokens, followed by token 23, biases fc1.bias",
    );
    const [before, after] = [logitsOf(network, 3, 9), logitsOf(found.network, 3, 9)];
    after.forEach((logit, c) => expect(logit).toBeCloseTo(before[c], 9));
  });

  it("an embedding of more tokens that is unembedding, too", () => {
    const known = withTokens(embed, 2);
    const found = names({ wte: array(known), w1: array(hidden), w2: array(output) });
    expect(found.network.p).toBe(p);
    expect(found.reading).toBe("wte · w1 · w2 · wteᵀ, 23 of 25 tokens");
  });

  it("a layer between neurons and unembedding with a bias of its own", () => {
    const bias = normals(width, 4).map((x) => x / 50);
    const { network: found, reading } = recognize({
      "embed.weight": array(embed),
      "up.weight": turned(hidden),
      "down.weight": turned(output),
      "down.bias": { shape: [width], data: bias },
      "head.weight": array(embed),
    });
    expect(reading).toMatch(/biases down.bias$/);
    const shift = multiply({ rows: 1, cols: width, data: bias }, transpose(embed)).data;
    const [before, after] = [logitsOf(network, 3, 9), logitsOf(found, 3, 9)];
    after.forEach((logit, c) => expect(logit).toBeCloseTo(before[c] + shift[c], 9));
  });

  it("as many neurons as answers: names tell the biases", () => {
    const bias = normals(p, 6);
    const square: Matrix = { rows: p, cols: p, data: Float64Array.from({ length: p * p }, (_, i) => input.data[Math.floor(i / p) * input.cols + (i % p) % input.cols]) }; // prettier-ignore
    const arrays = { W1: array(square), b1: { shape: [p], data: bias }, W2: array(square) };
    const { reading } = recognize(arrays, { p, activation: "relu" });
    expect(reading).toMatch(/biases b1$/);
  });
});

describe("weights that are no such network are refused", () => {
  it("with their names and shapes", () => {
    const arrays = {
      x: { shape: [3, 5], data: new Float64Array(15) },
      y: { shape: [4, 2], data: new Float64Array(8) },
    };
    expect(() => recognize(arrays)).toThrow(
      /no embedding, hidden and output matrix among x \[3, 5\], y \[4, 2\]; name/,
    );
  });

  it("with the nearest name for one that is not there", () => {
    const arrays = { W_in: array(input), W_out: array(network.output) };
    expect(() => recognize(arrays, { names: { embed: "W_im" } })).toThrow(
      /no array is called "W_im".*did you mean "W_in"/,
    );
  });

  it("when there are too many to try", () => {
    const many = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`m${i}`, array(input)]));
    expect(() => recognize(many)).toThrow(/9 matrices are too many/);
  });

  it("where the modulus asked for is not theirs", () => {
    expect(() => recognize({ W_in: array(input), W_out: array(network.output) }, { p: 29 })).toThrow(/for 29 numbers/);
  });
});

it("pairs without an answer are left out of the pairs of a division", () => {
  expect(allPairs(7, "division").a).toHaveLength(36);
  expect(() => allPairs(8, "division")).toThrow(/needs an odd prime/);
});
