import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import type { RunRecord, Store } from "../../runs/store.ts";

/** Runs that are looked at on each occasion besides those in training: short ones may begin and end between two looks. */
const newest = 100;

/** Whose records changed since the last look, over a store of any size. */
export class Watch {
  readonly #store: Store;
  #seen = new Map<string, string>();
  #running: readonly string[] = [];
  #first = true;

  constructor(store: Store) {
    this.#store = store;
  }

  async changes(): Promise<readonly RunRecord[]> {
    const running = await this.#store.list({ status: "running" });
    const recent = await this.#store.list({ limit: newest });
    const now = new Set(running.map(({ id }) => id));
    const ended = await this.#store.records(this.#running.filter((id) => !now.has(id)));
    this.#running = [...now];
    const byId = new Map([...recent, ...running, ...ended].map((record) => [record.id, record]));
    const changed = [...byId.values()].filter((record) => this.#seen.get(record.id) !== state(record));
    for (const record of changed) this.#seen.set(record.id, state(record));
    // What was there before the page came, it has asked for by itself.
    const first = this.#first;
    this.#first = false;
    return first ? [] : changed;
  }
}

const state = ({ updatedAt, status, step, heldBy }: RunRecord): string =>
  `${updatedAt} ${status} ${step} ${heldBy ?? ""}`;

/** Tells a page which records changed, until it goes. An empty line now and then keeps the connection. */
export function updates(context: Context, store: Store, lookEvery = 1000): Response {
  return streamSSE(context, async (stream) => {
    const watch = new Watch(store);
    let quiet = 0;
    while (!stream.aborted && !stream.closed) {
      const records = await watch.changes().catch(() => []);
      if (records.length > 0) await stream.writeSSE({ event: "runs", data: JSON.stringify(records) });
      else if (quiet++ % 15 === 0) await stream.writeSSE({ event: "alive", data: "" });
      await stream.sleep(lookEvery);
    }
  });
}
