import { claim } from "../src/verdict/index.ts";
import { defineExperiment } from "../src/verdict/declared.ts";

const { everAbove, finalBelow, stepBetween } = claim;

/** The 1s-and-0s task: the answer depends on 3 digits of 30. */
export const sparseParityL2 = defineExperiment({
  name: "sparse-parity-l2",
  claim: "With an L1 penalty a network memorizes 1,200 strings of 30 digits, and later finds the three digits that decide",
  source:
    "Pearce et al. 2023, Do Machine Learning Models Memorize or Generalize?, sparse parity main run; its hyperparameters are not published and were calibrated (docs/LOG.md)",
  minutes: 0.05,
  experiment: {
    task: { name: "sparse-parity", n: 30, k: 3, trainSize: 1200, testSize: 5000 },
    model: { name: "bit-mlp", dMlp: 32 },
    optimizer: { name: "adamw", learningRate: 3e-3, beta1: 0.99, beta2: 0.98, weightDecay: 0.1 },
    training: { steps: 4000, precision: "float32", evalEvery: 16, checkpointEvery: 16 },
    seed: 0,
  },
  expected: [everAbove("test.accuracy", 0.99), finalBelow("test.loss", 0.01), stepBetween("fitStep", 100, 2000)],
});
