import type { NewSweep } from "../../src/runs/store.ts";
import type { Checkpoint } from "../../src/train/checkpoint.ts";
import type { Eval } from "../../src/train/eval.ts";
import type { Plan } from "../../src/train/experiment.ts";
import type { Verdict } from "../../src/verdict/index.ts";

export const planOf = (seed = 0, task = "modular-addition", model = "factored"): Plan => ({
  task: { name: task, p: 7, note: 'ä "quoted" \n line', ordered: true },
  split: { trainFraction: 0.4 },
  model: { name: model, widths: [4, 5] },
  optimizer: { name: "adamw", weightDecay: 1e-7 },
  training: { steps: 100 },
  seed,
});

export const sweepOf = (id: string, seeds: readonly number[]): NewSweep => ({
  id,
  name: id.replace(/-\d+$/, ""),
  sweep: {
    base: { task: { name: "modular-addition" }, model: { name: "factored" }, optimizer: { name: "adamw" } },
    axes: [{ option: "weightDecay", values: [1e-7, 0.1] }],
    seeds,
  },
  command: `groklab sweep mine --set note='ä "quoted"'`,
  policy: "pair",
  options: { stopWhenDecided: true },
});

export const evalAt = (step: number, loss = 1 / (step + 1)): Eval => ({
  step,
  train: { loss, accuracy: 0.25 },
  test: { loss: loss * 3, accuracy: 0.125 },
  normL1: 100 + step,
  normL2: 10.5,
});

export const checkpointAt = (step: number): Checkpoint => ({
  step,
  params: { "embed.W_E": { shape: [2, 3], data: Float32Array.of(step, 1, -0, NaN, Infinity, 0.1) } },
  state: { "m.embed.W_E": { shape: [2, 3], data: Float64Array.of(step, 2, 3, 4, 5, 1e-300) } },
});

export const verdictOf = (label: Verdict["label"]): Verdict => ({
  label,
  policy: "accuracy",
  className: null,
  thresholds: { accuracy: 0.95 },
  fitStep: 10,
  generalizeStep: 90,
  delay: 80,
  ratio: 9,
  lastStep: 100,
  divergedAt: null,
  reasons: ["fitted at step 10"],
  robust: true,
  phases: [],
  slingshots: 0,
});
