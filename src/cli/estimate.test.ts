import { expect, it } from "vitest";
import { plan } from "../train/plan.ts";
import { setUp } from "../train/setup.ts";
import { estimate } from "./estimate.ts";

const made = plan({
  task: { name: "agreement", trainSize: 200, validationSize: 100, generalizationSize: 100 },
  model: { name: "transformer", dModel: 8, nLayers: 1, nHeads: 1, mlpRatio: 1 },
  optimizer: { name: "adamw" },
  training: { steps: 1000, evalEvery: 100 },
});
const { task } = setUp(made);
/** A clock that shows a second more at each look. */
const ticking = () => {
  let seconds = 0;
  return () => seconds++;
};

it("adds up the updates and evaluations that are left", () => {
  // One update and a look end the trial: 2 s for 1 update. The evaluation of 20 of 100 sequences of each set takes 1 s.
  const whole = estimate(made, task, 0, ticking());
  expect(whole).toEqual({ update: 2, evaluation: 5, total: 1000 * 2 + 11 * 5 });
  expect(estimate(made, task, 950, ticking()).total).toBe(50 * 2 + 1 * 5);
  expect(estimate(made, task, 1000, ticking()).total).toBe(5);
});

it("leaves the task as it was: the run is not moved by its trial", () => {
  const again = setUp(made).task;
  estimate(made, task, 0, ticking());
  expect(task).toEqual(again);
});
