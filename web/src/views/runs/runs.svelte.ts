import type { RunRecord } from "../../../../src/runs/store.ts";
import { runSources, type RunSource } from "../../stores/run-source.ts";
import { rowOf, type Row } from "./table.ts";

/** A deletion that can still be undone. */
export interface PendingDeletion {
  readonly ids: ReadonlySet<string>;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** Milliseconds in which a deletion can be undone: nothing is deleted before. */
export const undoMs = 8000;

/** The runs of one place, as they change. */
export class RunsModel {
  readonly sources = runSources();
  source = $state.raw<RunSource>(this.sources[0]);
  loading = $state(true);
  problem = $state<string | undefined>();
  pending = $state.raw<PendingDeletion | undefined>();
  #records = $state.raw<ReadonlyMap<string, RunRecord>>(new Map());
  #stop: (() => void) | undefined;

  readonly rows = $derived.by((): readonly Row[] => {
    const gone = this.pending?.ids;
    const all = [...this.#records.values()];
    return (gone ? all.filter(({ id }) => !gone.has(id)) : all).map(rowOf);
  });

  async open(source: RunSource): Promise<void> {
    this.close();
    this.source = source;
    this.loading = true;
    this.problem = undefined;
    this.#records = new Map();
    try {
      const records = await source.list();
      if (this.source !== source) return;
      this.#records = new Map(records.map((record) => [record.id, record]));
      this.#stop = source.watch((changed) => {
        this.#records = new Map([...this.#records, ...changed.map((record) => [record.id, record] as const)]);
      });
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    } finally {
      this.loading = false;
    }
  }

  /** Takes runs out of the table; they are deleted when nobody undid it for a while, or the view is left. */
  remove(ids: readonly string[]): void {
    this.commit();
    this.pending = { ids: new Set(ids), timer: setTimeout(() => this.commit(), undoMs) };
  }

  undo(): void {
    if (this.pending) clearTimeout(this.pending.timer);
    this.pending = undefined;
  }

  /** Deletes what was taken out. */
  commit(): void {
    const { pending, source } = this;
    if (!pending) return;
    clearTimeout(pending.timer);
    this.pending = undefined;
    this.#records = new Map([...this.#records].filter(([id]) => !pending.ids.has(id)));
    for (const id of pending.ids) {
      source.remove(id).catch((error: unknown) => {
        this.problem = error instanceof Error ? error.message : String(error);
        void source.list().then((records) => (this.#records = new Map(records.map((r) => [r.id, r]))));
      });
    }
  }

  close(): void {
    this.commit();
    this.#stop?.();
    this.#stop = undefined;
  }
}
