import { claim } from "../src/verdict/index.ts";
import { defineExperiment } from "../src/verdict/declared.ts";
import { ahuja, small } from "./lib/language.ts";

const { everBelow, firstReach } = claim;

/**
 * Simple agreement on one core. Of seeds 0 to 4 all reach 80 %, and none stays: greatest 83 to 100 %, least .7 to 49 %, at the
 * end 26 to 98 % (docs/structural-grokking.md).
 */
export const agreementSmall = defineExperiment({
  name: "agreement-small",
  claim:
    "Trained on sentences in which the noun before the verb has the number of its subject, a network swings between the two nouns with in-domain accuracy full: at some readings it answers by the subject in four fifths and more, at others by the noun before",
  source: `${ahuja}: near 100 % with 120 templates, near 50 % with 12, at the published size and 200,000 steps, which is not seen here`,
  minutes: 6,
  experiment: {
    task: { name: "agreement" },
    ...small,
  },
  expected: [
    firstReach("train.accuracy", 0.99, 500, 6000),
    firstReach("test.accuracy", 0.8, 1000, 20_000),
    everBelow("test.accuracy", 0.2, { from: 1000, to: 20_000 }),
  ],
});
