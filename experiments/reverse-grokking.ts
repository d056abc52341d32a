import { claim } from "../src/verdict/index.ts";
import { defineExperiment } from "../src/verdict/declared.ts";

const { fallsThenRises, finalAbove, finalBelow, verdictIs } = claim;

/** A small network without weight decay generalizes first and memorizes afterwards. */
export const reverseGrokking = defineExperiment({
  name: "reverse-grokking",
  claim:
    "Without weight decay a small network's test loss first falls with its train loss, then rises again: it ends memorizing",
  source: "Pearce et al. 2023, Do Machine Learning Models Memorize or Generalize?, open questions: seed 68, float64",
  minutes: 0.2,
  experiment: {
    task: { name: "modular-addition", p: 67, pairs: "unordered" },
    split: { trainFraction: 0.4, stream: "numpy" },
    model: { name: "factored", dModel: 5, dMlp: 10, embed: "tied", init: "haiku" },
    optimizer: { name: "adamw", learningRate: 1e-3, beta1: 0.9, beta2: 0.98, weightDecay: 0 },
    training: { steps: 20_000, precision: "float64", loss: "nats-per-class", evalEvery: 40, checkpointEvery: 200 },
    seed: 68,
  },
  expected: [
    fallsThenRises("test.loss", { factor: 2 }),
    finalAbove("test.loss", 0.06),
    finalBelow("train.loss", 1e-6),
    verdictIs("memorize"),
  ],
});
