import { claim } from "../src/verdict/index.ts";
import { defineExperiment } from "../src/verdict/declared.ts";
import { ahuja, questionFormationAtSmallScale } from "./lib/language.ts";

const { finalAbove, firstReach } = claim;

/** The positive control: one training sentence in ten tells the rules apart. */
export const questionFormationDisambiguated = defineExperiment({
  name: "question-formation-disambiguated",
  claim:
    "With 10 % of training sentences that only the hierarchical rule fits, generalization is perfect within a few thousand steps and stays so",
  source: `${ahuja}: the same with 10,000 of 110,000 sentences at the published size`,
  minutes: 4,
  experiment: {
    ...questionFormationAtSmallScale,
    task: {
      ...questionFormationAtSmallScale.task,
      declaratives: "all",
      disambiguating: 0.1,
      disambiguatingRule: "hierarchical",
    },
    training: { ...questionFormationAtSmallScale.training, steps: 10_000 },
  },
  expected: [firstReach("test.accuracy", 0.99, 500, 6000), finalAbove("test.accuracy", 0.99)],
});
