import { UsageError } from "../../../src/options.ts";
import { findTask } from "../../../src/tasks/index.ts";
import type { Plan } from "../../../src/train/experiment.ts";

/**
 * How much a page trains: a link from a stranger may ask for anything, and a page that computes for days or fills the
 * memory helps nobody. The command line has no such limits.
 */
export const limits = {
  steps: 5_000_000,
  /** Evaluations of one run. */
  evaluations: 200_000,
  /** Any one size of a task or model: a modulus, a width, a number of examples. */
  size: 20_000,
  /** Pairs or sequences of a task. */
  examples: 300_000,
  parameters: 10_000_000,
  /** Changes of options on the way. */
  forks: 50,
} as const;

/** @throws UsageError that names the option and the limit */
export function checkLimits(plan: Plan): void {
  const steps = plan.training["steps"] as number;
  if (steps > limits.steps) {
    throw new UsageError(`training.steps: ${steps} is more than a page trains; give at most ${limits.steps}`);
  }
  const every = plan.training["evalEvery"] as number;
  if (steps / every > limits.evaluations) {
    throw new UsageError(
      `training.evalEvery: ${Math.floor(steps / every)} evaluations are more than a page keeps; ` +
        `give at least ${Math.ceil(steps / limits.evaluations)}`,
    );
  }
  for (const section of ["task", "model"] as const) {
    for (const [name, value] of Object.entries(plan[section])) {
      const most = section === "task" && isCountOfSequences(plan, name) ? limits.examples : limits.size;
      if (typeof value === "number" && value > most) {
        throw new UsageError(`${section}.${name}: ${value} is more than a page trains; give at most ${most}`);
      }
    }
  }
  const p = plan.task["p"];
  if (typeof p === "number" && p * p > limits.examples) {
    throw new UsageError(
      `task.p: ${p} makes ${p * p} pairs, more than a page trains; give at most ${Math.floor(Math.sqrt(limits.examples))}`,
    );
  }
}

/** Sequences are short: a set may have as many as there may be examples. */
const isCountOfSequences = (plan: Plan, name: string): boolean =>
  name.endsWith("Size") && findTask(plan.task.name).inputs === "sequences";

/** What can only be counted once it is made. @throws UsageError */
export function checkSizes(examples: number, parameters: number): void {
  if (examples > limits.examples) {
    throw new UsageError(`task: ${examples} examples are more than a page trains; the limit is ${limits.examples}`);
  }
  if (parameters > limits.parameters) {
    throw new UsageError(`model: ${parameters} weights are more than a page trains; the limit is ${limits.parameters}`);
  }
}
