import { claim } from "../src/verdict/index.ts";
import { defineExperiment } from "../src/verdict/declared.ts";
import { murty, small } from "./lib/language.ts";

const { everBelow, firstReach } = claim;

/**
 * Tense inflection on one core, at half the rate of question formation: at 1e-3 some seeds never learn to copy within 20,000
 * steps. Of seeds 0 to 4 three reach 80 %, at steps 8,500 to 13,500; two keep to the noun before (docs/structural-grokking.md).
 */
export const tenseInflectionSmall = defineExperiment({
  name: "tense-inflection-small",
  claim:
    "When in-domain accuracy is full the verb agrees with its subject in about half of the sentences that tell; thousands of steps later in four fifths and more, and not for good",
  source: `${murty}; at a thirtieth of its size, asked which of its two forms of the main verb is likelier`,
  minutes: 9,
  experiment: {
    task: { name: "tense-inflection", metric: "choice" },
    ...small,
    optimizer: { ...small.optimizer, learningRate: 5e-4 },
  },
  expected: [
    firstReach("train.accuracy", 0.99, 500, 6000),
    everBelow("test.accuracy", 0.55, { from: 2000, to: 8000 }),
    firstReach("test.accuracy", 0.8, 4000, 20_000),
  ],
});
