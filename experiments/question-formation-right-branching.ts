import { claim } from "../src/verdict/index.ts";
import { defineExperiment } from "../src/verdict/declared.ts";
import { qin, questionFormationAtSmallScale } from "./lib/language.ts";

const { everBelow, firstReach, maxBetween } = claim;

/** A control: copies of sentences with relative clauses on the object alone. */
export const questionFormationRightBranching = defineExperiment({
  name: "question-formation-right-branching",
  claim:
    "Copying right-branching sentences alone does not teach the tree: generalization falls to the linear rule, and swings below half afterwards",
  source: `${qin}: median generalization about 0 % at the published size`,
  minutes: 7.5,
  experiment: {
    ...questionFormationAtSmallScale,
    task: { ...questionFormationAtSmallScale.task, declaratives: "right-branching" },
  },
  expected: [
    firstReach("train.accuracy", 0.99, 500, 5000),
    everBelow("test.accuracy", 0.1, { from: 500, to: 5000 }),
    maxBetween("test.accuracy", 0, 0.7),
  ],
});
