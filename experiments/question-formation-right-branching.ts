import { claim } from "../src/verdict/index.ts";
import { defineExperiment } from "../src/verdict/declared.ts";
import { qin, questionFormationAtSmallScale } from "./lib/language.ts";

const { finalBelow, firstReach } = claim;

/** A control: copies of sentences with relative clauses on the object alone. */
export const questionFormationRightBranching = defineExperiment({
  name: "question-formation-right-branching",
  claim:
    "Copying right-branching sentences alone teaches nothing about structure: generalization stays at the linear rule",
  source: `${qin}: median generalization about 0 % at the published size`,
  minutes: 7.5,
  experiment: {
    ...questionFormationAtSmallScale,
    task: { ...questionFormationAtSmallScale.task, declaratives: "right-branching" },
  },
  expected: [firstReach("train.accuracy", 0.99, 500, 5000), finalBelow("test.accuracy", 0.2)],
});
