import type { WholeRun } from "../../../src/runs/browser-store.ts";
import type { RunRecord } from "../../../src/runs/store.ts";
import type { NamedArrays } from "../../../src/tensor/index.ts";
import type { Eval } from "../../../src/train/eval.ts";
import { localStore } from "./local.ts";
import { servedSource } from "./served.ts";

/** A place whose runs the app shows. */
export interface RunSource {
  readonly kind: "browser" | "served";
  /** As the reader would call it. */
  readonly name: string;
  /** Newest first. */
  list(): Promise<readonly RunRecord[]>;
  evals(id: string): Promise<readonly Eval[]>;
  /** Steps whose weights are kept, ascending. */
  checkpoints(id: string): Promise<readonly number[]>;
  weights(id: string, step: number): Promise<NamedArrays>;
  /** Everything, so that it can be taken up elsewhere. */
  whole(id: string): Promise<WholeRun>;
  remove(id: string): Promise<void>;
  /** Calls back with the records that changed, until the returned function is called. */
  watch(changed: (records: readonly RunRecord[]) => void): () => void;
}

/** Milliseconds between two looks at the browser's own store. */
const lookEvery = 1000;

const browserSource: RunSource = {
  kind: "browser",
  name: "This browser",
  list: async () => (await localStore()).list(),
  evals: async (id) => (await localStore()).evals(id),
  checkpoints: async (id) => (await localStore()).checkpoints(id),
  weights: async (id, step) => (await (await localStore()).loadCheckpoint(id, step)).params,
  remove: async (id) => (await localStore()).delete(id),
  async whole(id) {
    const found = await (await localStore()).whole(id);
    if (!found) throw new Error(`run ${id} is not stored in this browser`);
    return found;
  },
  watch(changed) {
    const seen = new Map<string, string>();
    let first = true;
    const look = async (): Promise<void> => {
      if (document.visibilityState === "hidden") return;
      const records = await localStore().then(
        (store) => store.list({ limit: 200 }),
        () => [],
      );
      const state = ({ updatedAt, status, heldBy }: RunRecord) => `${updatedAt} ${status} ${heldBy ?? ""}`;
      const news = records.filter((record) => seen.get(record.id) !== state(record));
      for (const record of news) seen.set(record.id, state(record));
      if (news.length > 0 && !first) changed(news);
      first = false;
    };
    void look();
    const timer = setInterval(() => void look(), lookEvery);
    return () => clearInterval(timer);
  },
};

/** This browser's runs and, where `groklab open` serves the page, those of its store, which come first. */
export function runSources(): readonly RunSource[] {
  const served = servedSource();
  return served ? [served, browserSource] : [browserSource];
}
