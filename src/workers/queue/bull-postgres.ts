import type * as BullMQ from "bullmq";
import type { ClientConfig } from "pg";
import { StoreError } from "../../runs/errors.ts";
import { isNotYetReady } from "../../runs/postgres/errors.ts";
import { patience } from "../../runs/postgres/patience.ts";
import { postgresPlace } from "../../runs/postgres/place.ts";
import type { Makers } from "./bull-queue.ts";
import { QueueError } from "./work-queue.ts";

/** Connections of one part of BullMQ in one process. */
const most = 4;
/** Milliseconds that the server may be away: at the start, when it should be ready in a moment; and at work. */
const away = { atStart: 20_000, atWork: 600_000 };

/**
 * BullMQ on PostgreSQL, in a schema of its own (`bullmq`). Its tables are made, or brought up to date, once for all.
 * @throws QueueError where the server cannot be reached
 */
export async function postgresMakers(
  bullmq: typeof BullMQ,
  text: string,
  onNote: (line: string) => void,
): Promise<Makers> {
  const { address, where } = postgresPlace(text);
  const { default: pg } = await import("pg");
  const settings = { connectionString: address, fallback_application_name: "groklab", keepAlive: true };
  const migrate = async (): Promise<void> => {
    const client = new pg.Client({ ...settings, connectionTimeoutMillis: 15_000 });
    client.on("error", () => undefined);
    try {
      await client.connect();
      // Under a lock of its own: of many starters one does it, the others wait.
      await bullmq.runMigrations(client);
    } finally {
      await client.end().catch(() => undefined);
    }
  };
  try {
    await patience({ where, limit: away.atStart, onWarning: onNote, isLoss: isNotYetReady })(migrate);
  } catch (error) {
    throw error instanceof StoreError ? new QueueError(error.message) : new QueueError(`${where}: cannot be used: ${(error as Error).message}`); // prettier-ignore
  }
  /** BullMQ lends out its clients without a listener: a server that ends one of them would end the process. */
  class HeardClient extends pg.Client {
    constructor(config?: string | ClientConfig) {
      super(config);
      this.on("error", () => undefined);
    }
  }
  const connection = { ...settings, max: most, Client: HeardClient };
  const { createPostgresBackend: backend } = bullmq;
  return {
    where,
    queue: (name) => new bullmq.Queue(name, { connection }, backend) as unknown as BullMQ.Queue,
    events: (name) => new bullmq.QueueEvents(name, { connection }, backend) as unknown as BullMQ.QueueEvents,
    worker: (name, processor, options) =>
      new bullmq.Worker(name, processor, { ...options, connection }, backend) as unknown as BullMQ.Worker,
    patiently: patience({ where, limit: away.atWork, onWarning: onNote }),
    close: () => Promise.resolve(),
  };
}
