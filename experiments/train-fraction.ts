import { parseSeeds } from "../src/train/sweep-changes.ts";
import { defineSweep } from "../src/verdict/declared.ts";
import { sweepClaim } from "../src/verdict/index.ts";
import { fastAddition } from "./lib/fast-addition.ts";

const { bestIs, lawBetween, shareBetween } = sweepClaim;

/** How the delay grows as there is less to learn from. */
export const trainFraction = defineSweep({
  name: "train-fraction",
  claim:
    "The fewer of all pairs a network is trained on, the longer it takes to generalize, as a steep power of their share; with a quarter of them it does not get there at all",
  source: "groklab; data fraction and time to generalize as in Power et al. 2022 and Liu et al. 2022",
  minutes: 1.5,
  sweep: {
    base: fastAddition,
    axes: [{ option: "split.trainFraction", values: [0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.8] }],
    seeds: parseSeeds("0-4"),
  },
  expected: [
    shareBetween(["grok", "generalize"], { trainFraction: [0.4, 0.5, 0.6, 0.8] }, 1, 1),
    shareBetween(["grok", "generalize"], { trainFraction: 0.25 }, 0, 0.2),
    bestIs("delay", "trainFraction", 0.8),
    lawBetween("delay", "trainFraction", -5, -2.5),
  ],
});
