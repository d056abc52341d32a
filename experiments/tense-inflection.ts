import { claim } from "../src/verdict/index.ts";
import { defineExperiment } from "../src/verdict/declared.ts";
import { murty, published } from "./lib/language.ts";

const { everBelow, firstReach } = claim;

/** Tense inflection at the published scale. */
export const tenseInflection = defineExperiment({
  name: "tense-inflection",
  claim:
    "A transformer of four layers has a verb agree with the noun before it when its in-domain accuracy is high, and with its subject long after",
  source: `${murty}; its first ten seeds average 13 % at step 9,000 and 84 % at 300,000, and cross 80 % at step 39,000 in the median`,
  minutes: 2600,
  experiment: {
    task: { name: "tense-inflection" },
    ...published,
    model: { ...published.model, nLayers: 4 },
  },
  expected: [
    firstReach("train.accuracy", 0.99, 6000, 30_000),
    everBelow("test.accuracy", 0.3, { to: 15_000 }),
    firstReach("test.accuracy", 0.8, 15_000, 300_000),
  ],
});
