import { findTask } from "../tasks/index.ts";
import type { Experiment } from "../train/experiment.ts";

/** Of runs whose curves stay where they get to. */
export const defaultPolicy = "accuracy";

/**
 * Rule of the verdict of a run of this Plan, where none is named: `crossing` for language models, whose accuracy goes up
 * and down for as long as they are trained.
 */
export const policyFor = ({ task }: Pick<Experiment, "task">): string =>
  findTask(task.name).inputs === "sequences" ? "crossing" : defaultPolicy;
