import { claim } from "../src/verdict/index.ts";
import { defineExperiment } from "../src/verdict/declared.ts";
import { murty, small } from "./lib/language.ts";

const { everBelow, firstReach } = claim;

/** Tense inflection on one core. */
export const tenseInflectionSmall = defineExperiment({
  name: "tense-inflection-small",
  claim:
    "A verb agrees with the noun before it while in-domain accuracy is full; with its subject later, if the training goes on",
  source: `${murty}; at a hundredth of its size, asked which of its two forms of the main verb is likelier`,
  minutes: 7,
  experiment: {
    task: { name: "tense-inflection", metric: "choice" },
    ...small,
  },
  expected: [firstReach("train.accuracy", 0.99, 500, 6000), everBelow("test.accuracy", 0.3, { from: 500, to: 6000 })],
});
