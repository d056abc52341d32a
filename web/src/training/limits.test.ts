import { describe, expect, it } from "vitest";
import { models } from "../../../src/models/index.ts";
import { tasks } from "../../../src/tasks/index.ts";
import { plan } from "../../../src/train/plan.ts";
import { checkLimits } from "./limits.ts";

describe("the limits of a page", () => {
  it.each(tasks.map(({ name, inputs }) => [name, inputs] as const))("let %s be trained as it comes", (name, inputs) => {
    const model = models.find((one) => one.inputs === inputs)?.name ?? "";
    expect(() => checkLimits(plan({ task: { name }, model: { name: model }, optimizer: { name: "adamw" } }))).not.toThrow(); // prettier-ignore
  });

  it("refuse more sentences than there may be examples", () => {
    const task = { name: "agreement", trainSize: 300_001 };
    const large = plan({ task, model: { name: "transformer" }, optimizer: { name: "adamw" } });
    expect(() => checkLimits(large)).toThrow("task.trainSize: 300001 is more than a page trains; give at most 300000");
  });
});
