import { claim } from "../src/verdict/index.ts";
import { defineExperiment } from "../src/verdict/declared.ts";
import { ahuja, questionFormationAtSmallScale } from "./lib/language.ts";

const { finalBelow } = claim;

/** The negative control: one training sentence in ten tells the rules apart, by the linear rule. */
export const questionFormationLinear = defineExperiment({
  name: "question-formation-linear",
  claim: "With 10 % of training sentences that only the linear rule fits, generalization ends at 0 %",
  source: `${ahuja}: the same with 10,000 of 110,000 sentences at the published size`,
  minutes: 4,
  experiment: {
    ...questionFormationAtSmallScale,
    task: {
      ...questionFormationAtSmallScale.task,
      declaratives: "all",
      disambiguating: 0.1,
      disambiguatingRule: "linear",
    },
    training: { ...questionFormationAtSmallScale.training, steps: 10_000 },
  },
  expected: [finalBelow("test.accuracy", 0.02)],
});
