import { join } from "node:path";
import { UsageError } from "../../options.ts";
import type { Checkpoint } from "../../train/checkpoint.ts";
import type { Eval } from "../../train/eval.ts";
import { checkpointFolder } from "../checkpoint-folder.ts";
import { BusyError, storeError } from "../errors.ts";
import { makeFolder, realFiles, removeLeftovers } from "../files.ts";
import { leaseMs } from "../lease.ts";
import { type ProcessIdentity, thisProcess } from "../process-identity.ts";
import { checkedId } from "../run-row.ts";
import { packEvals } from "../series-blob.ts";
import { software } from "../software.ts";
import type { Claim, RunRecord, Store } from "../store.ts";
import type { SegmentEvent } from "./events.ts";
import { segmentFiles, segmentsFolder } from "./files.ts";
import { lockSegment } from "./lock.ts";
import { appender, readEvents } from "./log.ts";
import { openOutside } from "./outside.ts";
import { SegmentState } from "./state.ts";

export interface SegmentStoreOptions {
  readonly onWarning?: ((message: string) => void) | undefined;
  /** Which other segments are read: those that cannot hold runs of this one need not be. All by default. */
  readonly reads?: ((name: string) => boolean) | undefined;
  /** For tests: who this process is. */
  readonly identity?: ProcessIdentity;
  /** For tests: milliseconds since 1970. */
  readonly now?: () => number;
}

/**
 * One shard's own part of a store in a folder that many machines share: a log that only this process appends to, beside
 * the checkpoints that all share. It needs neither locks nor shared memory, which network file systems do not have for
 * SQLite. The store's folder reads all segments together, whenever any command opens it.
 * @throws StoreError where the folder cannot be used, or another live process writes this segment
 */
