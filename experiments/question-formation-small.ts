import { claim } from "../src/verdict/index.ts";
import { defineExperiment } from "../src/verdict/declared.ts";
import { murty, qin, questionFormationAtSmallScale } from "./lib/language.ts";

const { everBelow, firstReach } = claim;

/** Question formation on one core: seed 0 is at 0.3 % when in-domain accuracy is full, and at 97 % at step 13,000. */
export const questionFormationSmall = defineExperiment({
  name: "question-formation-small",
  claim:
    "In-domain accuracy is full while generalization is near zero, the linear rule; thousands of steps later generalization reaches 95 %, and goes on swinging",
  source: `${murty}; at a hundredth of its size, with declaratives chosen as in ${qin}`,
  minutes: 7.5,
  experiment: questionFormationAtSmallScale,
  expected: [
    firstReach("train.accuracy", 0.99, 500, 2500),
    everBelow("test.accuracy", 0.1, { from: 500, to: 5000 }),
    firstReach("test.accuracy", 0.95, 3000, 20_000),
  ],
});
