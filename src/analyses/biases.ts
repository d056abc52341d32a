import type { NamedArray, NamedArrays } from "../tensor/index.ts";
import { zeros } from "./matrix.ts";
import type { Matrix } from "./network.ts";
import type { Reading } from "./readings.ts";

/**
 * Adds biases to a network that has no place for them, without changing what it computes: the neurons' bias [n], half of
 * it to what each operand adds, and that of the answers [p], through a neuron more that is always 1; so, too, the bias
 * between neurons and unembedding. A vector is the bias of the matrix whose name it shares (`fc1.bias` of `fc1.weight`,
 * `b_in` of `W_in`); of no other name, where it alone has the length n or p and these differ.
 */
export function withBiases(reading: Reading, arrays: NamedArrays): Reading {
  const { inputs, output, layers, unembed } = reading;
  const { rows: neurons, cols: answers } = output;
  const ofLength = (length: number): Named | undefined => {
    const found = Object.entries(arrays).filter(([, { shape }]) => shape.length === 1 && shape[0] === length);
    return found.length === 1 && neurons !== answers ? found[0] : undefined;
  };
  const hidden = named(arrays, layers.hidden, [neurons]) ?? ofLength(neurons);
  // Other tokens are no answers: the first p of them are.
  const last = named(arrays, layers.last, [answers, reading.tokens]) ?? ofLength(answers);
  const middle = unembed === undefined ? undefined : named(arrays, layers.output, [unembed.rows]);
  const used = [hidden, middle, last].flatMap((bias) => (bias === undefined ? [] : [bias[0]]));
  if (used.length === 0) return reading;
  const constant = last !== undefined || middle !== undefined;
  const n = neurons + (constant ? 1 : 0);
  const widened = (matrix: Matrix): Matrix => {
    const wide = zeros(matrix.rows, n);
    for (let i = 0; i < matrix.rows; i++) {
      for (let j = 0; j < neurons; j++) {
        wide.data[i * n + j] = matrix.data[i * neurons + j] + (hidden === undefined ? 0 : hidden[1].data[j] / 2);
      }
      if (constant) wide.data[i * n + n - 1] = 1 / 2;
    }
    return wide;
  };
  const first = widened(inputs[0]);
  const data = new Float64Array(n * answers);
  data.set(output.data);
  for (let c = 0; constant && c < answers; c++) {
    let sum = last === undefined ? 0 : last[1].data[c];
    if (middle && unembed) middle[1].data.forEach((x, i) => (sum += x * unembed.data[i * answers + c]));
    data[neurons * answers + c] = sum;
  }
  return {
    ...reading,
    inputs: [first, inputs[1] === inputs[0] ? first : widened(inputs[1])],
    output: { rows: n, cols: answers, data },
    text: `${reading.text}, biases ${used.join(", ")}`,
  };
}

type Named = readonly [string, NamedArray];

/** The vector whose name says that it is the bias of this matrix, where it has one of these lengths. */
function named(arrays: NamedArrays, matrix: string, lengths: readonly number[]): Named | undefined {
  const names = [
    matrix.replace(/weight$/, "bias"),
    matrix.replace(/kernel$/, "bias"),
    matrix.replace(/W(?=[^W]*$)/, "b"),
    matrix.replace(/w(?=[^w]*$)/, "b"),
  ];
  const name = names.find((each) => {
    const shape = each !== matrix && Object.hasOwn(arrays, each) ? arrays[each].shape : [];
    return shape.length === 1 && lengths.includes(shape[0]);
  });
  return name === undefined ? undefined : [name, arrays[name]];
}
