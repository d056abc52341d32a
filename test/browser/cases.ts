import type { Experiment } from "../../src/train/experiment.ts";

const published = { init: "haiku" } as const;
const pairs = { name: "modular-addition", p: 67, pairs: "unordered" } as const;
const adamw = { name: "adamw", learningRate: 1e-3, beta1: 0.9, beta2: 0.98 } as const;
const training = { steps: 300, evalEvery: 50 } as const;

/** Short runs that reach every part of the engine which training uses: what gives the same bits here does so anywhere. */
export const cases: Readonly<Record<string, Experiment>> = {
  "modular addition, float64, published start": {
    task: pairs,
    split: { trainFraction: 0.4, stream: "numpy" },
    model: { name: "factored", dModel: 500, dMlp: 24, ...published },
    optimizer: { ...adamw, weightDecay: 1 },
    training: { ...training, steps: 200, precision: "float64", loss: "nats-per-class" },
    seed: 165,
  },
  "modular addition, float32": {
    task: { name: "modular-addition", p: 59 },
    model: { name: "factored", dModel: 128, dMlp: 64, ...published },
    optimizer: { ...adamw, weightDecay: 1 },
    training: { ...training, precision: "float32" },
    seed: 1,
  },
  "five neurons on a frozen circle": {
    task: pairs,
    split: { trainFraction: 0.3, stream: "numpy" },
    model: { name: "factored", dModel: 2, dMlp: 5, frozenEmbedding: "circle-published", ...published },
    optimizer: { ...adamw, learningRate: 1e-2, weightDecay: 1e-3 },
    training: { ...training, precision: "float64", loss: "nats-per-class" },
    seed: 86,
  },
  "sparse parity with L1": {
    task: { name: "sparse-parity", trainSize: 1000, testSize: 1000 },
    model: { name: "bit-mlp", dMlp: 128 },
    optimizer: { name: "adam-l1", learningRate: 3e-3, beta1: 0.99, l1: 1e-3 },
    training: { ...training, clip: 1e-7 },
    seed: 2,
  },
  "sparse parity, inputs of -1 and +1, float64": {
    task: { name: "sparse-parity", n: 21, k: 2, trainSize: 301, testSize: 100, coding: "pm1", biasColumn: false },
    model: { name: "bit-mlp", dMlp: 19 },
    optimizer: { ...adamw, weightDecay: 0.1 },
    training: { ...training, precision: "float64" },
    seed: 3,
  },
  "mini-batches, momentum, warm-up and a cosine": {
    task: { name: "modular-subtraction", p: 31 },
    model: { name: "factored", embed: "untied", tiedHidden: false, dModel: 33, dMlp: 47 },
    optimizer: {
      name: "sgd",
      learningRate: 0.5,
      momentum: 0.9,
      schedule: "cosine",
      warmupSteps: 20,
      weightDecay: 1e-4,
    },
    training: { ...training, batchSize: 100 },
    seed: 4,
  },
  "square activation, orbits kept together, growing intervals": {
    task: { name: "sum-of-squares", p: 29 },
    split: { trainFraction: 0.5, orbits: "together" },
    model: { name: "factored", activation: "square", embed: "input-tied", collapsedOut: true, dModel: 20, dMlp: 30 },
    optimizer: { ...adamw, weightDecay: 0.3, schedule: "linear", finalLearningRate: 1e-4 },
    training: { ...training, evalEvery: 10, evalGrowth: 1.5, batchSize: 64 },
    seed: 5,
  },
  "a language model as published, dropout and all": {
    task: { name: "question-formation", trainSize: 200, validationSize: 40, generalizationSize: 40 },
    model: { name: "transformer", dModel: 48, nHeads: 4, nLayers: 2 },
    optimizer: {
      ...{ name: "adamw", learningRate: 2e-3, beta2: 0.999, eps: 1e-7, weightDecay: 0 },
      ...{ schedule: "linear", warmupSteps: 10, decaySteps: 1000 },
    },
    training: { steps: 60, evalEvery: 20, evalSequences: 30 },
    seed: 6,
  },
  "a language model that writes by itself, pre-norm, learned positions, tied, float64": {
    task: { name: "tense-inflection", trainSize: 100, validationSize: 20, generalizationSize: 20 },
    model: {
      ...{ name: "transformer", dModel: 20, nHeads: 2, nLayers: 2, mlpRatio: 1.5, dropout: 0.2 },
      ...{ norm: "pre", positions: "learned", tied: true, embedScale: "one" },
    },
    optimizer: { ...adamw, weightDecay: 0.1 },
    training: { steps: 30, evalEvery: 10, batchSize: 5, clipNorm: 0.5, evalSequences: 0, precision: "float64" },
    seed: 7,
  },
};
