import { runId } from "../../../../src/train/plan.ts";
import { isShipped, recordingsOf, shippedFile } from "../story/data/recordings.ts";
import { readSentences, type SentenceRow } from "./sentences.ts";
import { isStructure, type StructureRun } from "./structure-facts.ts";

/** The runs of transformers that a page knows. Reactive. */
export class StructureData {
  state = $state<"none" | "loading" | "ready" | "absent">("none");
  runs = $state.raw<readonly StructureRun[]>([]);
  sentences = $state.raw<readonly SentenceRow[]>([]);
  /** Why there are no sentences, where their file is damaged. */
  problem = $state<string | undefined>();

  /** Those that are shipped, and of a store those that are transformers'. */
  async load(stored?: () => Promise<readonly StructureRun[]>): Promise<void> {
    // The story asks for what is shipped, the view for more.
    if (this.state === "loading" || (this.state !== "none" && !stored)) return;
    this.state = "loading";
    const [shipped, own] = await Promise.all([
      recordingsOf("structure").catch(() => []),
      stored?.().catch(() => []) ?? [],
    ]);
    const runs = [...shipped.map(({ plan, evals }) => ({ id: runId(plan), plan, evals })), ...own];
    this.set(runs.filter(({ plan }) => isStructure(plan)));
    if (this.runs.length > 0) await this.#loadSentences();
  }

  set(runs: readonly StructureRun[], sentences: readonly SentenceRow[] = []): void {
    this.runs = runs;
    this.sentences = sentences;
    this.state = runs.length > 0 ? "ready" : "absent";
  }

  async #loadSentences(): Promise<void> {
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
