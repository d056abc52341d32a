import type { Plan } from "../train/experiment.ts";
import type { SentError, StoreCall, StoreReply } from "./store-link.ts";
import type { TrainJob, TrainResult } from "./train-job.ts";
import type { Trial } from "./trial.ts";

/** What a thread is started with. */
export interface WorkerData {
  readonly where: string;
  /** Shared: `[stop, step of worker 0, step of worker 1, …]`. */
  readonly control: Int32Array;
  /** Its place in `control`. */
  readonly place: number;
}

/** What a thread is asked to do; one thing at a time. */
export type Task =
  | { readonly type: "train"; readonly job: TrainJob }
  | { readonly type: "trial"; readonly plan: Plan; readonly seconds: number };
export type Result = TrainResult | Trial;

export type ToWorker = Task | StoreReply;
export type FromWorker =
  | StoreCall
  | { readonly type: "result"; readonly value: Result }
  | { readonly type: "error"; readonly error: SentError };
