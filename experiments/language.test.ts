import { expect, it } from "vitest";
import { plan } from "../src/train/plan.ts";
import { experiments, sweeps } from "./index.ts";

const language = experiments.filter(({ experiment }) => experiment.model.name === "transformer");

it.each(language)("$name is a whole plan", ({ experiment, minutes, expected }) => {
  const made = plan(experiment);
  expect(made.optimizer).toMatchObject({ name: "adamw", beta1: 0.9, beta2: 0.999, eps: 1e-7, weightDecay: 0 });
  expect(minutes).toBeGreaterThan(0);
  expect(expected.length).toBeGreaterThan(0);
});

it("the published recipe has its constants as the code has them, not as the paper says", () => {
  const { experiment } = language.find(({ name }) => name === "question-formation") ?? language[0];
  expect(plan(experiment)).toMatchObject({
    model: { nLayers: 6, nHeads: 8, dModel: 512, mlpRatio: 4, tied: false, norm: "post", dropout: 0.1 },
    optimizer: { learningRate: 1e-4, warmupSteps: 10_000, decaySteps: 2_000_000, schedule: "linear" },
    training: { steps: 300_000, batchSize: 8, clipNorm: 1, evalEvery: 3000 },
    task: { mix: "as-released", trainSize: 100_000, generalizationSize: 10_000 },
  });
});

it("sweeps of language models vary what they say", () => {
  for (const name of ["depth-sweep", "early-stopping"]) {
    const { sweep } = sweeps.find((declared) => declared.name === name) ?? sweeps[0];
    expect(sweep.base.task.name).toBe("question-formation");
    expect(sweep.seeds.length).toBe(5);
  }
});
