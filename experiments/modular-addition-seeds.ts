import { parseSeeds } from "../src/train/sweep-changes.ts";
import { defineSweep } from "../src/verdict/declared.ts";
import { sweepClaim } from "../src/verdict/index.ts";
import { modularAddition } from "./modular-addition.ts";

const { medianBetween, shareBetween } = sweepClaim;

/** What a gallery of survivors hides. */
export const modularAdditionSeeds = defineSweep({
  name: "modular-addition-seeds",
  claim:
    "Within 50,000 steps about half of the seeds of the main run generalize; every seed fits its examples within 500 steps, and of the others most are still on their way, some have come to rest",
  source:
    "Pearce et al. 2023, Do Machine Learning Models Memorize or Generalize?, gallery of training runs: 450 of seeds 0 to 999 are shown, and every one of them generalizes",
  minutes: 25,
  sweep: {
    base: { ...modularAddition.experiment, training: { ...modularAddition.experiment.training, checkpointEvery: 0 } },
    axes: [],
    seeds: parseSeeds("0-39"),
  },
  expected: [
    shareBetween("grok", {}, 0.3, 0.7),
    shareBetween("undecided", {}, 0.2, 0.6),
    shareBetween("memorize", {}, 0, 0.25),
    medianBetween("fitStep", {}, 100, 500),
  ],
});
