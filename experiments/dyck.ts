import { claim } from "../src/verdict/index.ts";
import { defineExperiment } from "../src/verdict/declared.ts";
import { murty, published } from "./lib/language.ts";

const { firstReach } = claim;

/** Balanced brackets at the published scale. */
export const dyck = defineExperiment({
  name: "dyck",
  claim: "A transformer closes brackets in strings of unseen structure; its generalization lags little",
  source: `${murty}; in-domain accuracy 99 % at step 20,000, generalization 94 % there and 99.9 % at 400,000`,
  minutes: 8900,
  experiment: {
    task: { name: "dyck", k: 20, m: 10 },
    ...published,
    training: { ...published.training, steps: 400_000, evalEvery: 10_000, checkpointEvery: 10_000 },
  },
  expected: [firstReach("train.accuracy", 0.99, 10_000, 60_000), firstReach("test.accuracy", 0.99, 20_000, 200_000)],
});
