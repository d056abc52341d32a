import { parseSeeds } from "../src/train/sweep-changes.ts";
import { defineSweep } from "../src/verdict/declared.ts";
import { sweepClaim } from "../src/verdict/index.ts";
import { murty, questionFormationAtSmallScale } from "./lib/language.ts";

const { shareBetween } = sweepClaim;

/**
 * Generalization by depth. One layer follows the linear rule, two and three come to 70 to 78 % at most, four and six reach
 * 80 % with every seed, and six swing the most. Eight do not learn to copy at this rate (docs/structural-grokking.md).
 */
export const depthSweep = defineSweep({
  name: "depth-sweep",
  claim:
    "An intermediate depth generalizes best: with one layer and two no seed reaches 80 %, with four and six most do, with eight none",
  source: `${murty}: of ten seeds 0, 2, 8, 4 and 1 generalize with 2, 4, 6, 8 and 10 layers`,
  minutes: 170,
  sweep: {
    base: questionFormationAtSmallScale,
    axes: [{ option: "model.nLayers", values: [1, 2, 3, 4, 6, 8] }],
    seeds: parseSeeds("0-4"),
  },
  expected: [
    shareBetween(["grok", "generalize"], { nLayers: 1 }, 0, 0.2),
    shareBetween(["grok", "generalize"], { nLayers: 2 }, 0, 0.4),
    shareBetween(["grok", "generalize"], { nLayers: 4 }, 0.6, 1),
    shareBetween(["grok", "generalize"], { nLayers: 6 }, 0.6, 1),
    shareBetween(["grok", "generalize"], { nLayers: 8 }, 0, 0.2),
  ],
});
