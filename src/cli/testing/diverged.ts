import { join } from "node:path";
import { openStore } from "../../runs/open-store.ts";
import type { Experiment } from "../../train/experiment.ts";
import { plan as writtenOut, runId } from "../../train/plan.ts";
import { judge } from "../../verdict/index.ts";
import { contextOfPlan } from "../run-context.ts";

/**
 * Stores a run whose update diverged at this step though each of its evaluations, every 10 steps, is finite: the loss of
 * a batch can be what was not. Only the stored verdict tells.
 */
export async function storeDiverged(folder: string, experiment: Experiment, divergedAt: number): Promise<string> {
  const plan = writtenOut(experiment);
  const id = runId(plan);
  const score = { loss: 1, accuracy: 0.5 };
  const evals = Array.from({ length: 1 + Math.ceil(divergedAt / 10) }, (_, i) => {
    return { step: Math.min(10 * i, divergedAt), train: score, test: score, normL1: 1, normL2: 1 };
  });
  const store = await openStore(join(folder, ".groklab"));
  const claim = await store.claim(id, plan);
  await store.append(claim, evals);
  const verdict = judge(evals, { ...contextOfPlan(plan, false), divergedAt });
  await store.finish(claim, { status: "diverged", seconds: 1, verdict });
  await store.close();
  return id;
}
