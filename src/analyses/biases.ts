import type { NamedArray, NamedArrays } from "../tensor/index.ts";
import { zeros } from "./matrix.ts";
import type { Matrix } from "./network.ts";
import type { Reading } from "./recognize.ts";

/**
 * Adds biases to a network that has no place for them, without changing what it computes: the neurons' bias [n], half of
 * it to what each operand adds, and that of the answers [p], through a neuron more that is always 1. A vector is a bias
 * where it alone has that length, and n and p differ.
 */
export function withBiases(reading: Reading, arrays: NamedArrays): Reading {
  const { inputs, output } = reading;
  const { rows: neurons, cols: answers } = output;
  if (neurons === answers) return reading;
  const ofLength = (length: number): readonly [string, NamedArray] | undefined => {
    const found = Object.entries(arrays).filter(([, { shape }]) => shape.length === 1 && shape[0] === length);
    return found.length === 1 ? found[0] : undefined;
  };
  const hidden = ofLength(neurons);
  const last = ofLength(answers);
  if (hidden === undefined && last === undefined) return reading;
  const n = neurons + (last === undefined ? 0 : 1);
  const widened = (matrix: Matrix): Matrix => {
    const wide = zeros(matrix.rows, n);
    for (let i = 0; i < matrix.rows; i++) {
      for (let j = 0; j < neurons; j++) {
        wide.data[i * n + j] = matrix.data[i * neurons + j] + (hidden === undefined ? 0 : hidden[1].data[j] / 2);
      }
      if (last !== undefined) wide.data[i * n + n - 1] = 1 / 2;
    }
    return wide;
  };
  const first = widened(inputs[0]);
  const data = new Float64Array(n * answers);
  data.set(output.data);
  if (last !== undefined) data.set(last[1].data, output.data.length);
  const names = [hidden, last].flatMap((bias) => (bias === undefined ? [] : [bias[0]]));
  return {
    inputs: [first, inputs[1] === inputs[0] ? first : widened(inputs[1])],
    output: { rows: n, cols: answers, data },
    text: `${reading.text}, biases ${names.join(", ")}`,
  };
}
