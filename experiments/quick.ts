import { claim } from "../src/verdict/index.ts";
import { defineExperiment } from "../src/verdict/declared.ts";

const { alwaysAtMost, delayAtLeast, ratioAtLeast, stepBetween, verdictIs } = claim;

/** For first contact and for tests: the shortest honest run with a long delay. */
export const quick = defineExperiment({
  name: "quick",
  claim:
    "A network learns 500 strings of 1s and 0s by heart within 200 steps; after 2,000 it is still wrong on a third of new ones, and then it understands them all",
  source: "groklab: the sparse-parity task with fewer examples and more weight decay, see docs/LOG.md",
  minutes: 0.02,
  experiment: {
    task: { name: "sparse-parity", n: 30, k: 3, trainSize: 500, testSize: 5000 },
    model: { name: "bit-mlp", dMlp: 64 },
    optimizer: { name: "adamw", learningRate: 1e-2, beta1: 0.9, beta2: 0.98, weightDecay: 0.1 },
    training: { steps: 10_000, precision: "float32", evalEvery: 20, checkpointEvery: 1000 },
    seed: 0,
  },
  expected: [
    verdictIs("grok"),
    ratioAtLeast(5),
    delayAtLeast(1000),
    stepBetween("fitStep", 0, 200),
    alwaysAtMost("test.accuracy", 0.7, { to: 2000 }),
  ],
});
