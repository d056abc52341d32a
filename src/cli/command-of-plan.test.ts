import { describe, expect, it } from "vitest";
import { experiments } from "../../experiments/index.ts";
import { plan, withOption } from "../train/plan.ts";
import { commandOfPlan } from "./command-of-plan.ts";

const quick = experiments.find(({ name }) => name === "quick")!.experiment;

describe("commandOfPlan", () => {
  it("names the declared experiment that a Plan is", () => {
    expect(commandOfPlan(plan(quick))).toEqual(["run", "quick"]);
  });

  it("says what was changed of it", () => {
    const changed = withOption(withOption(quick, "training.steps", "77"), "seed", "5");
    expect(commandOfPlan(plan(changed))).toEqual(["run", "quick", "--set", "training.steps=77", "--seed", "5"]);
  });

  it("knows no command for a Plan unlike all that are declared", () => {
    const other = plan({
      task: { name: "modular-subtraction" },
      model: { name: "factored" },
      optimizer: { name: "sgd" },
    });
    expect(commandOfPlan(other)).toBeUndefined();
  });
});
