import type { ExamineReply, ExamineRequest, Examined } from "./messages.ts";

/** Milliseconds between two looks at a network that is being trained, at the least. */
const leastWait = 250;
/** A look at one is followed by so many times its own duration without one: training needs the processor, too. */
const restFactor = 14;
/** But whoever watches sees it change. */
const longestWait = 2000;

/** Looks at networks in a worker of its own, so that neither training nor the page waits. The newest question counts. */
export class Examiner {
  examined = $state.raw<Examined | undefined>();
  problem = $state<string | undefined>();
  #worker: Worker | undefined;
  #busy = false;
  #next: ExamineRequest | undefined;
  #call = 0;
  /** When a network that is being trained may be looked at again. */
  #rested = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param live it changes on: there will be a newer question soon */
  ask(request: Omit<ExamineRequest, "call">, live = false): void {
    this.#next = { ...request, call: this.#call++ };
    clearTimeout(this.#timer);
    const wait = live ? this.#rested - performance.now() : 0;
    if (wait <= 0) return this.#send();
    this.#timer = setTimeout(() => this.#send(), wait);
  }

  /** Milliseconds until a network that is being trained may be looked at again: newer weights come not before. */
  get restLeft(): number {
    return Math.max(0, this.#rested - performance.now());
  }

  close(): void {
    clearTimeout(this.#timer);
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
      if (data.type === "examined") {
        this.examined = data.examined;
        const wait = Math.min(longestWait, Math.max(leastWait, restFactor * data.took));
        this.#rested = performance.now() + wait;
      }
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
