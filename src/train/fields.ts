import { choice, float, int, ints, type Values } from "../options.ts";

/** How long, in which numbers, and when to look. The same for every task, model and optimiser. */
export const trainingFields = {
  steps: int(10_000, "optimizer updates", { min: 0, max: 1_000_000_000 }),
  precision: choice(["float32", "float64"], "float32", "type of every number in the network and the optimizer"),
  batchSize: int(0, "training examples per update; 0: all of them", { min: 0 }),
  loss: choice(
    ["nats", "nats-per-class"],
    "nats",
    "unit of the loss that is trained and reported: mean cross-entropy per example in nats, or that divided by the number of classes, as published for modular addition",
  ),
  clip: float(
    0,
    "binary cross-entropy with probabilities kept in [clip, 1 - clip], as published for parity; 0: exact",
    {
      min: 0,
      max: 0.1,
    },
  ),
  evalEvery: int(100, "steps from one evaluation to the next", { min: 1 }),
  evalGrowth: float(
    1,
    "above 1, the steps between evaluations grow in proportion: by step n they are n · (evalGrowth - 1)",
    {
      min: 1,
      max: 10,
    },
  ),
  evalAt: ints([], "further steps to evaluate at", { min: 0 }),
  checkpointEvery: int(1000, "steps from one stored checkpoint to the next; 0: only the last step", { min: 0 }),
  checkpointGrowth: float(1, "as evalGrowth, for checkpoints", { min: 1, max: 10 }),
};

/** The same for a language model, whose loss has one unit and whose batches are sequences. */
const { steps, precision, evalEvery, evalGrowth, evalAt, checkpointGrowth } = trainingFields;
export const sequenceTrainingFields = {
  steps,
  precision,
  batchSize: int(8, "sequences per update, in a new order every epoch", { min: 1 }),
  clipNorm: float(1, "largest L2 norm of the whole gradient, which is scaled down to it; 0: none", { min: 0 }),
  evalSequences: int(1000, "sequences of each set that an evaluation looks at, always the same; 0: all", { min: 0 }),
  evalEvery,
  evalGrowth,
  evalAt,
  checkpointEvery: int(5000, "steps from one stored checkpoint to the next; 0: only the last step", { min: 0 }),
  checkpointGrowth,
};
export type SequenceTrainingOptions = Values<typeof sequenceTrainingFields>;
export type TrainingOptions = Values<typeof trainingFields>;
