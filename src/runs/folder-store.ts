import { Kysely } from "kysely";
import { join } from "node:path";
import type { Checkpoint } from "../train/checkpoint.ts";
import type { Eval } from "../train/eval.ts";
import type { Plan } from "../train/experiment.ts";
import type { CheckpointFile } from "./checkpoint-file.ts";
import { checkpointFolder } from "./checkpoint-folder.ts";
import { BusyError, DamagedError, isDamage, storeError } from "./errors.ts";
import { type FileSystem, makeFolder, realFiles, removeLeftovers } from "./files.ts";
import { holderOf, type Lease, leaseMs, ownerText } from "./lease.ts";
import { libsqlDialect, sqliteTypes } from "./libsql-dialect.ts";
import { openDatabase, suspect } from "./open-database.ts";
import { type ProcessIdentity, thisProcess } from "./process-identity.ts";
import { beginRecovery, endRecovery, unfinishedRecovery } from "./recovery-marker.ts";
import { checkedId, toRecord } from "./run-row.ts";
import { absorber } from "./segments/absorb.ts";
import { salvage } from "./salvage.ts";
import { type Database, migrate, type RecordRow } from "./schema.ts";
import { software } from "./software.ts";
import { type Cursor, leaseOf, sqlRuns } from "./sql-runs.ts";
import { sqlSweeps, toSweepRecord } from "./sql-sweeps.ts";
import type { Claim, Ending, RunQuery, RunRecord, Store } from "./store.ts";

export interface FolderStoreOptions {
  /** Gets one line for each thing that was damaged and set aside, or recovered. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /** For tests: the calls that write files. */
  readonly files?: FileSystem;
  /** For tests: who this process is. */
  readonly identity?: ProcessIdentity;
  /** For tests: milliseconds since 1970. */
  readonly now?: () => number;
}

/** A run that this store holds. */
interface Held {
  readonly plan: Plan;
  readonly createdAt: string;
  readonly owner: string;
  readonly cursor: Cursor;
}

/**
 * Runs in a folder: `groklab.db`, an SQLite database in WAL mode, and `checkpoints/<run id>/<step>.safetensors`. Any
 * number of processes may read and write it at once.
 * @throws StoreError where the folder cannot be used
 */
