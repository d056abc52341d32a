import { Worker } from "node:worker_threads";
import type { Store } from "../runs/store.ts";
import type { Plan } from "../train/experiment.ts";
import type { FromWorker, Result, Task, ToWorker, WorkerData } from "./protocol.ts";
import { stopAsked, tellStep } from "./control.ts";
import { receivedError, servedStore } from "./store-link.ts";
import { trainJob, type TrainJob, type TrainResult } from "./train-job.ts";
import { trial, type Trial } from "./trial.ts";

/** Something that trains runs, one at a time. */
export interface Trainer {
  train(job: TrainJob): Promise<TrainResult>;
  trial(plan: Plan, seconds: number): Promise<Trial>;
  close(): Promise<void>;
}

/** The thread is gone: it ran out of memory, or was ended. What it held has been given back. */
export class WorkerDied extends Error {
  override name = "WorkerDied";
}

/** Starts the worker of this place. */
export type StartTrainer = (store: Store, control: Int32Array, place: number) => Trainer;

/** The built worker beside this file. */
const builtWorker = new URL("./worker.js", import.meta.url);

/**
 * Trainers that are threads of this process. Plain worker_threads: each thread keeps its own kernels, takes the next run
 * as soon as it has ended one, and asks this thread for the store; a pool library would add a queue beside the sweep's.
 * @param script the built worker: Node 20 loads no TypeScript
 */
export const threads =
  (script: URL = builtWorker): StartTrainer =>
  (store, control, place) => {
    const workerData: WorkerData = { where: store.where, control, place };
    const worker = new Worker(script, { workerData });
    const { answer, releaseAll } = servedStore(store);
    let open: { resolve: (value: Result) => void; reject: (error: Error) => void } | undefined;
    let gone: Promise<WorkerDied> | undefined;
    const end = (why: string): void => {
      gone ??= releaseAll().then(() => new WorkerDied(why));
      const asked = open;
      open = undefined;
      if (asked) void gone.then(asked.reject);
    };
    worker.on("message", (message: FromWorker) => {
      if (message.type === "store") {
        void answer(message).then((reply) => worker.postMessage(reply satisfies ToWorker));
        return;
      }
      const asked = open;
      open = undefined;
      if (message.type === "result") asked?.resolve(message.value);
      else asked?.reject(receivedError(message.error));
    });
    worker.on("error", (error) => end(`a worker ended: ${error.message}`));
    worker.on("exit", (code) => end(`a worker ended with exit code ${code}`));
    const perform = (task: Task): Promise<Result> =>
      new Promise((resolve, reject) => {
        if (gone) {
          void gone.then(reject);
          return;
        }
        open = { resolve, reject };
        worker.postMessage(task satisfies ToWorker);
      });
    return {
      train: (job) => perform({ type: "train", job }) as Promise<TrainResult>,
      trial: (plan, seconds) => perform({ type: "trial", plan, seconds }) as Promise<Trial>,
      close: async () => void (await worker.terminate()),
    };
  };

/** Trains in this very thread: for a page, for tests, and where threads cannot be had. */
export const here: StartTrainer = (store, control, place) => ({
  train: (job) =>
    trainJob(store, job, { stopped: () => stopAsked(control), at: (step) => tellStep(control, place, step) }),
  // eslint-disable-next-line @typescript-eslint/require-await -- what it throws is a rejection, as a thread's
  trial: async (plan, seconds) => trial(plan, seconds),
  close: () => Promise.resolve(),
});
