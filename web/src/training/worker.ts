import type { Reply, Request } from "./messages.ts";
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

const trainer = new Trainer({
  post: (reply, transfer = []) => thread.postMessage(reply, transfer),
  now: () => performance.now(),
  breathe: () =>
    new Promise((resolve) => {
      letIn = resolve;
      channel.port2.postMessage(0);
    }),
});
thread.onmessage = ({ data }) => trainer.handle(data);
