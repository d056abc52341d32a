import { parseSeeds } from "../src/train/sweep-changes.ts";
import { defineSweep } from "../src/verdict/declared.ts";
import { sweepClaim } from "../src/verdict/index.ts";
import { fastAddition } from "./lib/fast-addition.ts";

const { lawBetween, shareBetween } = sweepClaim;

/** How the delay shrinks with the pull towards small weights. */
export const weightDecay = defineSweep({
  name: "weight-decay",
  claim:
    "The delay is inversely proportional to the weight decay, about: ten times the decay generalizes ten times sooner",
  source: "groklab; weight decay and delay as in Power et al. 2022 and Liu et al. 2022",
  minutes: 1.6,
  sweep: {
    base: { ...fastAddition, training: { ...fastAddition.training, steps: 20_000 } },
    axes: [{ option: "optimizer.weightDecay", values: [0.03, 0.06, 0.1, 0.3, 1] }],
    seeds: parseSeeds("0-4"),
  },
  expected: [
    shareBetween(["grok", "generalize"], { weightDecay: [0.1, 0.3] }, 1, 1),
    lawBetween("delay", "weightDecay", -1.4, -0.8),
  ],
});
