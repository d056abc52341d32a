import { claim } from "../src/verdict/index.ts";
import { defineExperiment } from "../src/verdict/declared.ts";

const { delayAtLeast, finalBelow, ratioAtLeast, verdictIs } = claim;

/** The same task under weight decay, which keeps redundant neurons. */
export const sparseParityL2 = defineExperiment({
  name: "sparse-parity-l2",
  claim:
    "With weight decay in place of L1 the same network groks too, tens of thousands of steps after it has memorized",
  source:
    "Pearce et al. 2023, Do Machine Learning Models Memorize or Generalize?, footnote on L2; learning rate and betas of its parity sweep, weight decay calibrated to its final logits of 20.3, see docs/LOG.md",
  minutes: 0.1,
  experiment: {
    task: { name: "sparse-parity", n: 30, k: 3, trainSize: 1200, testSize: 5000 },
    model: { name: "bit-mlp", dMlp: 32 },
    optimizer: { name: "adamw", learningRate: 3e-3, beta1: 0.99, beta2: 0.98, weightDecay: 0.01 },
    training: { steps: 80_000, precision: "float32", evalEvery: 100, checkpointEvery: 320 },
    seed: 0,
  },
  expected: [verdictIs("grok"), ratioAtLeast(5), delayAtLeast(10_000), finalBelow("test.loss", 1e-7)],
});
