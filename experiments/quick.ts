import { claim } from "../src/verdict/index.ts";
import { defineExperiment } from "../src/verdict/declared.ts";

const { ratioAtLeast, verdictIs } = claim;

/** For first contact and for tests. */
export const quick = defineExperiment({
  name: "quick",
  claim: "A delay of at least five times the time to fit, in seconds",
  source: "groklab",
  minutes: 0.2,
  experiment: {
    task: { name: "sparse-parity", n: 30, k: 3, trainSize: 750, testSize: 2000 },
    model: { name: "bit-mlp", dMlp: 64 },
    optimizer: { name: "adamw", learningRate: 3e-3, beta1: 0.99, beta2: 0.98, weightDecay: 0.1 },
    training: { steps: 20_000, precision: "float32", evalEvery: 50, checkpointEvery: 1000 },
    seed: 0,
  },
  expected: [verdictIs("grok"), ratioAtLeast(5)],
});
