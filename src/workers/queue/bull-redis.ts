import type * as BullMQ from "bullmq";
import { withoutPassword } from "../../runs/passwords.ts";
import type { Makers } from "./bull-queue.ts";
import { QueueError } from "./work-queue.ts";

const connectMs = 10_000;

/**
 * BullMQ on Redis. A password that the address leaves out is read from REDISCLI_AUTH, as redis-cli does.
 * @throws QueueError where the server cannot be reached, or may throw work away
 */
export async function redisMakers(bullmq: typeof BullMQ, address: string): Promise<Makers> {
  const { Redis } = await import("ioredis");
  const where = withoutPassword(address);
  const password = process.env["REDISCLI_AUTH"];
  const secret = where === address && password !== undefined ? { password } : {};
  const once = { ...secret, lazyConnect: true, retryStrategy: () => null, connectTimeout: connectMs };
  const probe = new Redis(address, { ...once, maxRetriesPerRequest: 0 });
  let said = "";
  probe.on("error", (error: Error) => (said = error.message));
  try {
    await probe.connect();
    checkPolicy(where, await probe.info("memory").catch(() => ""));
  } catch (error) {
    if (error instanceof QueueError) throw error;
    throw new QueueError(`${where}: cannot be reached: ${said === "" ? (error as Error).message : said}`);
  } finally {
    probe.disconnect();
  }
  // BullMQ asks for `null`: commands wait until the server is there again.
  const made: InstanceType<typeof Redis>[] = [];
  const connection = () => {
    const client = new Redis(address, { ...secret, maxRetriesPerRequest: null, retryStrategy });
    client.on("error", () => undefined); // told by BullMQ's own events
    made.push(client);
    return client;
  };
  return {
    where,
    queue: (name) => new bullmq.Queue(name, { connection: connection() }),
    events: (name) => new bullmq.QueueEvents(name, { connection: connection() }),
    worker: (name, processor, options) => new bullmq.Worker(name, processor, { ...options, connection: connection() }),
    patiently: (work) => work(),
    close: () => {
      for (const client of made) client.disconnect();
      return Promise.resolve();
    },
  };
}

/** Milliseconds until the next attempt to connect. */
const retryStrategy = (times: number): number => Math.min(100 * times, 2000);

/** A server that evicts keys loses work without a word. A managed one may not tell. */
function checkPolicy(where: string, info: string): void {
  const [, policy] = /^maxmemory_policy:(\S+)/m.exec(info) ?? [];
  if (policy === undefined || policy === "noeviction") return;
  throw new QueueError(`${where}: its maxmemory-policy is ${policy}, which throws work away when memory is short; set it to noeviction`); // prettier-ignore
}
