import type { Kysely } from "kysely";
import type { Checkpoint } from "../train/checkpoint.ts";
import type { Eval } from "../train/eval.ts";
import type { Plan } from "../train/experiment.ts";
import type { CheckpointFile } from "./checkpoint-file.ts";
import { BusyError } from "./errors.ts";
import { holderOf, type Lease, leaseMs, ownerText } from "./lease.ts";
import type { ProcessIdentity } from "./process-identity.ts";
import { checkedId, rowOf, toRecord } from "./run-row.ts";
import type { Database, RecordRow } from "./schema.ts";
import { software } from "./software.ts";
import { type Cursor, leaseOf, sqlRuns } from "./sql-runs.ts";
import { sqlSweeps, sweepRow, toSweepRecord } from "./sql-sweeps.ts";
import type { Claim, RunRecord, Store } from "./store.ts";

type Later<T> = T | Promise<T>;

/** Where checkpoints lie: a folder, or a table. All of a run's are named by its id. */
export interface Checkpoints {
  /** Ascending. */
  steps(run: string): Later<readonly number[]>;
  save(file: CheckpointFile, claim: Claim): Later<void>;
  /** @throws DamagedError, with the file set aside; UsageError where there is none */
  load(run: string, step: number): Later<CheckpointFile>;
  saveResume(file: CheckpointFile, claim: Claim): Later<void>;
  /** @throws DamagedError, with the file set aside */
  loadResume(run: string): Later<CheckpointFile | undefined>;
  removeResume(run: string): Later<void>;
  remove(run: string): Later<void>;
}

export interface SqlStoreParts {
  /** As the user would write it. */
  readonly where: string;
  /** What messages name: the file, or the server. */
  readonly place: string;
  readonly db: Kysely<Database>;
  readonly checkpoints: Checkpoints;
  readonly here: ProcessIdentity;
  /** Milliseconds since 1970, by the clock that leases are measured with. */
  readonly now: () => number;
  /** Sets that clock where it is another machine's, before a lease is judged by it. */
  readonly refresh?: () => Promise<void>;
  /** Takes over what others have written beside the database, before it is read. */
  readonly absorb?: () => Promise<void>;
  /** Does what a method asks of the database, and makes its errors ones that name the place. May do it again. */
  readonly guarded: <T>(work: () => Promise<T>) => Promise<T>;
  readonly onWarning: (message: string) => void;
  /** After the last claim was given back. */
  readonly close: () => Promise<void>;
}

/** A run that this store holds. */
interface Held {
  readonly plan: Plan;
  readonly createdAt: string;
  readonly owner: string;
  readonly cursor: Cursor;
  /** What is being stored of it: one thing after the other, on whichever connection. */
  turn: Promise<unknown>;
}

/**
 * The store over a database that is open and has its tables. Whatever a method sends to the database may be sent again:
 * it is the same the second time, because nobody knows of a lost connection whether the last word was heard.
 */
