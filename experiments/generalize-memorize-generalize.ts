import { claim } from "../src/verdict/index.ts";
import { defineExperiment } from "../src/verdict/declared.ts";

const { fallsThenRisesThenFalls, finalBelow } = claim;

/** With a little weight decay, a small network generalizes, memorizes, and generalizes again. */
export const generalizeMemorizeGeneralize = defineExperiment({
  name: "generalize-memorize-generalize",
  claim: "With weight decay 0.05 a small network's test loss falls with its train loss, rises, and falls again",
  source: "Pearce et al. 2023, Do Machine Learning Models Memorize or Generalize?, open questions: seed 78, float64",
  minutes: 1.2,
  experiment: {
    task: { name: "modular-addition", p: 67, pairs: "unordered" },
    split: { trainFraction: 0.7, stream: "numpy" },
    model: { name: "factored", dModel: 8, dMlp: 16, embed: "tied", init: "haiku" },
    optimizer: { name: "adamw", learningRate: 1e-3, beta1: 0.9, beta2: 0.98, weightDecay: 0.05 },
    training: { steps: 80_000, precision: "float64", loss: "nats-per-class", evalEvery: 160, checkpointEvery: 800 },
    seed: 78,
  },
  expected: [fallsThenRisesThenFalls("test.loss", { factor: 1.5 }), finalBelow("test.loss", 4e-3)],
});
