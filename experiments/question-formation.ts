import { claim } from "../src/verdict/index.ts";
import { defineExperiment } from "../src/verdict/declared.ts";
import { murty, published } from "./lib/language.ts";

const { everBelow, firstReach } = claim;

/** Question formation at the published scale. */
export const questionFormation = defineExperiment({
  name: "question-formation",
  claim:
    "A transformer has learned to form questions by the linear rule when its in-domain accuracy is full, and goes over to the hierarchical rule long after",
  source: `${murty}; its seeds 42, 52 … 132 average 4 % at step 6,000 and 93 % at 300,000, and swing by ten full swings on the way`,
  minutes: 3400,
  experiment: { task: { name: "question-formation" }, ...published },
  expected: [
    firstReach("train.accuracy", 0.99, 3000, 12_000),
    everBelow("test.accuracy", 0.15, { to: 15_000 }),
    firstReach("test.accuracy", 0.8, 9000, 90_000),
  ],
});
