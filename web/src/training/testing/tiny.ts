import { plan } from "../../../../src/train/plan.ts";

/** A run of a tenth of a second. */
export const tinyPlan = plan({
  task: { name: "modular-addition", p: 9 },
  model: { name: "factored", dModel: 12, dMlp: 8 },
  optimizer: { name: "adamw", learningRate: 0.01 },
  training: { steps: 200, evalEvery: 10, checkpointEvery: 100 },
});
