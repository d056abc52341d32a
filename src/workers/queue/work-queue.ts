/** What a queue is asked for, whatever keeps it. */
export interface WorkQueue {
  /** Where it is, without its password. */
  readonly where: string;
  /** Puts jobs there; one whose id is there already is not put there twice. */
  add(jobs: readonly NewJob[]): Promise<void>;
  /** Jobs that wait or are at work, some at a time. */
  pending(): AsyncGenerator<readonly PendingJob[]>;
  /** Forgets jobs that ended in an error, so that their ids can be put there again. @returns how many */
  clearFailed(): Promise<number>;
  /** How many processes take work from it. */
  workers(): Promise<number>;
  /** Calls back for everything that workers say of their jobs, until the returned function is called. */
  listen(onProgress: (id: string, progress: unknown) => void): Promise<() => Promise<void>>;
  /** Takes work, so many jobs at a time. */
  take(options: TakeOptions, handle: (job: TakenJob) => Promise<AfterJob>): Taker;
  close(): Promise<void>;
}

export interface NewJob {
  readonly id: string;
  readonly data: unknown;
}
export interface PendingJob extends NewJob {
  readonly progress: unknown;
}

export interface TakeOptions {
  readonly jobs: number;
  /** Milliseconds after which a job whose worker is not heard of goes to another one. */
  readonly lockMs?: number | undefined;
}

/** A job that this process has. */
export interface TakenJob extends PendingJob {
  /** Keeps what is said of it with the job, and tells whoever listens. Never fails: what cannot be said is not said. */
  say(progress: unknown): Promise<void>;
}

/** What becomes of a job: it is done; it goes back, to be taken again at once or after some milliseconds; nobody can do it. */
export type AfterJob =
  | { readonly kind: "done" }
  | { readonly kind: "back"; readonly delayMs: number }
  | { readonly kind: "unusable"; readonly why: string };

export interface Taker {
  /** Takes no more jobs; resolves when those at work have ended. */
  close(): Promise<void>;
}

/** The queue cannot be reached, or is not fit for this. One line. */
export class QueueError extends Error {
  override name = "QueueError";
}
