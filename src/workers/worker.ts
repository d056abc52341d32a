// A thread that trains runs, one after the other. Kernels and compiled code stay from run to run; the store is the
// starting thread's.
import { parentPort, workerData } from "node:worker_threads";
import { stopAsked, tellStep } from "./control.ts";
import type { FromWorker, Result, Task, ToWorker, WorkerData } from "./protocol.ts";
import { linkedStore, sentError } from "./store-link.ts";
import { trainJob } from "./train-job.ts";
import { trial } from "./trial.ts";

const port = parentPort!;
const { where, control, place } = workerData as WorkerData;
const send = (message: FromWorker): void => port.postMessage(message);
const { store, receive } = linkedStore(where, send);

const perform = async (task: Task): Promise<Result> =>
  task.type === "trial"
    ? trial(task.plan, task.seconds)
    : trainJob(store, task.job, { stopped: () => stopAsked(control), at: (step) => tellStep(control, place, step) });

port.on("message", (message: ToWorker) => {
  if (message.type === "reply") {
    receive(message);
    return;
  }
  void perform(message).then(
    (value) => send({ type: "result", value }),
    (error: unknown) => send({ type: "error", error: sentError(error) }),
  );
});
