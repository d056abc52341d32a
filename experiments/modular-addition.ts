import { claim } from "../src/verdict/index.ts";
import { defineExperiment } from "../src/verdict/declared.ts";

const { delayAtLeast, finalBelow, maxBetween, stepBetween, valueAt, verdictIs } = claim;

/** The main run of the published page, from the published weights and split. */
export const modularAddition = defineExperiment({
  name: "modular-addition",
  claim:
    "A network that adds modulo 67 memorizes its examples within 500 steps and generalizes tens of thousands of steps later",
  source:
    "Pearce et al. 2023, Do Machine Learning Models Memorize or Generalize?, main run: seed 165, float64; values at steps 0, 1 and 1,000 from the published training log",
  minutes: 1,
  experiment: {
    task: { name: "modular-addition", p: 67, pairs: "unordered" },
    split: { trainFraction: 0.4, stream: "numpy" },
    model: { name: "factored", dModel: 500, dMlp: 24, embed: "tied", init: "haiku" },
    optimizer: { name: "adamw", learningRate: 1e-3, beta1: 0.9, beta2: 0.98, weightDecay: 1 },
    training: {
      steps: 50_000,
      precision: "float64",
      loss: "nats-per-class",
      evalEvery: 100,
      evalAt: [1],
      checkpointEvery: 500,
    },
    seed: 165,
  },
  expected: [
    valueAt(0, "train.loss", 0.06518848329, { absolute: 1e-9 }),
    valueAt(1, "test.loss", 0.06436516008, { absolute: 1e-9 }),
    valueAt(1, "normL2", 37.386533, { absolute: 1e-6 }),
    valueAt(1000, "train.loss", 3.94e-6, { within: 0.1 }),
    valueAt(1000, "test.loss", 1.41, { within: 0.05 }),
    maxBetween("test.loss", 1.4, 1.7),
    verdictIs("grok"),
    stepBetween("fitStep", 100, 500),
    stepBetween("generalizeStep", 30_000, 48_000),
    delayAtLeast(25_000),
    finalBelow("test.loss", 1e-5),
  ],
});
