import { measure } from "./measure.ts";
import type { MeasureReply, MeasureRequest } from "./messages.ts";

interface WorkerThread {
  postMessage(reply: MeasureReply): void;
  onmessage: ((event: MessageEvent<MeasureRequest>) => void) | null;
}
const thread = globalThis as unknown as WorkerThread;

thread.onmessage = ({ data }) => {
  try {
    thread.postMessage(measure(data));
  } catch (error) {
    thread.postMessage({ type: "failed", message: error instanceof Error ? error.message : String(error) });
  }
};
