import type { ExamineReply, ExamineRequest, Examined } from "./messages.ts";

/** Looks at networks in a worker of its own, so that neither training nor the page waits. The newest question counts. */
export class Examiner {
  examined = $state.raw<Examined | undefined>();
  problem = $state<string | undefined>();
  #worker: Worker | undefined;
  #busy = false;
  #next: ExamineRequest | undefined;
  #call = 0;

  ask(request: Omit<ExamineRequest, "call">): void {
    this.#next = { ...request, call: this.#call++ };
    this.#send();
  }

  close(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#busy = false;
    this.#next = undefined;
  }

  #send(): void {
    if (this.#busy || !this.#next) return;
    this.#worker ??= this.#start();
    this.#busy = true;
    this.#worker.postMessage(this.#next);
    this.#next = undefined;
  }

  #start(): Worker {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "examiner" });
    worker.onmessage = ({ data }: MessageEvent<ExamineReply>) => {
      this.#busy = false;
      if (data.type === "examined") this.examined = data.examined;
      this.problem = data.type === "failed" ? data.message : undefined;
      this.#send();
    };
    worker.onerror = (event) => {
      this.#busy = false;
      this.problem = event.message || "the worker that analyzes could not be started";
    };
    return worker;
  }
}
