import { hostname } from "node:os";
import type { Store } from "../../runs/store.ts";
import { askToStop, newControl, stepOf } from "../control.ts";
import { type StartTrainer, threads, type Trainer } from "../pool.ts";
import { type WorkContext, type WorkedRun, workJob } from "./work-job.ts";
import type { AfterJob, TakenJob, TakeOptions, WorkQueue } from "./work-queue.ts";

export interface QueueWorkerOptions extends Partial<TakeOptions>, Pick<WorkContext, "sayEveryMs" | "deathsAllowed"> {
  /** Runs trained at the same time: threads, each with one job. */
  readonly workers: number;
  /** Takes no more runs; those in progress are trained to their end. */
  readonly drain?: AbortSignal | undefined;
  /** Saves the runs in progress and gives their jobs back. */
  readonly stop?: AbortSignal | undefined;
  readonly onRun?: ((run: WorkedRun) => void) | undefined;
  /** One line about a job, or about the queue. */
  readonly onNote?: ((line: string) => void) | undefined;
  /** What trains; threads of this process by default. */
  readonly start?: StartTrainer | undefined;
  /** Ends once the queue is empty. */
  readonly once?: boolean | undefined;
}

/** Between two looks at whether the queue is empty. */
const emptyEveryMs = 500;

/**
 * Takes jobs from a queue and trains their runs, until it is told to stop.
 * @throws StoreError where nothing can be stored, OtherVersion where the queue holds another version's work
 */
export async function queueWorker(store: Store, queue: WorkQueue, options: QueueWorkerOptions): Promise<void> {
  const { workers, drain, stop, start = threads(), onNote, onRun = () => undefined } = options;
  const control = newControl(workers);
  const trainers: Trainer[] = [];
  const renew = (place: number): void => void (trainers[place] = start(store, control, place));
  for (let place = 0; place < workers; place++) renew(place);
  const free = trainers.map((_, place) => place);

  let failure: Error | undefined;
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const onStop = (): void => {
    askToStop(control);
    end();
  };
  const onDrain = (): void => end();
  drain?.addEventListener("abort", onDrain);
  stop?.addEventListener("abort", onStop);
  if (stop?.aborted) onStop();
  if (drain?.aborted) onDrain();
  const closing = (): boolean => failure !== undefined || (drain?.aborted ?? false) || (stop?.aborted ?? false);

  async function handle(job: TakenJob): Promise<AfterJob> {
    const place = free.shift();
    if (place === undefined || closing()) return { kind: "back", delayMs: 0 };
    try {
      const after = await workJob(job, {
        ...{ store, worker: `${hostname()} ${process.pid}`, closing, onRun },
        ...{ sayEveryMs: options.sayEveryMs, deathsAllowed: options.deathsAllowed },
        trainer: () => trainers[place],
        renew: () => renew(place),
        step: () => stepOf(control, place),
      });
      if (after.kind === "unusable") onNote?.(`job ${job.id} cannot be used: ${after.why}`);
      return after;
    } catch (error) {
      // Nothing can be stored, or this is not the work of this version: others may do better.
      failure ??= error as Error;
      onStop();
      return { kind: "back", delayMs: 0 };
    } finally {
      free.push(place);
    }
  }

  const taker = queue.take({ jobs: workers, lockMs: options.lockMs }, handle);
  const timer = options.once ? setInterval(() => void look(), emptyEveryMs) : undefined;
  async function look(): Promise<void> {
    if (free.length < workers) return;
    for await (const some of queue.pending()) if (some.length > 0) return;
    end();
  }
  try {
    await ended;
    await taker.close();
  } finally {
    clearInterval(timer);
    drain?.removeEventListener("abort", onDrain);
    stop?.removeEventListener("abort", onStop);
    await Promise.all(trainers.map((trainer) => trainer.close()));
  }
  if (failure) throw failure;
}
