import { runId } from "../../../../src/train/plan.ts";
import { isShipped, recordingsOf, shippedFile } from "../story/data/recordings.ts";
import { readSentences, type SentenceRow } from "./sentences.ts";
import { isStructure, type StructureRun } from "./structure-facts.ts";

/** The runs of transformers that a page knows. Reactive. */
export class StructureData {
  state = $state<"none" | "loading" | "ready" | "absent">("none");
  /** Those of the recording: what the story tells of. */
  shipped = $state.raw<readonly StructureRun[]>([]);
  #own = $state.raw<readonly StructureRun[]>([]);
  sentences = $state.raw<readonly SentenceRow[]>([]);
  /** Why there are no sentences, where their file is damaged. */
  problem = $state<string | undefined>();
  #loading: Promise<void> | undefined;

  /** A run that is shipped and stored is one: measured as it is shipped, with the weights that are stored. */
  readonly runs = $derived.by((): readonly StructureRun[] => {
    const own = new Map(this.#own.map((run) => [run.id, run]));
    const shipped = this.shipped.map((run) => ({ ...run, source: own.get(run.id)?.source }));
    const names = new Set(shipped.map(({ id }) => id));
    return [...shipped, ...this.#own.filter(({ id }) => !names.has(id))];
  });

  /** Those that are shipped, once, and those that the page finds elsewhere. */
  async load(stored?: () => Promise<readonly StructureRun[]>): Promise<void> {
    if (this.state === "none") this.state = "loading";
    this.#loading ??= this.#loadShipped();
    const [own] = await Promise.all([stored?.().catch(() => []), this.#loading]);
    if (own) this.setStored(own);
    this.state = this.runs.length > 0 ? "ready" : "absent";
  }

  setStored(runs: readonly StructureRun[]): void {
    this.#own = runs.filter(({ plan }) => isStructure(plan));
    if (this.#own.length > 0) this.state = "ready";
  }

  async #loadShipped(): Promise<void> {
    const shipped = await recordingsOf("structure").catch(() => []);
    this.shipped = shipped.flatMap(({ plan, evals }) => (isStructure(plan) ? [{ id: runId(plan), plan, evals }] : []));
    if (this.shipped.length === 0) return;
    try {
      if (!(await isShipped("structure-sentences.json"))) return;
      this.sentences = readSentences(
        JSON.parse(new TextDecoder().decode(await shippedFile("structure-sentences.json"))),
      );
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }
}

export const structureData = new StructureData();