export function sqlStore(parts: SqlStoreParts): Store {
  const { where, place, db, checkpoints, here, now, refresh, absorb, guarded, onWarning } = parts;
  const time = () => new Date(now()).toISOString();
  const runs = sqlRuns(db, time);
  const sweeps = sqlSweeps(db, time);
  const held = new Map<string, Held>();

  /** As `guarded`, with what shards have written in the meantime. */
  const reading = <T>(work: () => Promise<T>): Promise<T> =>
    absorb ? guarded(() => absorb().then(work)) : guarded(work);
  const leaseFor = (owner: string): Lease => ({ owner, expires: now() + leaseMs });
  const record = (row: RecordRow): RunRecord => toRecord(row, holderOf(leaseOf(row), here, now()), place);
  function heldBy({ id, owner }: Claim): Held {
    const found = held.get(id);
    if (found?.owner === owner) return found;
    throw new BusyError(id, "somebody else: this claim was given back");
  }

  // While training computes, no timer runs: every append renews, too.
  const renewal = setInterval(() => {
    void refresh?.().catch(() => undefined);
    for (const [id, { owner }] of held) void runs.renew(id, leaseFor(owner)).catch(() => undefined);
  }, leaseMs / 6);
  renewal.unref();

  return {
    where,

    list: (query = {}) => reading(async () => whole(await runs.list(query), record)),

    find: (id) =>
      reading(async () => {
        const row = await runs.find(id);
        return row && record(row);
      }),

    records: (ids) =>
      reading(async () => {
        const found = new Map(whole(await runs.findAll(ids), record).map((run) => [run.id, run]));
        return ids.flatMap((id) => found.get(id) ?? []);
      }),

    async claim(id, plan) {
      checkedId(id);
      const owner = ownerText(here);
      return reading(async () => {
        await refresh?.();
        const cursor = await runs.claim(id, plan, leaseFor(owner), software(), (lease) => holderOf(lease, here, now()));
        const createdAt = (await runs.find(id))?.created_at ?? "";
        held.set(id, { plan, createdAt, owner, cursor, turn: Promise.resolve() });
        return { id, owner };
      });
    },

    async append(claim, evals) {
      const run = heldBy(claim);
      const turn = run.turn.then(() => guarded(() => runs.append(claim.id, leaseFor(claim.owner), run.cursor, evals)));
      run.turn = turn.catch(() => undefined);
      await turn;
    },

    evals: (id) => reading(() => runs.evals(id)),

    saveCheckpoint: (claim, checkpoint) =>
      guarded(async () => checkpoints.save(await checkpointFile(claim, checkpoint), claim)),

    checkpoints: (id) => guarded(async () => checkpoints.steps(checkedId(id))),

    loadCheckpoint: (id, step) =>
      guarded(async () => {
        const { checkpoint, evals } = await checkpoints.load(checkedId(id), step);
        await heal(id, evals);
        return checkpoint;
      }),

    saveResume: (claim, checkpoint) =>
      guarded(async () => checkpoints.saveResume(await checkpointFile(claim, checkpoint), claim)),

    loadResume: (id) =>
      guarded(async () => {
        const found = await checkpoints.loadResume(checkedId(id));
        if (found) await heal(id, found.evals);
        return found?.checkpoint;
      }),

    async finish(claim, ending) {
      const at = time();
      await guarded(async () => {
        const { owner } = heldBy(claim);
        // Before the ending, the last to be written: the final weights are stored by now.
        if (ending.status === "finished" || ending.status === "diverged") await checkpoints.removeResume(claim.id);
        await runs.finish(claim.id, owner, ending, at);
        held.delete(claim.id);
      });
    },

    release: (claim) => guarded(() => release(claim.id, heldBy(claim))),

    delete: (id) =>
      guarded(async () => {
        checkedId(id);
        await refresh?.();
        const row = await runs.find(id);
        const lease = row && leaseOf(row);
        const holder = row && holderOf(lease, here, now());
        if (holder !== undefined) throw new BusyError(id, holder);
        // The row first: it says whether somebody has claimed the run in the meantime.
        await runs.remove(id, lease);
        await checkpoints.remove(id);
      }),

    saveSweep: (sweep) => guarded(async () => toSweepRecord(await sweeps.save(sweep), place)),

    listSweeps: () => reading(async () => whole(await sweeps.list(), (row) => toSweepRecord(row, place))),

    findSweep: (nameOrId) =>
      reading(async () => {
        const row = await sweeps.find(nameOrId);
        return row && toSweepRecord(row, place);
      }),

    deleteSweep: (id) => guarded(() => sweeps.remove(id)),

    archive: {
      checkpoint: (id, name) =>
        reading(async () => (name === "resume" ? checkpoints.loadResume(id) : checkpoints.load(id, name))),
      keepCheckpoint: (claim, name, file) =>
        guarded(async () => {
          heldBy(claim);
          await (name === "resume" ? checkpoints.saveResume(file, claim) : checkpoints.save(file, claim));
        }),
      keepRun: (claim, run, evals) =>
        guarded(async () => {
          await runs.replace(heldBy(claim).owner, rowOf(run), evals);
          held.delete(claim.id);
        }),
      keepSweep: (sweep) => guarded(() => sweeps.restore(sweepRow(sweep))),
    },

    async close() {
      clearInterval(renewal);
      for (const [id, run] of held) await release(id, run).catch(() => undefined);
      await parts.close();
    },
  };

  /** What can be read of several rows; a damaged one is reported and left out. */
  function whole<Row, T>(rows: readonly Row[], read: (row: Row) => T): readonly T[] {
    return rows.flatMap((row) => {
      try {
        return [read(row)];
      } catch (error) {
        onWarning((error as Error).message);
        return [];
      }
    });
  }

  /** With the curves up to it. */
  async function checkpointFile(claim: Claim, checkpoint: Checkpoint): Promise<CheckpointFile> {
    const { plan, createdAt } = heldBy(claim);
    const evals = (await runs.evals(claim.id)).filter(({ step }) => step <= checkpoint.step);
    return { run: claim.id, plan, software: software(), createdAt, checkpoint, evals };
  }

  async function release(id: string, run: Held): Promise<void> {
    await runs.release(id, leaseFor(run.owner));
    held.delete(id);
  }

  /** Curves that the database lost (a power cut, a truncated log) come back from the checkpoint that is continued. */
  async function heal(id: string, evals: readonly Eval[]): Promise<void> {
    const run = held.get(id);
    if (!run) return;
    const known = new Set((await runs.evals(id)).map(({ step }) => step));
    const lost = evals.filter(({ step }) => !known.has(step));
    await runs.append(id, leaseFor(run.owner), run.cursor, lost);
  }
}
