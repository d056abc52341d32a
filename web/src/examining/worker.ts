import { examine } from "./examine.ts";
import type { ExamineReply, ExamineRequest } from "./messages.ts";

interface WorkerThread {
  postMessage(reply: ExamineReply): void;
  onmessage: ((event: MessageEvent<ExamineRequest>) => void) | null;
}
const thread = globalThis as unknown as WorkerThread;

thread.onmessage = ({ data }) => {
  const began = performance.now();
  try {
    thread.postMessage({ type: "examined", examined: examine(data), took: performance.now() - began });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    thread.postMessage({ type: "failed", call: data.call, message });
  }
};
