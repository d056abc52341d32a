import type { Value } from "../options.ts";
import type { Plan } from "../train/experiment.ts";
import { setUp } from "../train/setup.ts";
import type { Expansion } from "../train/sweep.ts";
import { contextOf, judge, type Context, type Overrides, type SweptRun, type Verdict } from "../verdict/index.ts";
import type { RunRecord, Store } from "./store.ts";

/** A run of a sweep with what the store knows of it. */
export interface StoredRun extends SweptRun {
  readonly verdict?: Verdict | undefined;
  readonly setting: Readonly<Record<string, Value>>;
  /** Absent for a run that was never begun. */
  readonly record?: RunRecord | undefined;
}

export interface SweptOptions {
  readonly policy: string;
  readonly thresholds?: Overrides | undefined;
  /**
   * A run that was stopped once its verdict could change no more counts with that verdict; any other that is not over
   * has none.
   */
  readonly decided?: boolean | undefined;
}

/**
 * Every run of a sweep, in its order, with verdicts by one policy. Curves are read only of runs whose stored verdict is
 * by another policy or other thresholds.
 */
export async function readSwept(
  store: Store,
  { runs, varying }: Expansion,
  options: SweptOptions,
): Promise<readonly StoredRun[]> {
  const records = new Map((await store.records(runs.map(({ id }) => id))).map((record) => [record.id, record]));
  const contexts = taskContexts();
  const swept: StoredRun[] = [];
  for (const { id, plan, setting } of runs) {
    const record = records.get(id);
    const place = Object.fromEntries(varying.map(({ name }) => [name, setting[name]]));
    const verdict = record && (await verdictOf(store, record, options, contexts));
    swept.push({ id, plan, setting: place, status: record?.status, record, verdict });
  }
  return swept;
}

async function verdictOf(
  store: Store,
  record: RunRecord,
  { policy, thresholds = {}, decided = false }: SweptOptions,
  contextFor: (plan: Plan) => Pick<Context, "chance" | "numClasses">,
): Promise<Verdict | undefined> {
  const { status, verdict, plan } = record;
  const over = status === "finished" || status === "diverged" || (decided && status === "stopped");
  if (!over) return undefined;
  if (verdict?.policy === policy && Object.keys(thresholds).length === 0) return verdict;
  const finished = status === "finished";
  const context = contextOf(plan, contextFor(plan), { finished, divergedAt: verdict?.divergedAt ?? undefined });
  return judge(await store.evals(record.id), context, policy, thresholds);
}

/** Chance and classes belong to the task, not to the seed: built once for each task's options, not for each run. */
function taskContexts(): (plan: Plan) => Pick<Context, "chance" | "numClasses"> {
  const known = new Map<string, Pick<Context, "chance" | "numClasses">>();
  return (plan) => {
    const key = JSON.stringify(plan.task);
    const found = known.get(key) ?? setUp(plan).task;
    known.set(key, { chance: found.chance, numClasses: found.numClasses });
    return found;
  };
}
