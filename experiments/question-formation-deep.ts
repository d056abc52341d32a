import { claim } from "../src/verdict/index.ts";
import { defineExperiment } from "../src/verdict/declared.ts";
import { murty, qin, questionFormationAtSmallScale } from "./lib/language.ts";

const { everBelow, finalAbove, firstReach } = claim;

/**
 * Question formation with twice the layers and a third of the rate: of seeds 0 to 3 three reach 95 %, at steps 6,500 to
 * 12,000, and end at 99.7 to 100 %; seed 0 follows the linear rule to the end. See docs/structural-grokking.md.
 */
export const questionFormationDeep = defineExperiment({
  name: "question-formation-deep",
  claim:
    "Eight layers at a lower rate follow the linear rule for thousands of steps after in-domain accuracy is full, then find the tree, and keep it",
  source: `${murty}; at a twentieth of its size, with declaratives chosen as in ${qin}`,
  minutes: 13,
  experiment: {
    ...questionFormationAtSmallScale,
    model: { ...questionFormationAtSmallScale.model, nLayers: 8 },
    optimizer: { ...questionFormationAtSmallScale.optimizer, learningRate: 3e-4, warmupSteps: 2000 },
    seed: 1,
  },
  expected: [
    firstReach("train.accuracy", 0.99, 1000, 10_000),
    everBelow("test.accuracy", 0.1, { from: 2000, to: 12_000 }),
    firstReach("test.accuracy", 0.95, 5000, 20_000),
    finalAbove("test.accuracy", 0.95),
  ],
});