export async function openSegmentStore(
  folder: string,
  name: string,
  { onWarning = () => undefined, reads = () => true, ...options }: SegmentStoreOptions = {},
): Promise<Store> {
  const { identity: here = thisProcess(), now = Date.now } = options;
  const files = segmentFiles(folder, name);
  const temporary = join(folder, "unfinished");
  try {
    for (const made of [temporary, segmentsFolder(folder)]) makeFolder(realFiles, made);
    removeLeftovers(temporary, now());
  } catch (error) {
    throw storeError(error, folder);
  }
  const checkpoints = checkpointFolder(join(folder, "checkpoints"), temporary, realFiles);
  const lock = lockSegment(files.owner, `segment ${name} of ${folder}`, here, now);
  const state = new SegmentState();
  const { outside, log } = await begin().catch((error: unknown) => {
    lock.release();
    throw error;
  });

  /** Reads the segment's own log, and what lies beside it. */
  async function begin() {
    const overAt = new Map<string, number>();
    let size = 0;
    try {
      for (const { event, end } of readEvents(files.log, 0, (error) => onWarning(error.message))) {
        state.apply(event);
        size = end;
        if (event.type === "finish") overAt.set(event.id, end);
      }
    } catch (error) {
      if ((error as { code?: string }).code !== "ENOENT") throw storeError(error, files.log);
    }
    state.abandon();
    const log = appender(files.log, size);
    const outside = await openOutside(folder, (other) => other !== name && reads(other), onWarning);
    // What the database has read and no longer holds was deleted there.
    const read = (await outside.mark(name))?.end ?? 0;
    const known = [...overAt].filter(([, end]) => end <= read).map(([id]) => id);
    const there = new Set((await outside.records(known)).map(({ id }) => id));
    for (const id of known) if (!there.has(id)) write({ type: "forget", at: now(), id }, log);
    return { outside, log };
  }

  function write(event: SegmentEvent, to = log): void {
    to.append(event);
    state.apply(event);
  }

  let checkedAt = now();
  /** On a lost network file system, or a machine that slept, another process may have taken over. */
  function checkOwner(id: string): void {
    if (now() - checkedAt < leaseMs / 6) return;
    if (!lock.stillMine()) throw new BusyError(id, "another process, which took its segment over");
    lock.renew();
    checkedAt = now();
  }
  const renewal = setInterval(() => lock.renew(), leaseMs / 6);
  renewal.unref();

  const owners = new Map<string, string>();
  function held({ id, owner }: Claim): RunRecord {
    const run = state.runs.get(id);
    if (!run || owners.get(id) !== owner) throw new BusyError(id, "somebody else: this claim was given back");
    checkOwner(id);
    return run.record;
  }
  const shown = (record: RunRecord): RunRecord =>
    owners.has(record.id) ? { ...record, heldBy: "this process" } : record;

  async function records(ids: readonly string[]): Promise<readonly RunRecord[]> {
    const missing = ids.filter((id) => !state.runs.has(id));
    const found = new Map((await outside.records(missing)).map((record) => [record.id, record]));
    return ids.flatMap((id) => {
      const own = state.runs.get(id)?.record;
      return own ? [shown(own)] : (found.get(id) ?? []);
    });
  }
  const find = async (id: string) => (await records([id])).at(0);
  const evals = async (id: string) => (state.runs.has(id) ? state.evals(id) : outside.evals(id));

  /** With the curves up to it. */
  function checkpointFile(claim: Claim, checkpoint: Checkpoint) {
    const { plan, createdAt } = held(claim);
    const upTo = state.evals(claim.id).filter(({ step }) => step <= checkpoint.step);
    return { run: claim.id, plan, software: software(), createdAt, checkpoint, evals: upTo };
  }

  /** Curves up to a checkpoint that another place wrote come with it. */
  function heal(id: string, of: readonly Eval[]): void {
    if (!owners.has(id)) return;
    const known = new Set(state.evals(id).map(({ step }) => step));
    const lost = of.filter(({ step }) => !known.has(step));
    if (lost.length > 0) write({ type: "evals", at: now(), id, data: base64(lost) });
  }

  function release(id: string): void {
    owners.delete(id);
    write({ type: "release", at: now(), id });
  }

  /* eslint-disable @typescript-eslint/require-await -- what they throw is a rejection, as every store's */
  return {
    where: folder,
    list: async ({ task, model, status, label, limit } = {}) =>
      [...state.runs.values()]
        .map(({ record }) => shown(record))
        .filter(
          ({ plan, verdict, ...record }) =>
            (task ?? plan.task.name) === plan.task.name &&
            (model ?? plan.model.name) === plan.model.name &&
            (status ?? record.status) === record.status &&
            (label === undefined || verdict?.label === label),
        )
        .sort((a, b) => (`${a.createdAt} ${a.id}` < `${b.createdAt} ${b.id}` ? 1 : -1))
        .slice(0, limit),
    find,
    records,
    evals,
    async claim(id, plan) {
      checkedId(id);
      if (owners.has(id)) throw new BusyError(id, "this process");
      checkOwner(id);
      const { createdAt = new Date(now()).toISOString(), seconds = 0 } = (await find(id)) ?? {};
      const owner = globalThis.crypto.randomUUID();
      owners.set(id, owner);
      const by = { software: software(), owner: lock.text };
      write({ type: "claim", at: now(), id, plan, ...by, createdAt, seconds });
      return { id, owner };
    },
    async append(claim, some) {
      held(claim);
      if (some.length > 0) write({ type: "evals", at: now(), id: claim.id, data: base64(some) });
    },
    saveCheckpoint: async (claim, checkpoint) => checkpoints.save(checkpointFile(claim, checkpoint)),
    checkpoints: async (id) => checkpoints.steps(checkedId(id)),
    async loadCheckpoint(id, step) {
      const { checkpoint, evals: upTo } = checkpoints.load(checkedId(id), step);
      heal(id, upTo);
      return checkpoint;
    },
    saveResume: async (claim, checkpoint) => checkpoints.saveResume(checkpointFile(claim, checkpoint)),
    async loadResume(id) {
      const found = checkpoints.loadResume(checkedId(id));
      if (found) heal(id, found.evals);
      return found?.checkpoint;
    },
    async finish(claim, ending) {
      held(claim);
      if (ending.status === "finished" || ending.status === "diverged") checkpoints.removeResume(claim.id);
      owners.delete(claim.id);
      write({ type: "finish", at: now(), id: claim.id, ending });
    },
    async release(claim) {
      held(claim);
      release(claim.id);
    },
    async delete(id) {
      checkedId(id);
      if (owners.has(id)) throw new BusyError(id, "this process");
      if (!state.runs.has(id)) {
        if (await find(id))
          throw new UsageError(`run ${id} is not in segment ${name}: delete it in the store ${folder}`);
        return;
      }
      write({ type: "forget", at: now(), id });
      checkpoints.remove(id);
    },
    async saveSweep(sweep) {
      write({ type: "sweep", at: now(), sweep });
      return state.sweeps.get(sweep.id)!;
    },
    listSweeps: async () => newest(),
    findSweep: async (nameOrId) => state.sweeps.get(nameOrId) ?? newest().find((sweep) => sweep.name === nameOrId),
    async deleteSweep(id) {
      state.sweeps.delete(id);
    },
    async close() {
      clearInterval(renewal);
      try {
        if (lock.stillMine()) for (const id of [...owners.keys()]) release(id);
        log.close();
      } finally {
        lock.release();
        await outside.close();
      }
    },
  };
  /* eslint-enable @typescript-eslint/require-await */

  function newest() {
    return [...state.sweeps.values()].sort((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1));
  }
}

const base64 = (evals: readonly Eval[]): string => Buffer.from(packEvals(evals)).toString("base64");
