import { untapped } from "../models/index.ts";
import { correctCount, scalarValue, scope, valueAndGrad, type Params } from "../tensor/index.ts";
import { batchOrder } from "./batches.ts";
import { disposeBatch, loadBatch, loadBatches, rowsAtOnce, type LabelledBatch } from "./data.ts";
import type { Score } from "./eval.ts";
import type { Setup } from "./setup.ts";
import type { Trainer } from "./trainer.ts";

/** Training on examples with a label each. */
export function labelledTrainer(setup: Setup, seed: number): Trainer {
  const order = batchOrder(setup.split.train, setup.training.batchSize, seed);
  const data = load(setup);
  const trained = (params: Params): Params => without(params, setup.frozen);
  return {
    init: () => setup.init(),
    initState: (params) => setup.initOptimizer(trained(params)),
    update(params, state, step) {
      const batch = data.whole ?? loadBatch(setup.task, order(step));
      try {
        return update(setup, params, state, batch, step + 1);
      } finally {
        if (!data.whole) disposeBatch(batch);
      }
    },
    evaluate: (params) => ({ train: score(setup, params, data.train), test: score(setup, params, data.test) }),
    trained,
    dispose() {
      for (const piece of [...data.train, ...data.test]) disposeBatch(piece);
      if (data.whole && !data.train.includes(data.whole)) disposeBatch(data.whole);
    },
  };
}

interface Data {
  /** Both halves in pieces for evaluation. */
  readonly train: readonly LabelledBatch[];
  readonly test: readonly LabelledBatch[];
  /** All training examples at once, where every update uses them. */
  readonly whole?: LabelledBatch;
}

function load({ task, split, training }: Setup): Data {
  const rows = rowsAtOnce(task.numClasses);
  const trainPieces = loadBatches(task, split.train, rows);
  const test = loadBatches(task, split.test, rows);
  if (training.batchSize !== 0 && training.batchSize < split.train.length) return { train: trainPieces, test };
  const whole = trainPieces.length === 1 ? trainPieces[0] : loadBatch(task, split.train);
  return { train: trainPieces, test, whole };
}

/** The parameters but those named. */
export function without(params: Params, frozen: readonly string[]): Params {
  if (frozen.length === 0) return params;
  return Object.fromEntries(Object.entries(params).filter(([name]) => !frozen.includes(name)));
}

/** One update in place; the loss before it. */
function update(setup: Setup, params: Params, state: Params, { batch, labels }: LabelledBatch, count: number): number {
  return scope(() => {
    const { value, grads } = valueAndGrad((p) => setup.loss(setup.apply(p, batch, untapped), labels), params, {
      except: setup.frozen,
    });
    setup.update(grads, state, params, count);
    return scalarValue(value);
  });
}

/** Loss and accuracy over all examples, piece by piece in a fixed order. */
function score(setup: Setup, params: Params, pieces: readonly LabelledBatch[]): Score {
  let total = 0;
  let correct = 0;
  let loss = 0;
  for (const { batch, labels } of pieces) {
    scope(() => {
      const logits = setup.apply(params, batch, untapped); // [n, numClasses] or [n, 1]
      loss += scalarValue(setup.loss(logits, labels)) * batch.n;
      correct += correctCount(logits, labels);
      total += batch.n;
    });
  }
  return { loss: loss / total, accuracy: correct / total };
}
