import { claim } from "../src/verdict/index.ts";
import { defineExperiment } from "../src/verdict/declared.ts";
import { ahuja, small } from "./lib/language.ts";

const { everBelow, firstReach } = claim;

/** Simple agreement on one core. */
export const agreementSmall = defineExperiment({
  name: "agreement-small",
  claim:
    "Trained on sentences in which the noun before the verb has the number of its subject, a network swings between the two nouns: from nearly all answers by the subject to nearly all by the noun before, with in-domain accuracy full",
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
