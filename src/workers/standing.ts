import type { RunRecord, Store } from "../runs/store.ts";
import { setUp } from "../train/setup.ts";
import type { SweepRun } from "../train/sweep.ts";
import { canStillChange, contextOf, type Label } from "../verdict/index.ts";
import { labelUnder } from "./train-job.ts";

/** How a sweep is run, where that decides what is left to do. */
export interface StandingOptions {
  readonly policy: string;
  readonly retryFailed?: boolean | undefined;
  readonly stopWhenDecided?: boolean | undefined;
}

/** Where a run stands before the sweep goes on. */
export type Standing =
  /** Over: trained to its end, diverged, or decided where that is enough. */
  | { readonly kind: "over"; readonly record: RunRecord; readonly label: Label }
  /** An error ended it, and it is not tried again. */
  | { readonly kind: "failed"; readonly record: RunRecord }
  /** To be trained, from its record's step where it has one. */
  | { readonly kind: "open"; readonly record?: RunRecord };

/** Where each run of a sweep stands, in the order of the sweep. */
export async function standings(
  store: Store,
  runs: readonly SweepRun[],
  options: StandingOptions,
): Promise<readonly Standing[]> {
  const records = new Map((await store.records(runs.map(({ id }) => id))).map((record) => [record.id, record]));
  const found: Standing[] = [];
  for (const { id } of runs) found.push(await standingOf(store, records.get(id), options));
  return found;
}

async function standingOf(
  store: Store,
  record: RunRecord | undefined,
  { policy, retryFailed = false, stopWhenDecided = false }: StandingOptions,
): Promise<Standing> {
  if (!record) return { kind: "open" };
  switch (record.status) {
    case "finished":
    case "diverged":
      return { kind: "over", record, label: await labelOf(store, record, policy) };
    case "failed":
      return retryFailed ? { kind: "open", record } : { kind: "failed", record };
    case "stopped": {
      const over = stopWhenDecided && (await isDecided(store, record, policy));
      return over ? { kind: "over", record, label: await labelOf(store, record, policy) } : { kind: "open", record };
    }
    case "running":
      return { kind: "open", record };
  }
}

async function labelOf(store: Store, record: RunRecord, policy: string): Promise<Label> {
  if (record.verdict?.policy === policy) return record.verdict.label;
  return labelUnder(policy, record, await store.evals(record.id));
}

/** Whether no further step could change what this policy says of it. */
async function isDecided(store: Store, { id, plan }: RunRecord, policy: string): Promise<boolean> {
  const evals = await store.evals(id);
  return evals.length > 1 && !canStillChange(evals, contextOf(plan, setUp(plan).task, { finished: false }), policy);
}
