import { claim } from "../src/verdict/index.ts";
import { defineExperiment } from "../src/verdict/declared.ts";
import { murty, small } from "./lib/language.ts";

const { everBelow, firstReach } = claim;

/** Tense inflection on one core. */
export const tenseInflectionSmall = defineExperiment({
  name: "tense-inflection-small",
  claim:
    "While in-domain accuracy becomes full the verb agrees with its subject in half of the sentences that tell; thousands of steps later in nearly all, and not for good",
  source: `${murty}; at a thirtieth of its size, asked which of its two forms of the main verb is likelier`,
  minutes: 9,
  experiment: {
    task: { name: "tense-inflection", metric: "choice" },
    ...small,
  },
  expected: [
    firstReach("train.accuracy", 0.99, 500, 6000),
    everBelow("test.accuracy", 0.55, { from: 2000, to: 8000 }),
    firstReach("test.accuracy", 0.9, 4000, 20_000),
  ],
});
