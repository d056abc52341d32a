import type { Experiment } from "../../train/experiment.ts";

/** A run of a fraction of a second. */
export const tiny: Experiment = {
  task: { name: "sparse-parity", n: 8, k: 2, trainSize: 40, testSize: 40 },
  model: { name: "bit-mlp", dMlp: 8 },
  optimizer: { name: "adamw", learningRate: 0.01 },
  training: { steps: 200, evalEvery: 10, checkpointEvery: 50 },
};
export const tinyJson = JSON.stringify(tiny);
