import { BusyError } from "../runs/errors.ts";
import { recordRun, type RecordOptions } from "../runs/record.ts";
import type { RunRecord, Store } from "../runs/store.ts";
import type { Eval } from "../train/eval.ts";
import type { Plan } from "../train/experiment.ts";
import { runId } from "../train/plan.ts";
import { setUp } from "../train/setup.ts";
import { canStillChange, contextOf, judge, type Label } from "../verdict/index.ts";

/** One run of a sweep, as a worker is asked to train it. */
export interface TrainJob {
  readonly plan: Plan;
  /** Whose label is counted. */
  readonly policy: string;
  /** End the run once no further step can change that label. */
  readonly stopWhenDecided: boolean;
}

export type TrainResult =
  | {
      readonly kind: "ended";
      readonly record: RunRecord;
      /** Under the job's policy. */
      readonly label: Label;
      /** Seconds of training in this sitting; 0 where the run was over already. */
      readonly seconds: number;
    }
  /** Another process trains it. */
  | { readonly kind: "busy"; readonly holder: string }
  /** An error ended it; the store keeps that where the Plan can be trained at all. */
  | { readonly kind: "failed"; readonly note: string };

/** Where a worker says how far it is, and is told to stop. */
export interface Control {
  readonly stopped: () => boolean;
  readonly at: (step: number) => void;
}

/** Evaluations of a sweep's runs are stored in batches of so many seconds: each batch is one transaction. */
const storeEvery = 2;

/**
 * Trains one run of a sweep and says what came of it.
 * @param train what trains; for tests
 * @throws StoreError: where nothing can be stored all must end
 */
export async function trainJob(
  store: Store,
  job: TrainJob,
  control: Control,
  train?: RecordOptions["train"],
): Promise<TrainResult> {
  const { plan, policy } = job;
  const evals: Eval[] = [];
  let before = 0;
  try {
    const context = contextOf(plan, setUp(plan).task, { finished: false });
    const decided = () =>
      evals.length > 1 && !canStillChange(evals, context, policy)
        ? `decided: no further step can change the verdict of policy ${policy}`
        : undefined;
    const run = recordRun(store, plan, {
      storeEvery,
      train,
      interrupt: control.stopped,
      stop: job.stopWhenDecided ? decided : undefined,
      onStart: (start) => {
        before = start.seconds;
        control.at(start.step);
        evals.push(...start.evals);
      },
    });
    let seconds = 0;
    for (;;) {
      const next = await run.next();
      if (next.done) {
        const record = next.value;
        return { kind: "ended", record, label: await labelOf(store, record, evals, policy), seconds };
      }
      const { step, train, test, normL1, normL2, measures } = next.value;
      control.at(step);
      seconds = next.value.seconds - before;
      evals.push({ step, train, test, normL1, normL2, ...(measures && { measures }) });
    }
  } catch (error) {
    if (error instanceof BusyError) return { kind: "busy", holder: error.holder };
    if ((error as Error).name === "StoreError") throw error;
    return { kind: "failed", note: error instanceof Error ? error.message : String(error) };
  }
}

/** The stored verdict is the default policy's; that of another is found anew. */
async function labelOf(store: Store, record: RunRecord, evals: readonly Eval[], policy: string): Promise<Label> {
  if (record.verdict?.policy === policy) return record.verdict.label;
  return labelUnder(policy, record, evals.length > 0 ? evals : await store.evals(runId(record.plan)));
}

/** What a policy says of a stored run. */
export function labelUnder(policy: string, { plan, status, verdict }: RunRecord, evals: readonly Eval[]): Label {
  const end = { finished: status === "finished", divergedAt: verdict?.divergedAt ?? undefined };
  return judge(evals, contextOf(plan, setUp(plan).task, end), policy).label;
}
