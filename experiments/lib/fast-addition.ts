import type { Experiment } from "../../src/train/experiment.ts";

/** Addition that groks within seconds: modulus 53, half of the unordered pairs, a learning rate ten times the main run's. */
export const fastAddition = {
  task: { name: "modular-addition", p: 53, pairs: "unordered" },
  split: { trainFraction: 0.5 },
  model: { name: "factored", dModel: 64, dMlp: 64, embed: "tied" },
  optimizer: { name: "adamw", learningRate: 1e-2, beta1: 0.9, beta2: 0.98, weightDecay: 0.3 },
  // Early steps closely, later ones in proportion: every step of the verdict is known to 2 %.
  training: { steps: 12_000, evalEvery: 10, evalGrowth: 1.02, checkpointEvery: 0 },
} as const satisfies Experiment;
