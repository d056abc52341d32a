import type { Axis } from "../src/train/sweep.ts";
import { parseSeeds } from "../src/train/sweep-changes.ts";
import { defineSweep } from "../src/verdict/declared.ts";
import { sweepClaim } from "../src/verdict/index.ts";

const { bestIs, shareBetween } = sweepClaim;
const generalizes = ["grok", "generalize"] as const;

/** Tied or separate embeddings, tied or separate hidden matrices, and either product multiplied out or not: sixteen. */
const variants: readonly Axis[] = [
  { option: "model.embed", values: ["tied", "input-tied"] },
  { option: "model.tiedHidden", values: [true, false] },
  { option: "model.collapsedHidden", values: [false, true] },
  { option: "model.collapsedOut", values: [false, true] },
];

/** Embedding and hidden layer are equally wide, as they must be where the hidden matrix is left out. */
const width = (...widths: readonly number[]): Axis => ({
  name: "width",
  points: widths.map((d) => ({ label: String(d), set: { "model.dModel": d, "model.dMlp": d } })),
});

/** Weight decay, or L1 in its place. */
const penalties: Axis = {
  name: "penalty",
  points: [
    { label: "decay 0.3", set: { optimizer: "adamw", "optimizer.weightDecay": 0.3 } },
    { label: "decay 1", set: { optimizer: "adamw", "optimizer.weightDecay": 1 } },
    { label: "L1 1e-5", set: { optimizer: "adam-l1", "optimizer.l1": 1e-5 } },
  ],
};

const published = {
  task: { name: "modular-addition", p: 113, pairs: "ordered" },
  split: { trainFraction: 0.3, stream: "numpy" },
  model: { name: "factored", init: "haiku" },
  training: { steps: 200_000, precision: "float32", loss: "nats", evalEvery: 100, checkpointEvery: 0 },
} as const;
const publishedAxes = [
  ...variants,
  width(32, 64, 128, 256, 512),
  { option: "optimizer.learningRate", values: [1e-2, 1e-3, 1e-4] },
];

/** Which constraint matters, and does the unfactored network never generalize? */
export const architectureSweep = defineSweep({
  name: "architecture-sweep",
  claim:
    "Of the sixteen ways to factor the network, tied embeddings with nothing multiplied out generalize most often; the unfactored network generalizes too, where it is wide enough",
  source:
    "Pearce et al. 2023, Do Machine Learning Models Memorize or Generalize?, architecture sweep. Its claim that the unfactored network does not generalize rests on a threshold in another unit; here losses are in nats per example",
  minutes: 60,
  sweep: {
    base: {
      task: { name: "modular-addition", p: 67, pairs: "unordered" },
      split: { trainFraction: 0.4 },
      model: { name: "factored" },
      optimizer: { name: "adamw", beta1: 0.9, beta2: 0.98 },
      training: { steps: 10_000, precision: "float32", loss: "nats", evalEvery: 100, checkpointEvery: 0 },
    },
    axes: [...variants, width(24, 128), { option: "optimizer.learningRate", values: [1e-2, 3e-3] }, penalties],
    seeds: parseSeeds("0-2"),
  },
  grids: [
    {
      name: "published",
      help: "the published grid with weight decay: modulus 113, ordered pairs, 200,000 steps, nine seeds, 10,800 runs",
      minutes: 1_000_000,
      sweep: {
        base: { ...published, optimizer: { name: "adamw", beta1: 0.9, beta2: 0.98 } },
        axes: [...publishedAxes, { option: "optimizer.weightDecay", values: [1, 0.3, 0.1, 0.03, 0.01] }],
        seeds: parseSeeds("0-8"),
      },
    },
    {
      name: "published-l1",
      help: "the same with L1 in place of weight decay",
      minutes: 1_000_000,
      sweep: {
        base: { ...published, optimizer: { name: "adam-l1", beta1: 0.9, beta2: 0.98 } },
        axes: [...publishedAxes, { option: "optimizer.l1", values: [1e-7, 1e-8, 1e-9, 1e-10, 1e-11] }],
        seeds: parseSeeds("0-8"),
      },
    },
  ],
  expected: [
    bestIs("generalized", "embed", "tied", { collapsedHidden: false }),
    shareBetween(generalizes, { embed: "tied", tiedHidden: true, collapsedHidden: false, collapsedOut: false }, 0.5, 1),
    // Tied with both multiplied out cannot even fit its examples.
    shareBetween("fail", { embed: "tied", collapsedHidden: true, collapsedOut: true }, 0.9, 1),
    // The published claim, that this network never generalizes, would be a share of 0.
    shareBetween(generalizes, { embed: "input-tied", collapsedHidden: true, collapsedOut: true }, 0.05, 1),
  ],
});