export async function openFolderStore(folder: string, options: FolderStoreOptions = {}): Promise<Store> {
  const { onWarning = () => undefined, files = realFiles, now = Date.now } = options;
  const here = options.identity ?? thisProcess();
  const file = join(folder, "groklab.db");
  const temporary = join(folder, "unfinished");
  const checkpoints = checkpointFolder(join(folder, "checkpoints"), temporary, files);
  try {
    makeFolder(files, temporary);
    removeLeftovers(temporary, now());
  } catch (error) {
    throw storeError(error, folder);
  }
  const { connection, fresh, damaged } = openDatabase(file);
  const db = new Kysely<Database>({ dialect: libsqlDialect(connection) });
  const time = () => new Date(now()).toISOString();
  const runs = sqlRuns(db, time);
  const sweeps = sqlSweeps(db, time);
  const held = new Map<string, Held>();
  const absorb = absorber(db, folder, { here, now, onWarning });

  /** As `guarded`, with what shards have written in the meantime. */
  const reading = <T>(work: () => Promise<T>): Promise<T> => guarded(() => absorb().then(work));

  /** Errors of the database become one line that names it. */
  async function guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isDamage(error)) throw storeError(error, file);
      suspect(file);
      throw new DamagedError(file, (error as Error).message, `${file}.damaged-… at the next start`);
    }
  }

  try {
    if (damaged) onWarning(damaged.message);
    await guarded(async () => {
      if (fresh && checkpoints.runs().length > 0) beginRecovery(file);
      await migrate(db, sqliteTypes, file);
      await absorb();
      await recover();
    });
  } catch (error) {
    connection.close();
    throw error;
  }

  /** Also what another opening began and did not end: doing it again changes nothing. */
  async function recover(): Promise<void> {
    const lost = unfinishedRecovery(file);
    if (lost === undefined) return;
    const { fromDatabase, fromCheckpoints } = await salvage(runs, sweeps, checkpoints, lost, temporary, onWarning);
    endRecovery(file);
    if (lost.length === 0 && fromCheckpoints === 0) return; // a new store, beside the segments of shards
    onWarning(
      `${file}: made anew; recovered ${fromDatabase} runs from the old one, ${fromCheckpoints} from checkpoints`,
    );
  }

  const leaseFor = (owner: string): Lease => ({ owner, expires: now() + leaseMs });
  const record = (row: RecordRow): RunRecord => toRecord(row, holderOf(leaseOf(row), here, now()), file);
  function heldBy({ id, owner }: Claim): Held {
    const found = held.get(id);
    if (found?.owner === owner) return found;
    throw new BusyError(id, "somebody else: this claim was given back");
  }

  // While training computes, no timer runs: every append renews, too.
  const renewal = setInterval(() => {
    for (const [id, { owner }] of held) void runs.renew(id, leaseFor(owner)).catch(() => undefined);
  }, leaseMs / 6);
  renewal.unref();

  return {
    where: folder,

    list: (query: RunQuery = {}) => reading(async () => whole(await runs.list(query), record)),

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

    claim: (id, plan) =>
      reading(async () => {
        checkedId(id);
        const owner = ownerText(here);
        const cursor = await runs.claim(id, plan, leaseFor(owner), software(), (lease) => holderOf(lease, here, now()));
        const createdAt = (await runs.find(id))?.created_at ?? "";
        held.set(id, { plan, createdAt, owner, cursor });
        return { id, owner };
      }),

    append: (claim, evals) => guarded(() => runs.append(claim.id, leaseFor(claim.owner), heldBy(claim).cursor, evals)),

    evals: (id) => reading(() => runs.evals(id)),

    saveCheckpoint: (claim, checkpoint) =>
      guarded(async () => checkpoints.save(await checkpointFile(claim, checkpoint))),

    checkpoints: (id) => guarded(() => Promise.resolve(checkpoints.steps(checkedId(id)))),

    loadCheckpoint: (id, step) =>
      guarded(async () => {
        const { checkpoint, evals } = checkpoints.load(checkedId(id), step);
        await heal(id, evals);
        return checkpoint;
      }),

    saveResume: (claim, checkpoint) =>
      guarded(async () => checkpoints.saveResume(await checkpointFile(claim, checkpoint))),

    loadResume: (id) =>
      guarded(async () => {
        const found = checkpoints.loadResume(checkedId(id));
        if (found) await heal(id, found.evals);
        return found?.checkpoint;
      }),

    finish: (claim, ending: Ending) =>
      guarded(async () => {
        const { owner } = heldBy(claim);
        // Before the ending, the last to be written: the final weights are stored by now.
        if (ending.status === "finished" || ending.status === "diverged") checkpoints.removeResume(claim.id);
        await runs.finish(claim.id, leaseFor(owner), ending);
        held.delete(claim.id);
      }),

    release: (claim) => guarded(() => release(claim.id, heldBy(claim))),

    delete: (id) =>
      guarded(async () => {
        const row = await runs.find(checkedId(id));
        const lease = row && leaseOf(row);
        const holder = row && holderOf(lease, here, now());
        if (holder !== undefined) throw new BusyError(id, holder);
        // The row first: it says whether somebody has claimed the run in the meantime.
        await runs.remove(id, lease);
        checkpoints.remove(id);
      }),

    saveSweep: (sweep) => guarded(async () => toSweepRecord(await sweeps.save(sweep), file)),

    listSweeps: () => reading(async () => whole(await sweeps.list(), (row) => toSweepRecord(row, file))),

    findSweep: (nameOrId) =>
      reading(async () => {
        const row = await sweeps.find(nameOrId);
        return row && toSweepRecord(row, file);
      }),

    deleteSweep: (id) => guarded(() => sweeps.remove(id)),

    async close() {
      clearInterval(renewal);
      for (const [id, run] of held) await release(id, run).catch(() => undefined);
      try {
        // Leaves one file behind rather than three, where nobody else is at work.
        connection.exec("pragma busy_timeout = 0; pragma wal_checkpoint(truncate)");
      } catch {
        // Somebody is: the next one to close does it.
      }
      await db.destroy();
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
    held.delete(id);
    await runs.release(id, leaseFor(run.owner));
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
