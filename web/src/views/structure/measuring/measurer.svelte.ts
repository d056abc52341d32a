import type { StructureMeasures } from "../../../../../src/analyses/language/structure-measures.ts";
import type { SentenceRow } from "../sentences.ts";
import type { StructureRun } from "../structure-facts.ts";
import { fromCoarse } from "./order.ts";
import type { MeasureReply, MeasureRequest } from "./messages.ts";

/** Sentences of the last weights that are taken apart. */
const shown = 4;

/** What was found of a run. */
export interface Found {
  readonly measures: ReadonlyMap<number, StructureMeasures>;
  readonly sentences: readonly SentenceRow[];
}
const nothing: Found = { measures: new Map(), sentences: [] };
const known = new Map<string, Found>();

/**
 * Measures the checkpoints of a stored run in a worker of its own, the last one first, then evenly over its steps: a
 * curve is coarse soon, and fine in the end. What was measured is kept as long as the page. Reactive.
 */
export class Measurer {
  found = $state.raw<Found>(nothing);
  done = $state(0);
  total = $state(0);
  problem = $state<string | undefined>();
  /** The run that `found` is of. */
  of = $state<string | undefined>();
  #worker: Worker | undefined;
  #run: string | undefined;

  /** Begins with this run, and leaves the one before. */
  async begin({ id, plan, source, step: newest }: StructureRun): Promise<void> {
    const key = `${id} ${newest ?? ""}`;
    if (this.#run === key) return;
    this.close();
    this.#run = key;
    this.of = id;
    this.found = known.get(key) ?? nothing;
    this.problem = undefined;
    [this.done, this.total] = [0, 0];
    if (!source) return;
    try {
      const steps = fromCoarse(await source.checkpoints(id));
      if (this.#run !== key) return;
      this.total = steps.length;
      for (const [i, step] of steps.entries()) {
        if (!this.found.measures.has(step)) {
          const params = await source.weights(id, step);
          if (this.#run !== key) return;
          const reply = await this.#ask({ plan, step, params, sentences: i === 0 ? shown : 0 });
          if (this.#run !== key) return;
          if (reply.type === "failed") throw new Error(reply.message);
          this.found = {
            measures: new Map([...this.found.measures, [step, reply.measures]]),
            sentences: [...this.found.sentences, ...reply.sentences.map((row) => ({ ...row, run: id, step }))],
          };
          known.set(key, this.found);
        }
        this.done = i + 1;
      }
    } catch (error) {
      if (this.#run === key) this.problem = error instanceof Error ? error.message : String(error);
    }
    if (this.#run === key) this.#end();
  }

  close(): void {
    this.#run = undefined;
    this.of = undefined;
    this.#end();
  }

  #end(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  #ask(request: MeasureRequest): Promise<MeasureReply> {
    this.#worker ??= new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "measurer" });
    const worker = this.#worker;
    return new Promise((resolve) => {
      worker.onmessage = ({ data }: MessageEvent<MeasureReply>) => resolve(data);
      worker.onerror = (event) =>
        resolve({ type: "failed", message: event.message || "the worker that measures could not be started" });
      worker.postMessage(request);
    });
  }
}
