import { claim } from "../src/verdict/index.ts";
import { defineExperiment } from "../src/verdict/declared.ts";

const { alwaysAtMost, everAbove, finalBelow, firstReach, stepBetween } = claim;

/** The 1s-and-0s task: the answer depends on 3 digits of 30. */
export const sparseParity = defineExperiment({
  name: "sparse-parity",
  claim:
    "With an L1 penalty, a network memorizes 1,200 strings of 30 digits, then finds the rule, and sheds most of its weights",
  source:
    "Pearce et al. 2023, Do Machine Learning Models Memorize or Generalize?, sparse parity main run; its learning rate, L1 strength, scale and seed are not published: calibrated, see docs/LOG.md",
  minutes: 0.02,
  experiment: {
    task: { name: "sparse-parity", n: 30, k: 3, trainSize: 1200, testSize: 5000 },
    model: { name: "bit-mlp", dMlp: 32 },
    optimizer: { name: "adam-l1", learningRate: 2e-3, beta1: 0.99, beta2: 0.98, l1: 1e-4 },
    training: { steps: 4000, precision: "float32", evalEvery: 16, checkpointEvery: 16 },
    seed: 1,
  },
  expected: [
    stepBetween("fitStep", 400, 1200),
    alwaysAtMost("test.accuracy", 0.65, { to: 1000 }),
    firstReach("test.accuracy", 0.99, 1500, 3000),
    finalBelow("test.loss", 2e-3),
    everAbove("normL1", 400),
    finalBelow("normL1", 100),
  ],
});
