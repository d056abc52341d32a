import { claim } from "../src/verdict/index.ts";
import { defineExperiment } from "../src/verdict/declared.ts";
import { qin, questionFormationAtSmallScale } from "./lib/language.ts";

const { finalBelow, firstReach } = claim;

/** A control: no copies. */
export const questionFormationQuestionsOnly = defineExperiment({
  name: "question-formation-questions-only",
  claim: "Without sentences to copy the network has never seen a relative clause on a subject, and does not generalize",
  source: `${qin}: low generalization at the published size`,
  minutes: 7.5,
  experiment: {
    ...questionFormationAtSmallScale,
    task: { ...questionFormationAtSmallScale.task, declaratives: "none" },
  },
  expected: [firstReach("train.accuracy", 0.99, 500, 5000), finalBelow("test.accuracy", 0.5)],
});
