import type { Batch, SequenceBatch, Tap } from "../models/index.ts";
import { learningRateAt, type OptimizerDefinition, type ScheduleOptions } from "../optim/index.ts";
import { UsageError, type Values } from "../options.ts";
import { random, type Random } from "../rng.ts";
import { splitTask, type Split, type SplitOptions, type Task } from "../tasks/index.ts";
import {
  binaryCrossEntropy,
  crossEntropy,
  scale,
  type DType,
  type Indices,
  type Params,
  type Tensor,
} from "../tensor/index.ts";
import type { Plan } from "./experiment.ts";
import type { TrainingOptions } from "./fields.ts";
import { definitions } from "./plan.ts";

/** A Plan put to work: its task and split built, its model and loss bound to their options. */
export interface Setup {
  readonly task: Task;
  readonly split: Split;
  readonly training: TrainingOptions;
  readonly dtype: DType;
  /** Parameters at step 0. */
  init(): Params;
  /** Logits, `[n, numClasses]` or `[n, 1]`. */
  apply(params: Params, batch: Batch, tap: Tap): Tensor;
  /** What a model of sequences writes after each of the batch. */
  generate(
    params: Params,
    batch: SequenceBatch,
    until: { readonly eos: number; readonly maxTokens: number },
  ): readonly Int32Array[];
  /** Shapes of the parameters, where the model tells them without drawing them. */
  readonly shapes?: () => ReadonlyMap<string, readonly number[]>;
  /** The loss in the Plan's unit, a scalar. */
  loss(logits: Tensor, labels: Indices): Tensor;
  /** Parameters that training leaves as they are. */
  readonly frozen: readonly string[];
  initOptimizer(params: Params): Params;
  /** Update number `count`, from 1, in place. */
  update(grads: Params, state: Params, params: Params, count: number): void;
}

/**
 * @param built the Plan's task, where it is at hand
 * @throws UsageError where the options of task, split and model do not fit each other
 */
export function setUp(plan: Plan, built?: Task): Setup {
  const { model, optimizer } = definitions(plan);
  const source = random(plan.seed);
  const training = plan.training as unknown as TrainingOptions;
  const { task, split } = built ? dataOfTask(built, plan, source) : dataOf(plan, source);
  const options = plan.model as Values<typeof model.fields>;
  model.check?.(task, options);
  checkLoss(training, task.inputs.kind);
  return {
    task,
    split,
    training,
    dtype: training.precision,
    init: () => model.init(task, options, source, training.precision),
    apply: (params, batch, tap) => model.apply(params, batch, tap, options),
    generate: (params, batch, until) => {
      if (model.generate) return model.generate(params, batch, until, options);
      throw new UsageError(`model ${model.name}: cannot write by itself, as this task's probes ask`);
    },
    ...(model.shapes && { shapes: () => model.shapes!(task, options) }),
    loss: (logits, labels) => lossOf(logits, labels, training, task.numClasses),
    frozen: model.frozen?.(options) ?? [],
    ...bindOptimizer(optimizer, plan, training.steps),
  };
}

interface Data {
  readonly task: Task;
  readonly split: Split;
}
const dataOfTask = (task: Task, plan: Plan, source: Random): Data => ({
  task,
  split: splitTask(task, plan.split as unknown as SplitOptions, source),
});

/** What the last Plans were trained on: runs of a sweep that differ in the model or the optimizer share it. */
const kept = new Map<string, Data>();
const maxKept = 2;
/** Larger data is not worth the memory. */
const maxBytes = 4 * 2 ** 20;

/** Never written to once it is made: whoever gets it shares it. */
function dataOf(plan: Plan, source: Random): Data {
  const key = JSON.stringify([plan.task, plan.split, plan.seed]);
  const known = kept.get(key);
  if (known) return known;
  const data = dataOfTask(definitions(plan).task.build(plan.task, source), plan, source);
  if (sizeOf(data.task) > maxBytes) return data;
  const [oldest] = kept.keys();
  if (oldest !== undefined && kept.size >= maxKept) kept.delete(oldest);
  kept.set(key, data);
  return data;
}

/** Bytes of the inputs. */
function sizeOf({ inputs }: Task): number {
  if (inputs.kind === "tokens") return inputs.tokens.byteLength;
  return inputs.kind === "bits" ? inputs.bits.byteLength : Infinity;
}

/** An option that would be written in the Plan without doing anything is refused. */
function checkLoss(training: TrainingOptions, kind: Task["inputs"]["kind"]): void {
  if (kind === "bits" && training.loss !== "nats") {
    throw new UsageError(`training.loss: ${training.loss} divides by the logits, and this task has one; give nats`);
  }
  if (kind === "tokens" && training.clip !== 0) {
    throw new UsageError("training.clip: it clips the binary cross-entropy of tasks of bits; give 0");
  }
}

function lossOf(logits: Tensor, labels: Indices, training: TrainingOptions, numClasses: number): Tensor {
  // A single logit decides between two classes; the published unit divides by classes only where there are several logits.
  if (logits.shape.at(-1) === 1) return binaryCrossEntropy(logits, labels, { clip: training.clip });
  const nats = crossEntropy(logits, labels);
  return training.loss === "nats-per-class" ? scale(nats, 1 / numClasses) : nats;
}

function bindOptimizer(
  optimizer: OptimizerDefinition,
  plan: Plan,
  steps: number,
): Pick<Setup, "initOptimizer" | "update"> {
  const options = plan.optimizer as Values<typeof optimizer.fields>;
  const schedule = plan.optimizer as unknown as ScheduleOptions;
  return {
    initOptimizer: (params) => optimizer.init(params, options),
    update: (grads, state, params, count) => {
      optimizer.update(grads, state, params, options, {
        count,
        learningRate: learningRateAt(schedule, count, steps),
      });
    },
  };
}
