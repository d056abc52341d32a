import { BusyError } from "../../runs/errors.ts";
import type { RunRecord, Store } from "../../runs/store.ts";
import type { Plan } from "../../train/experiment.ts";
import type { SweepRun } from "../../train/sweep.ts";
import { type Standing, standings } from "../standing.ts";
import { type Trainer, WorkerDied } from "../pool.ts";
import type { TrainResult } from "../train-job.ts";
import { readJob, type ReadJob } from "./job.ts";
import { afterDeath, type JobProgress, readProgress } from "./progress.ts";
import type { AfterJob, TakenJob } from "./work-queue.ts";

/** How one run ended with a worker. */
export interface WorkedRun {
  readonly id: string;
  readonly plan: Plan;
  readonly outcome: TrainResult | { readonly kind: "aside"; readonly note: string };
}

/** What a job is worked on with. */
export interface WorkContext {
  readonly store: Store;
  /** Host and process, for those who watch. */
  readonly worker: string;
  /** The thread of this job. */
  readonly trainer: () => Trainer;
  /** Another thread in the place of one that died. */
  readonly renew: () => void;
  /** Step at which the thread is. */
  readonly step: () => number;
  /** Take up no further run. */
  readonly closing: () => boolean;
  readonly onRun: (run: WorkedRun) => void;
  /** Milliseconds between two words on how far a run is. */
  readonly sayEveryMs?: number | undefined;
  /** A run that ended so many workers in a row, without getting further, is set aside. */
  readonly deathsAllowed?: number | undefined;
}

/** Machines that are taken away at any moment end a short run's worker two or three times by chance. */
const deathsAllowed = 5;
/** A thread that dies of a run is replaced so often; then the run is set aside. */
const threadsAllowed = 2;
/** Until a run that another process trains is looked at again. */
const lookAgainMs = 5000;
const sayEveryMs = 2000;

/**
 * Trains the runs of a job that are not over. Nothing is done twice: the store says what is over and who trains what, so
 * that a job may be taken up again, or by two workers at once.
 * @throws StoreError where nothing can be stored, OtherVersion
 */
export async function workJob(taken: TakenJob, context: WorkContext): Promise<AfterJob> {
  const { store } = context;
  let job: ReadJob;
  try {
    job = readJob(taken.data);
  } catch (error) {
    if ((error as Error).name !== "UsageError") throw error;
    return { kind: "unusable", why: (error as Error).message };
  }
  const found = await standings(store, job.runs as readonly SweepRun[], job);
  const records = new Map(found.map((standing, i) => [job.runs[i].id, recordOf(standing)]));
  let deaths = deathsOf(taken, records);
  const say = (running: JobProgress["running"]) =>
    taken.say({ worker: context.worker, running, deaths } satisfies JobProgress);

  let busy = false;
  for (const [i, run] of job.runs.entries()) {
    if (found[i].kind !== "open") continue;
    if (context.closing()) break;
    const died = deaths[run.id]?.times ?? 0;
    if (died >= (context.deathsAllowed ?? deathsAllowed)) {
      const note = `its worker died ${died} times in a row while it trained this run, at step ${deaths[run.id].step}`;
      busy = !(await setAside(context, run, note)) || busy;
      continue;
    }
    await say({ id: run.id, step: records.get(run.id)?.step ?? 0 });
    const timer = setInterval(() => void say({ id: run.id, step: context.step() }), context.sayEveryMs ?? sayEveryMs);
    try {
      const result = await trainHere(context, run, job);
      if (result === undefined) continue;
      if (result.kind === "busy") busy = true;
      else {
        const { [run.id]: _, ...others } = deaths;
        deaths = others;
      }
      context.onRun({ ...run, outcome: result });
    } finally {
      clearInterval(timer);
    }
  }
  await say(null);
  if (context.closing()) return { kind: "back", delayMs: 0 };
  return busy ? { kind: "back", delayMs: lookAgainMs } : { kind: "done" };
}

const recordOf = (standing: Standing): RunRecord | undefined => standing.record;

/** Only of a worker that is gone: one that lost its connection for a while may train on. */
function deathsOf(taken: TakenJob, records: ReadonlyMap<string, RunRecord | undefined>): JobProgress["deaths"] {
  const before = readProgress(taken.progress);
  const record = before.running ? records.get(before.running.id) : undefined;
  if (record === undefined || record.heldBy !== undefined || record.status !== "running") return before.deaths;
  return afterDeath(before, () => record.step);
}

/** @returns undefined where the run was set aside */
async function trainHere(
  context: WorkContext,
  run: ReadJob["runs"][number],
  { policy, stopWhenDecided }: ReadJob,
): Promise<TrainResult | undefined> {
  for (let tries = 1; ; tries++) {
    try {
      return await context.trainer().train({ plan: run.plan, policy, stopWhenDecided });
    } catch (error) {
      if (!(error instanceof WorkerDied)) throw error;
      context.renew();
      if (tries < threadsAllowed) continue;
      await setAside(context, run, error.message);
      return undefined;
    }
  }
}

/** Keeps a run as failed that nobody can train. @returns false where another process holds it */
async function setAside({ store, onRun }: WorkContext, run: ReadJob["runs"][number], note: string): Promise<boolean> {
  try {
    const claim = await store.claim(run.id, run.plan);
    await store.finish(claim, { status: "failed", seconds: 0, note });
  } catch (error) {
    if (error instanceof BusyError) return false;
    throw error;
  }
  onRun({ ...run, outcome: { kind: "aside", note } });
  return true;
}
