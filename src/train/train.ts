import { untapped } from "../models/index.ts";
import {
  correctCount,
  dispose,
  exportArrays,
  importArrays,
  l1Norm,
  l2Norm,
  scalarValue,
  scope,
  valueAndGrad,
  type Params,
} from "../tensor/index.ts";
import { batchOrder } from "./batches.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { disposeBatch, loadBatch, loadBatches, rowsAtOnce, type LabelledBatch } from "./data.ts";
import type { Eval, Score } from "./eval.ts";
import type { Plan } from "./experiment.ts";
import { setUp, type Setup } from "./setup.ts";
import { due, times } from "./times.ts";

/** An Eval while training stands at its step. */
export interface Moment extends Eval {
  /** The Plan wants this step's weights kept. */
  readonly checkpointDue: boolean;
  /** A copy of everything that training needs to go on from here. */
  snapshot(): Checkpoint;
  /** The live parameters: read them before asking for the next Moment. */
  readonly params: Params;
}

/** How a training generator ended. */
export interface Outcome {
  readonly status: "finished" | "diverged" | "interrupted";
  readonly step: number;
  readonly checkpoint: Checkpoint;
  /** What to try, where it diverged. */
  readonly note?: string;
}

export interface TrainOptions {
  /** Go on from here; the rest is the same bits as without a break. */
  readonly from?: Checkpoint;
  /** Asked before every update: true ends the generator there with a checkpoint. */
  readonly interrupt?: () => boolean;
}

/**
 * Trains one network. A pure function of the Plan that computes and yields: printing, storing, drawing and stopping
 * belong to whoever iterates. Step 0 is the initialization; an Eval at step n has seen n updates.
 */
export function* train(plan: Plan, { from, interrupt }: TrainOptions = {}): Generator<Moment, Outcome> {
  const setup = setUp(plan);
  const { steps, batchSize } = setup.training;
  const first = from?.step ?? 0;
  const order = batchOrder(setup.split.train, batchSize, plan.seed);
  const { evaluationDue, checkpointDue } = schedules(setup, first);
  let params: Params = {};
  let state: Params = {};
  let data: Data = { train: [], test: [] };
  const snapshot = (step: number): Checkpoint => ({ step, params: exportArrays(params), state: exportArrays(state) });
  try {
    params = from ? importArrays(from.params) : setup.init();
    state = from ? importArrays(from.state) : setup.initOptimizer(trainable(params, setup.frozen));
    data = load(setup);
    for (let step = first; ; step++) {
      const due = checkpointDue(step);
      if (evaluationDue(step) || due) {
        const found = evaluate(setup, params, data, step);
        yield { ...found, checkpointDue: due, snapshot: () => snapshot(step), params };
        // The last update's damage is seen here or nowhere: no further loss will be computed.
        if (step >= steps && !Number.isFinite(found.train.loss)) {
          return { status: "diverged", step, checkpoint: snapshot(step), note: divergence(plan, step) };
        }
      }
      if (step >= steps) return { status: "finished", step, checkpoint: snapshot(step) };
      if (interrupt?.()) return { status: "interrupted", step, checkpoint: snapshot(step) };
      const batch = data.whole ?? loadBatch(setup.task, order(step));
      let loss: number;
      try {
        loss = update(setup, params, state, batch, step + 1);
      } finally {
        if (!data.whole) disposeBatch(batch);
      }
      if (!Number.isFinite(loss)) {
        const checkpoint = snapshot(step + 1);
        yield { ...evaluate(setup, params, data, step + 1), checkpointDue: false, snapshot: () => checkpoint, params };
        return { status: "diverged", step: step + 1, checkpoint, note: divergence(plan, step + 1) };
      }
    }
  } finally {
    dispose(params);
    dispose(state);
    for (const piece of [...data.train, ...data.test]) disposeBatch(piece);
    if (data.whole && !data.train.includes(data.whole)) disposeBatch(data.whole);
  }
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

/** Whether a step is due, asked once for each step from `first` on. */
function schedules({ training }: Setup, first: number) {
  const { steps, evalEvery, evalGrowth, evalAt, checkpointEvery, checkpointGrowth } = training;
  const further = new Set(evalAt);
  const evaluation = due(times(evalEvery, evalGrowth, steps), first);
  const checkpointDue = due(times(checkpointEvery, checkpointGrowth, steps), first);
  return { evaluationDue: (step: number) => evaluation(step) || further.has(step), checkpointDue };
}

/** Parameters that training changes. */
function trainable(params: Params, frozen: readonly string[]): Params {
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

function evaluate(setup: Setup, params: Params, data: Data, step: number): Eval {
  const counted = trainable(params, setup.frozen);
  return {
    step,
    train: score(setup, params, data.train),
    test: score(setup, params, data.test),
    normL1: l1Norm(counted),
    normL2: l2Norm(counted),
  };
}

/** Loss and accuracy over all examples, piece by piece in a fixed order. */
export function score(setup: Setup, params: Params, pieces: readonly LabelledBatch[]): Score {
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

function divergence(plan: Plan, step: number): string {
  const { learningRate, warmupSteps } = plan.optimizer;
  return (
    `the loss was no longer a finite number at step ${step}; ` +
    `try a smaller learningRate (now ${String(learningRate)}) or a longer warmupSteps (now ${String(warmupSteps)})`
  );
}
