import { untapped, type Tap } from "../../../src/models/index.ts";
import {
  correctCount,
  dispose,
  importArrays,
  mul,
  read,
  scalarValue,
  scope,
  tensor,
  type NamedArrays,
  type Params,
} from "../../../src/tensor/index.ts";
import { disposeBatch, loadBatches, rowsAtOnce } from "../../../src/train/data.ts";
import type { Score } from "../../../src/train/eval.ts";
import type { Setup } from "../../../src/train/setup.ts";
import type { PredictionRow, Predictions } from "./messages.ts";

/** A tap that sets neurons of the hidden layer to zero. */
export function ablation(neurons: readonly number[], dtype: Setup["dtype"]): Tap {
  if (neurons.length === 0) return untapped;
  return (name, activation) => {
    if (name !== "mlp.post") return activation;
    const width = activation.shape.at(-1) ?? 0;
    const kept = (dtype === "float32" ? new Float32Array(width) : new Float64Array(width)).fill(1);
    for (const neuron of neurons) if (neuron < width) kept[neuron] = 0;
    return mul(activation, tensor(kept, [width], dtype));
  };
}

export interface Answers {
  readonly train: Score;
  readonly test: Score;
  /** The network's answer to each example of the task; -1 where it is in neither half. */
  readonly predicted: Int32Array;
}

/** Loss, accuracy and answers on all examples with these weights. */
export function answers(setup: Setup, arrays: NamedArrays, tap: Tap): Answers {
  const params = importArrays(arrays);
  try {
    const predicted = new Int32Array(setup.task.n).fill(-1);
    const half = (chosen: Int32Array) => scoreHalf(setup, params, tap, chosen, predicted);
    return { train: half(setup.split.train), test: half(setup.split.test), predicted };
  } finally {
    dispose(params);
  }
}

function scoreHalf(setup: Setup, params: Params, tap: Tap, chosen: Int32Array, predicted: Int32Array): Score {
  let [loss, correct, at] = [0, 0, 0];
  for (const piece of loadBatches(setup.task, chosen, rowsAtOnce(setup.task.numClasses))) {
    const { batch, labels } = piece;
    try {
      scope(() => {
        const logits = setup.apply(params, batch, tap); // [n, numClasses] or [n, 1]
        loss += scalarValue(setup.loss(logits, labels)) * batch.n;
        correct += correctCount(logits, labels);
        const width = logits.shape.at(-1) ?? 1;
        const values = read(logits);
        for (let i = 0; i < batch.n; i++) predicted[chosen[at + i]] = largest(values, i * width, width);
      });
    } finally {
      disposeBatch(piece);
    }
    at += batch.n;
  }
  return { loss: loss / at, accuracy: correct / at };
}

/** The answer with the largest logit, the first of equals; a single logit says 1 above zero. */
function largest(logits: ArrayLike<number>, from: number, width: number): number {
  if (width === 1) return logits[from] > 0 ? 1 : 0;
  let best = 0;
  for (let j = 1; j < width; j++) if (logits[from + j] > logits[from + best]) best = j;
  return best;
}

/** Rows of the table: a page that lists more helps nobody. Wrong answers come first. */
const mostRows = 500;

export function predictionsOf({ task, split }: Setup, predicted: Int32Array): Predictions {
  const { inputs, labels } = task;
  const train = new Uint8Array(task.n);
  for (const example of split.train) train[example] = 1;
  const asked = [...split.train, ...split.test];
  const right = (example: number): boolean => predicted[example] === labels[example];
  const order = [...asked.filter((example) => !right(example)), ...asked.filter(right)].slice(0, mostRows);
  const rows = order.map((example): PredictionRow => {
    return {
      input: inputText(inputs, example),
      label: String(labels[example]),
      predicted: String(predicted[example]),
      right: right(example),
      train: train[example] === 1,
    };
  });
  if (inputs.kind !== "tokens" || inputs.seqLen !== 2) return { total: asked.length, rows };
  const p = inputs.vocabSize;
  const cells = new Uint8Array(p * p);
  for (const example of asked) {
    const [a, b] = [inputs.tokens[2 * example], inputs.tokens[2 * example + 1]];
    cells[a * p + b] = (train[example] === 1 ? 1 : 3) + (right(example) ? 0 : 1);
  }
  return { total: asked.length, rows, field: { p, cells } };
}

function inputText(inputs: Setup["task"]["inputs"], example: number): string {
  if (inputs.kind === "tokens") {
    const { tokens, seqLen } = inputs;
    return tokens.subarray(example * seqLen, (example + 1) * seqLen).join(", ");
  }
  if (inputs.kind === "bits") {
    return inputs.bits.subarray(example * inputs.width, (example + 1) * inputs.width).join("");
  }
  return `sequence ${example}`;
}
