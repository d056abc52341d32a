import { claim } from "../src/verdict/index.ts";
import { defineExperiment } from "../src/verdict/declared.ts";
import { murty, qin, questionFormationAtSmallScale } from "./lib/language.ts";

const { everBelow, firstReach } = claim;

/**
 * Question formation on one core. Of seeds 0 to 4 each is at 0.3 to 33 % when in-domain accuracy is full and comes up to
 * 95 %, at steps 2,500 to 13,000; see docs/structural-grokking.md.
 */
export const questionFormationSmall = defineExperiment({
  name: "question-formation-small",
  claim:
    "In-domain accuracy is full while generalization is near zero, the linear rule; thousands of steps later generalization reaches 95 %, and goes on swinging",
  source: `${murty}; at a fortieth of its size, with declaratives chosen as in ${qin}`,
  minutes: 7.5,
  experiment: questionFormationAtSmallScale,
  expected: [
    firstReach("train.accuracy", 0.99, 500, 2500),
    everBelow("test.accuracy", 0.1, { from: 500, to: 5000 }),
    firstReach("test.accuracy", 0.95, 3000, 20_000),
  ],
});
