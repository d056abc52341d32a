import { parseSeeds } from "../src/train/sweep-changes.ts";
import { defineSweep } from "../src/verdict/declared.ts";
import { sweepClaim } from "../src/verdict/index.ts";
import { murty, questionFormationAtSmallScale } from "./lib/language.ts";

const { shareBetween } = sweepClaim;

/** Generalization by depth. */
export const depthSweep = defineSweep({
  name: "depth-sweep",
  claim: "An intermediate depth generalizes best, as an inverted U, if the effect holds at this scale",
  source: `${murty}: of ten seeds 0, 2, 8, 4 and 1 generalize with 2, 4, 6, 8 and 10 layers`,
  minutes: 150,
  sweep: {
    base: questionFormationAtSmallScale,
    axes: [{ option: "model.nLayers", values: [1, 2, 3, 4, 6, 8] }],
    seeds: parseSeeds("0-4"),
  },
  expected: [shareBetween(["grok", "generalize"], { nLayers: 1 }, 0, 0.2)],
});
