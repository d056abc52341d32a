import { UsageError } from "../options.ts";
import { BusyError } from "./errors.ts";
import { evalToJson } from "./series.ts";
import { packEvals } from "./series-blob.ts";
import type { Archive, RunRecord, Store } from "./store.ts";
import type { Eval } from "../train/eval.ts";

/**
 * - `copied`: was not there
 * - `updated`: what was there is an earlier state of the same run
 * - `there`: is there already, to the bit, or further along
 * - `held`: is being trained, here or there, or was changed while it was copied
 * - `different`: what is there is another run of the same Plan, and stays
 * - `failed`: could not be read or written
 */
export type CopyOutcome = "copied" | "updated" | "there" | "held" | "different" | "failed";

export interface CopyEnd {
  readonly id: string;
  readonly outcome: CopyOutcome;
  /** Why, of a run that was not copied. */
  readonly note?: string;
}

export interface CopyOptions {
  /** Called for each run. */
  readonly onRun?: (end: CopyEnd) => void;
  /** Ends after the runs in progress. */
  readonly signal?: AbortSignal;
}

/** Runs copied at the same time: one waits for the disk or the server while another is packed. */
const lanes = 4;

/**
 * Copies runs from one store to another, bit for bit: plan, dates, verdict and failure, every evaluation, every
 * checkpoint. A run's record is written last, so that what was cut off is seen to be unfinished and copied again; the
 * source is only read.
 * @throws UsageError for a store that cannot be copied from or to, StoreError where nothing can be written
 */
export async function copyRuns(
  from: Store,
  to: Store,
  records: readonly RunRecord[],
  { onRun, signal }: CopyOptions = {},
): Promise<void> {
  const copying = copier(from, to);
  const queue = [...records];
  const known = new Map((await to.records(records.map(({ id }) => id))).map((record) => [record.id, record]));
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next && !(signal?.aborted ?? false); next = queue.shift()) {
      const { id } = next;
      try {
        onRun?.({ id, ...(await copying(next, known.get(id))) });
      } catch (error) {
        if ((error as Error).name === "StoreError") {
          queue.length = 0;
          throw error;
        }
        onRun?.({ id, outcome: error instanceof BusyError ? "held" : "failed", note: (error as Error).message });
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

type Ended = Omit<CopyEnd, "id">;

function copier(from: Store, to: Store): (record: RunRecord, there: RunRecord | undefined) => Promise<Ended> {
  const [source, target] = [archiveOf(from), archiveOf(to)];

  async function copy(record: RunRecord, there: RunRecord | undefined): Promise<Ended> {
    if (record.heldBy !== undefined) return { outcome: "held", note: `${record.heldBy} trains it in ${from.where}` };
    if (!there) return whole(record, "copied");
    if (same(record, there)) return { outcome: "there" };
    if (there.heldBy !== undefined) return { outcome: "held", note: `${there.heldBy} trains it in ${to.where}` };
    const outcome = compared(record, there, await from.evals(record.id), await to.evals(record.id));
    if (outcome === "there") return { outcome };
    if (outcome === "different") {
      return { outcome, note: `another run of the same plan is in ${to.where}: ${told(there)}; here: ${told(record)}` };
    }
    // Whole, so that nothing of the earlier state stays among the new.
    await to.delete(record.id);
    return whole(record, outcome);
  }

  async function whole(record: RunRecord, outcome: "copied" | "updated"): Promise<Ended> {
    const { id } = record;
    const claim = await to.claim(id, record.plan);
    try {
      const evals = await from.evals(id);
      for (const name of [...(await from.checkpoints(id)), "resume"] as const) {
        const file = await source.checkpoint(id, name);
        if (file) await target.keepCheckpoint(claim, name, file);
      }
      const after = await from.find(id);
      if (!after || !same(after, record))
        throw new BusyError(id, `another process in ${from.where} since a moment ago`);
      await target.keepRun(claim, record, evals);
      return { outcome };
    } catch (error) {
      await to.release(claim).then(() => to.delete(id)).catch(() => undefined); // prettier-ignore
      throw error;
    }
  }

  return copy;
}

function archiveOf({ archive, where }: Store): Archive {
  if (archive) return archive;
  throw new UsageError(`${where}: runs can be copied between folders and servers only`);
}

/** Whether two records say the same, to the bit; who holds the run is no part of it. */
const same = (a: RunRecord, b: RunRecord): boolean => textOf(a) === textOf(b);

function textOf({ heldBy: _, last, ...rest }: RunRecord): string {
  const sorted = Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([sorted, last && evalToJson(last)]);
}

const isOver = ({ status }: RunRecord): boolean => status === "finished" || status === "diverged";

/** What to do with a run that both stores have. */
function compared(
  here: RunRecord,
  there: RunRecord,
  evals: readonly Eval[],
  others: readonly Eval[],
): "updated" | "copied" | "there" | "different" {
  // A copy that was cut off, or a run that was never trained: nothing would be lost.
  if (others.length === 0 && !isOver(there) && there.status !== "failed") return "copied";
  // Trained in both places, and the same Plan ended in the same bits.
  const ended = isOver(here) && isOver(there) && here.weightsHash === there.weightsHash;
  if (ended && here.status === there.status && equal(evals, others)) return "there";
  if (here.createdAt !== there.createdAt) return "different";
  if (evals.length === others.length && there.updatedAt > here.updatedAt && equal(evals, others)) return "there";
  if (!isOver(there) && equal(evals.slice(0, others.length), others)) return "updated";
  return equal(others.slice(0, evals.length), evals) ? "there" : "different";
}

function equal(a: readonly Eval[], b: readonly Eval[]): boolean {
  if (a.length !== b.length) return false;
  const [left, right] = [packEvals(a), packEvals(b)];
  return left.length === right.length && left.every((byte, i) => byte === right[i]);
}

const told = ({ status, step, updatedAt }: RunRecord): string => `${status} at step ${step}, ${updatedAt}`;
