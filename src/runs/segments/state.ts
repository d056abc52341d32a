import type { Eval } from "../../train/eval.ts";
import { mergeEvals } from "../series.ts";
import { packEvals, unpackEvals } from "../series-blob.ts";
import type { RunRecord, SweepRecord } from "../store.ts";
import type { SegmentEvent } from "./events.ts";

export interface SegmentRun {
  readonly record: RunRecord;
  /** Evaluations as they came, packed. */
  readonly packed: readonly Uint8Array[];
  /** Who trains it; absent when nobody does. */
  readonly owner?: string;
}

const isOver = ({ status }: RunRecord): boolean => status === "finished" || status === "diverged";

/** What the events of a segment amount to. */
export class SegmentState {
  readonly runs = new Map<string, SegmentRun>();
  readonly sweeps = new Map<string, SweepRecord>();

  evals(id: string): readonly Eval[] {
    return mergeEvals((this.runs.get(id)?.packed ?? []).map(unpackEvals));
  }

  apply(event: SegmentEvent): void {
    const updatedAt = new Date(event.at).toISOString();
    if (event.type === "sweep") {
      const { sweep } = event;
      this.sweeps.set(sweep.id, {
        ...sweep,
        createdAt: this.sweeps.get(sweep.id)?.createdAt ?? updatedAt,
        updatedAt,
      });
      return;
    }
    const { id } = event;
    const run = this.runs.get(id);
    if (event.type === "claim") {
      const { plan, software, createdAt, seconds, owner } = event;
      const made: RunRecord = { id, plan, status: "running", step: 0, createdAt, updatedAt, seconds, software };
      const before = run?.record ?? made;
      const status = isOver(before) ? before.status : "running";
      this.runs.set(id, { record: { ...before, status, software, updatedAt }, packed: run?.packed ?? [], owner });
      return;
    }
    // Without its claim, whose line is damaged, nothing is known of what was trained.
    if (!run) return;
    const { record, packed, owner } = run;
    switch (event.type) {
      case "evals": {
        const data = Buffer.from(event.data, "base64");
        const last = mergeEvals([record.last ? [record.last] : [], unpackEvals(data)]).at(-1);
        const moved: RunRecord = { ...record, updatedAt, ...(last && { last, step: last.step }) };
        this.runs.set(id, { record: moved, packed: [...packed, data], ...(owner !== undefined && { owner }) });
        return;
      }
      case "finish": {
        const { seconds, ...ending } = event.ending;
        const { verdict: _, weightsHash: __, note: ___, ...rest } = record;
        const ended: RunRecord = { ...rest, ...ending, updatedAt, seconds: rest.seconds + seconds };
        this.runs.set(id, { record: ended, packed: [packEvals(this.evals(id))] });
        return;
      }
      case "release":
        this.runs.set(id, {
          record: { ...record, updatedAt, status: record.status === "running" ? "stopped" : record.status },
          packed,
        });
        return;
      case "forget":
        this.runs.delete(id);
    }
  }

  /** Nobody trains anything: the writer is gone. */
  abandon(): void {
    for (const [id, { record, packed }] of this.runs) this.runs.set(id, { record, packed });
  }
}
