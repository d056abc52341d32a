import type * as BullMQ from "bullmq";
import type { OpenQueueOptions } from "./open-queue.ts";
import type { AfterJob, PendingJob, TakenJob, WorkQueue } from "./work-queue.ts";

type WorkerSettings = Omit<BullMQ.WorkerOptions, "connection">;

/** BullMQ's parts on one server. */
export interface Makers {
  /** Without a password. */
  readonly where: string;
  queue(name: string): BullMQ.Queue;
  events(name: string): BullMQ.QueueEvents;
  worker(name: string, processor: BullMQ.Processor, options: WorkerSettings): BullMQ.Worker;
  /** Does something that the server is asked for again while the server is away, where the driver does not. */
  readonly patiently: <T>(work: () => Promise<T>) => Promise<T>;
  close(): Promise<void>;
}

const name = "groklab";
/** Without news for this long a worker's job goes to another one. */
const lockMs = 30_000;
/** A job that BullMQ could not note as done, say because the server was gone, is taken up again: its runs are over then. */
const attempts = 1000;
const failedPause = 1000;
/** What is said of a job may wait for the server, but training does not. */
const sayWaitMs = 2000;
/** Until a server that does not answer is left without a goodbye. */
const closeMs = 10_000;
const pageSize = 500;
/** In the order in which a job passes through them, so that one that moves on meanwhile is met twice and not missed. */
const states = ["delayed", "prioritized", "waiting", "active"] as const;

export function bullQueue(bullmq: typeof BullMQ, makers: Makers, options: OpenQueueOptions): WorkQueue {
  const { onNote = () => undefined } = options;
  const queue = makers.queue(name);
  const { patiently } = makers;
  const note = seldom((line) => onNote(`queue ${makers.where}: ${line}`));
  // Every part needs a listener: an error that nobody listens to would end the process.
  const heard = <T extends { on(event: "error", listener: (error: Error) => void): unknown }>(part: T): T => {
    part.on("error", (error) => note(error.message.split("\n")[0]));
    return part;
  };
  heard(queue as never);

  return {
    where: makers.where,
    async add(jobs) {
      const keep = { removeOnComplete: true, attempts, backoff: { type: "fixed", delay: failedPause } };
      await patiently(() =>
        queue.addBulk(jobs.map(({ id, data }) => ({ name: "runs", data, opts: { ...keep, jobId: id } }))),
      );
    },
    async *pending() {
      for (const state of states) {
        for (let from = 0; ; from += pageSize) {
          const jobs = await patiently(() => queue.getJobs([state], from, from + pageSize - 1, true));
          // A job that is taken out between its name and its content is none any more.
          yield jobs.filter((job) => job !== undefined && job !== null).map(pendingJob);
          if (jobs.length < pageSize) break;
        }
      }
    },
    async clearFailed() {
      let cleared = 0;
      for (let some = [""]; some.length > 0; cleared += some.length) {
        some = await patiently(() => queue.clean(0, 1000, "failed"));
      }
      return cleared;
    },
    // A managed server may not tell who is connected.
    workers: () => queue.getWorkersCount().catch(() => 1),
    async listen(onProgress) {
      const events = heard(makers.events(name) as never) as BullMQ.QueueEvents;
      events.on("progress", ({ jobId, data }) => onProgress(jobId, data));
      await patiently(() => events.waitUntilReady());
      return () => within(closeMs, events.close());
    },
    take({ jobs, lockMs: lock = lockMs }, handle) {
      const processor: BullMQ.Processor = async (job, token) =>
        afterwards(bullmq, patiently, job, token, await handle(taken(job)));
      const worker = heard(
        makers.worker(name, processor, {
          ...{ concurrency: jobs, lockDuration: lock, stalledInterval: lock },
          // A job whose worker dies is taken up again however often: which run it dies of is found out by groklab.
          maxStalledCount: 1_000_000,
          ...(options.retryMs !== undefined && { runRetryDelay: options.retryMs }),
        }) as never,
      ) as BullMQ.Worker;
      return { close: () => within(closeMs, worker.close()).catch(() => worker.close(true)) };
    },
    async close() {
      await within(closeMs, queue.close()).catch(() => undefined);
      await makers.close();
    },
  };
}

const pendingJob = (job: BullMQ.Job): PendingJob => ({
  id: job.id ?? "",
  data: job.data as unknown,
  progress: job.progress,
});

function taken(job: BullMQ.Job): TakenJob {
  let saying: Promise<void> | undefined;
  let next: unknown;
  const send = async (progress: unknown): Promise<void> => {
    await job.updateProgress(progress as object).catch(() => undefined);
    saying = undefined;
    if (next === undefined) return;
    const latest = next;
    next = undefined;
    saying = send(latest);
    await saying;
  };
  return {
    ...pendingJob(job),
    // Of what is said while an earlier word is still on its way only the last is sent.
    say: (progress) => {
      if (saying) next = progress;
      else saying = send(progress);
      return within(sayWaitMs, saying).catch(() => undefined);
    },
  };
}

/** As BullMQ wants to be told. */
async function afterwards(
  bullmq: typeof BullMQ,
  patiently: Makers["patiently"],
  job: BullMQ.Job,
  token: string | undefined,
  after: AfterJob,
): Promise<void> {
  if (after.kind === "unusable") throw new bullmq.UnrecoverableError(after.why);
  if (after.kind === "done") return;
  if (after.delayMs > 0) {
    await patiently(() => job.moveToDelayed(Date.now() + after.delayMs, token));
    throw new bullmq.DelayedError();
  }
  await patiently(() => job.moveToWait(token));
  throw new bullmq.WaitingError();
}

function within<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("no answer")), ms);
    work.finally(() => clearTimeout(timer)).then(resolve, reject);
  });
}

/** The same line once in half a minute. */
function seldom(say: (line: string) => void): (line: string) => void {
  const said = new Map<string, number>();
  return (line) => {
    if (performance.now() - (said.get(line) ?? -Infinity) < 30_000) return;
    said.set(line, performance.now());
    say(line);
  };
}
