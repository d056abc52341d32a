import { claim } from "../src/verdict/index.ts";
import { defineExperiment } from "../src/verdict/declared.ts";
import { ahuja, small } from "./lib/language.ts";

const { firstReach } = claim;

/** Simple agreement on one core. */
export const agreementSmall = defineExperiment({
  name: "agreement-small",
  claim:
    "Trained on sentences in which the noun before the verb has the number of its subject, a network follows the noun first; with many templates the subject wins",
  source: `${ahuja}: near 100 % with 120 templates, near 50 % with 12, at the published size`,
  minutes: 3.5,
  experiment: {
    task: { name: "agreement" },
    ...small,
  },
  expected: [firstReach("train.accuracy", 0.99, 500, 6000)],
});
