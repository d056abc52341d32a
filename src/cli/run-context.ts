import type { RunRecord } from "../runs/store.ts";
import type { Plan } from "../train/experiment.ts";
import { setUp } from "../train/setup.ts";
import { contextOf, type Context } from "../verdict/index.ts";

/** What a verdict on a stored run must know of its task. */
export const contextOfRun = ({ plan, status, verdict }: RunRecord): Context => ({
  ...contextOfPlan(plan, status === "finished"),
  // Evaluations need not show it: an update can diverge where every evaluation is finite.
  divergedAt: verdict?.divergedAt ?? undefined,
});

export const contextOfPlan = (plan: Plan, finished: boolean): Context =>
  contextOf(plan, setUp(plan).task, { finished });
