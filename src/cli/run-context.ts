import type { RunRecord } from "../runs/store.ts";
import type { Plan } from "../train/experiment.ts";
import { setUp } from "../train/setup.ts";
import { contextOf, type Context } from "../verdict/index.ts";

/** What a verdict on a stored run must know of its task. */
export const contextOfRun = ({ plan, status }: RunRecord): Context => contextOfPlan(plan, status === "finished");

export const contextOfPlan = (plan: Plan, finished: boolean): Context =>
  contextOf(plan, setUp(plan).task, { finished });
