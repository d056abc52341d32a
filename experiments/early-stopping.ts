import { parseSeeds } from "../src/train/sweep-changes.ts";
import { defineSweep } from "../src/verdict/declared.ts";
import { sweepClaim } from "../src/verdict/index.ts";
import { murty, questionFormationAtSmallScale } from "./lib/language.ts";

const { shareBetween } = sweepClaim;

/** What stopping at in-domain saturation would have reported. */
export const earlyStopping = defineSweep({
  name: "early-stopping",
  claim:
    "Whoever stops when in-domain accuracy is full reports a network that follows the linear rule; training on, most seeds find the hierarchical one",
  source: `${murty}; the table of its stop rules by scripts/early-stopping.mjs`,
  minutes: 19,
  sweep: { base: questionFormationAtSmallScale, axes: [], seeds: parseSeeds("0-4") },
  expected: [shareBetween(["grok", "generalize"], {}, 0.6, 1)],
});
