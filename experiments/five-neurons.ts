import { claim } from "../src/verdict/index.ts";
import { defineExperiment } from "../src/verdict/declared.ts";

const { finalBelow, firstReach, gapAlways, valueAt, verdictIs } = claim;

/** Twenty weights on a fixed circle. */
export const fiveNeurons = defineExperiment({
  name: "five-neurons",
  claim:
    "Given the circle as a fixed embedding, five neurons learn addition modulo 67 exactly, and train and test accuracy rise together: there is nothing to memorize with",
  source: "Pearce et al. 2023, Do Machine Learning Models Memorize or Generalize?, five-neuron run: seed 86, float64",
  minutes: 0.1,
  experiment: {
    task: { name: "modular-addition", p: 67, pairs: "unordered" },
    split: { trainFraction: 0.3, stream: "numpy" },
    model: {
      name: "factored",
      dModel: 2,
      dMlp: 5,
      embed: "tied",
      frozenEmbedding: "circle-published",
      frequencies: [1],
      init: "haiku",
    },
    optimizer: { name: "adamw", learningRate: 1e-2, beta1: 0.9, beta2: 0.98, weightDecay: 1e-3 },
    training: {
      steps: 15_000,
      precision: "float64",
      loss: "nats-per-class",
      evalEvery: 30,
      checkpointEvery: 300,
    },
    seed: 86,
  },
  expected: [
    valueAt(0, "train.loss", 0.06275183509400713, { absolute: 1e-12 }),
    gapAlways("train.accuracy", "test.accuracy", "<=", 0.03),
    firstReach("test.accuracy", 1, 9_000, 11_500),
    finalBelow("test.loss", 0.0072),
    verdictIs("generalize"),
  ],
});
