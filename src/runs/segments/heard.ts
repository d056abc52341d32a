import type { Ending, NewSweep } from "../store.ts";
import type { SegmentEvent } from "./events.ts";

/** What a stretch of a segment says of one run. */
export interface HeardRun {
  readonly id: string;
  /** The last claim in the stretch. */
  claim?: Extract<SegmentEvent, { type: "claim" }>;
  /** Who trains or trained it. */
  owner: string;
  /** It was not given back by the end of the stretch. */
  held: boolean;
  readonly packed: Uint8Array[];
  /** How it ended, where that is the last that is said of it. */
  ending?: Ending;
  /** Of all sittings in the stretch. */
  seconds: number;
  at: number;
}
export interface Heard {
  readonly runs: readonly HeardRun[];
  readonly sweeps: readonly NewSweep[];
  /** Who wrote the end of the stretch. */
  readonly owner: string;
}

/** Brings the events of a stretch together, run by run. @param before who wrote what lies before it */
export function collect(events: readonly SegmentEvent[], before: string): Heard {
  let owner = before;
  const runs = new Map<string, HeardRun>();
  const sweeps = new Map<string, NewSweep>();
  for (const event of events) {
    if (event.type === "sweep") {
      sweeps.set(event.sweep.id, event.sweep);
      continue;
    }
    const { id, at } = event;
    const run: HeardRun = runs.get(id) ?? { id, owner, held: true, packed: [], seconds: 0, at };
    run.at = at;
    if (event.type === "forget") {
      runs.delete(id);
      continue;
    }
    runs.set(id, run);
    if (event.type === "claim") {
      owner = event.owner;
      Object.assign(run, { claim: event, owner, held: true });
      delete run.ending;
    } else if (event.type === "evals") run.packed.push(Buffer.from(event.data, "base64"));
    else {
      run.held = false;
      if (event.type === "finish") Object.assign(run, { ending: event.ending, seconds: run.seconds + event.ending.seconds }); // prettier-ignore
    }
  }
  return { runs: [...runs.values()], sweeps: [...sweeps.values()], owner };
}
