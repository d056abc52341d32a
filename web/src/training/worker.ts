import { openBrowserStore, type BrowserStore } from "../../../src/runs/browser-store.ts";
import { finalPlan, lineageId } from "./lineage.ts";
import type { Reply, Request } from "./messages.ts";
import { storeRecorder } from "./recorder.ts";
import { Trainer } from "./trainer.ts";

/** The worker's own side of its thread: TypeScript knows either pages or workers, and the page is the rest of the app. */
interface WorkerThread {
  postMessage(message: Reply, transfer: readonly ArrayBuffer[]): void;
  onmessage: ((event: MessageEvent<Request>) => void) | null;
}
const thread = globalThis as unknown as WorkerThread;

/** A message to itself comes after those of the page that already wait. A timer would cost 4 ms each. */
const channel = new MessageChannel();
let letIn: (() => void) | undefined;
channel.port1.onmessage = () => letIn?.();

/** Opened while the page still waits for its reader: a run that is started has no time to lose. */
let opened: Promise<BrowserStore> | undefined = openBrowserStore();
opened.catch(() => (opened = undefined));

const trainer = new Trainer({
  post: (reply, transfer = []) => thread.postMessage(reply, transfer),
  now: () => performance.now(),
  breathe: () =>
    new Promise((resolve) => {
      letIn = resolve;
      channel.port2.postMessage(0);
    }),
  record: async (lineage, warn) => {
    const store = await (opened ?? openBrowserStore());
    const id = lineageId(lineage);
    const recorder = await storeRecorder(store, id, finalPlan(lineage), warn);
    // A record holds one Plan: where options changed on the way, the others stand beside it.
    if (lineage.forks.length > 0) await store.setNote(id, { lineage });
    return recorder;
  },
});
thread.onmessage = ({ data }) => trainer.handle(data);
