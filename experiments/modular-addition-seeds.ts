import { parseSeeds } from "../src/train/sweep-changes.ts";
import { defineSweep } from "../src/verdict/declared.ts";
import { sweepClaim } from "../src/verdict/index.ts";
import { modularAddition } from "./modular-addition.ts";

const { medianBetween, shareBetween } = sweepClaim;

/** What a gallery of survivors hides. */
export const modularAdditionSeeds = defineSweep({
  name: "modular-addition-seeds",
  claim:
    "Within 50,000 steps fewer than half of the seeds of the main run generalize; all of them memorize within 500 steps, and most of the others are still on their way",
  source:
    "Pearce et al. 2023, Do Machine Learning Models Memorize or Generalize?, gallery of training runs: 450 of seeds 0 to 999 are shown, and every one of them generalizes",
  minutes: 25,
  sweep: {
    base: { ...modularAddition.experiment, training: { ...modularAddition.experiment.training, checkpointEvery: 0 } },
    axes: [],
    seeds: parseSeeds("0-39"),
  },
  expected: [
    shareBetween("grok", {}, 0.2, 0.6),
    shareBetween(["grok", "generalize", "undecided"], {}, 0.9, 1),
    medianBetween("fitStep", {}, 100, 500),
  ],
});
