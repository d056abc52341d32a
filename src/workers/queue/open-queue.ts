import { suggestion, UsageError } from "../../options.ts";
import { withoutPasswords } from "../../runs/passwords.ts";
import { bullQueue } from "./bull-queue.ts";
import { postgresMakers } from "./bull-postgres.ts";
import { redisMakers } from "./bull-redis.ts";
import { type WorkQueue } from "./work-queue.ts";

export interface OpenQueueOptions {
  /** One line about the connection: lost, found again. */
  readonly onNote?: ((line: string) => void) | undefined;
  /** For tests: milliseconds until work that failed for a lost connection is tried again. */
  readonly retryMs?: number | undefined;
}

/**
 * The queue at `redis://…`, `rediss://…` (TLS) or `postgres://…`, kept by BullMQ.
 * @throws UsageError for another address, or where BullMQ is not installed; QueueError where the server cannot be reached
 */
export async function openQueue(where: string, options: OpenQueueOptions = {}): Promise<WorkQueue> {
  const scheme = (/^([a-z][a-z0-9+.-]*):\/\//i.exec(where)?.[1] ?? "").toLowerCase();
  const isPostgres = scheme === "postgres" || scheme === "postgresql";
  if (!isPostgres && scheme !== "redis" && scheme !== "rediss") {
    const near = suggestion(`${scheme}:`, ["redis:", "rediss:", "postgres:"]);
    throw new UsageError(`--queue: "${withoutPasswords(where).slice(0, 60)}" is not allowed; give redis://…, rediss://… or postgres://…${near}`); // prettier-ignore
  }
  try {
    const bullmq = await import("bullmq");
    const note = (line: string): void => options.onNote?.(`queue ${line}`);
    const makers = await (isPostgres ? postgresMakers(bullmq, where, note) : redisMakers(bullmq, where));
    return bullQueue(bullmq, makers, options);
  } catch (error) {
    if ((error as { code?: string }).code !== "ERR_MODULE_NOT_FOUND") throw error;
    const install = isPostgres ? "npm install bullmq@6.7" : "npm install bullmq@6.7 ioredis@5";
    throw new UsageError(`--queue: the queue needs BullMQ, which is not installed; ${install}`);
  }
}
