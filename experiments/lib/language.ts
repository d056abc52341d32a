import type { Experiment } from "../../src/train/experiment.ts";

/** Adam as published for language models: betas .9 and .999, ε 1e-7, no weight decay. */
const adam = { name: "adamw", beta1: 0.9, beta2: 0.999, eps: 1e-7, weightDecay: 0 } as const;

/**
 * The published recipe, as its code has it: 8 heads, feed-forward 4 dModel, warm-up over 10,000 steps, then a straight
 * line that would reach 0 at step 2,000,000, gradient clipped at 1.
 */
export const published = {
  model: { name: "transformer", dModel: 512, nLayers: 6, nHeads: 8, mlpRatio: 4, dropout: 0.1 },
  optimizer: { ...adam, learningRate: 1e-4, schedule: "linear", warmupSteps: 10_000, decaySteps: 2_000_000 },
  training: { steps: 300_000, batchSize: 8, clipNorm: 1, evalEvery: 3000, checkpointEvery: 3000 },
  seed: 42,
} as const;

/** The same at the scale of one core: a network forty times smaller, a rate ten times larger that stays. */
export const small = {
  model: { name: "transformer", dModel: 128, nLayers: 4, nHeads: 4, mlpRatio: 1, dropout: 0.1 },
  optimizer: { ...adam, learningRate: 1e-3, warmupSteps: 666 },
  training: { steps: 20_000, batchSize: 8, clipNorm: 1, evalSequences: 300, evalEvery: 500, checkpointEvery: 1000 },
} as const;

/**
 * Question formation with the declaratives that tell most about structure: those with a relative clause on the subject.
 * With all declaratives this network takes several times as long.
 */
export const questionFormationAtSmallScale = {
  task: { name: "question-formation", declaratives: "center-embedded" },
  ...small,
} as const satisfies Experiment;

export const murty = "Murty, Sharma, Andreas and Manning, Grokking of Hierarchical Structure in Vanilla Transformers, ACL 2023"; // prettier-ignore
export const qin = "Qin, Saphra and Alvarez-Melis, Data Drives Unstable Hierarchical Generalization in LMs, EMNLP 2025"; // prettier-ignore
export const ahuja = "Ahuja et al., Learning Syntax Without Planting Trees, TACL 2025";
