import { UsageError } from "../options.ts";
import type { Checkpoint } from "../train/checkpoint.ts";
import type { Eval } from "../train/eval.ts";
import { type BrowserLeases, browserLeases, type StoredLease } from "./browser-lease.ts";
import { type BrowserDatabase, openBrowserDatabase, type Tables, whole } from "./browser-database.ts";
import { BusyError } from "./errors.ts";
import { checkedId } from "./run-row.ts";
import { software } from "./software.ts";
import type { Claim, Ending, RunRecord, Store, SweepRecord } from "./store.ts";

/** A run as it is kept: who holds it is told anew whenever it is read. */
export interface BrowserRun {
  readonly id: string;
  readonly record: RunRecord;
  readonly lease?: StoredLease | undefined;
}

/** A store with room for what a page notes beside a run: plain JSON. */
export interface BrowserStore extends Store {
  /** Notes something beside a run, in place of what was noted before. Goes with the run. */
  setNote(id: string, value: unknown): Promise<void>;
  noteOf(id: string): Promise<unknown>;
  /** Brings in a whole run that is not there yet, as an import or an undone deletion does. @returns whether it was new */
  insert(run: WholeRun): Promise<boolean>;
  /** Everything of a run: what `insert` takes. */
  whole(id: string): Promise<WholeRun | undefined>;
  /** What was recorded in a while, in one transaction that training has not to wait for. */
  keep(claim: Claim, recorded: Recorded): Promise<void>;
}

/** A stretch of a run as it is recorded: all of it is kept or, where the claim was lost, none. */
export interface Recorded {
  readonly evals?: readonly Eval[];
  readonly checkpoints?: readonly Checkpoint[];
  /** A checkpoint only to go on from, in place of the one before. */
  readonly resume?: Checkpoint | undefined;
}

export interface WholeRun {
  readonly record: RunRecord;
  readonly evals: readonly Eval[];
  readonly checkpoints: readonly Checkpoint[];
  readonly note?: unknown;
}

export interface BrowserStoreOptions {
  /** The browser's own by default; a test brings another. */
  readonly factory?: IDBFactory | undefined;
  readonly name?: string | undefined;
  readonly leases?: BrowserLeases | undefined;
}

/**
 * Runs in this browser's IndexedDB, shared by its pages and workers, until the reader clears the site's data. What a
 * finished step recorded survives a closed page; a run whose page was closed can be continued by the next one.
 * @throws StoreError where the browser keeps nothing, as in some private windows
 */
export async function openBrowserStore(options: BrowserStoreOptions = {}): Promise<BrowserStore> {
  const { name = "groklab", leases = browserLeases() } = options;
  const db = await openBrowserDatabase(name, options.factory ?? globalThis.indexedDB);
  const held = new Map<string, Claim>();
  const now = () => new Date().toISOString();

  /** The record as it is told: with who holds it, if anybody does. */
  const shown = async ({ record, lease }: BrowserRun): Promise<RunRecord> => {
    const heldBy = lease && (await leases.holder(lease));
    return heldBy === undefined ? record : { ...record, heldBy };
  };

  /** Changes the run of a claim, in one transaction that fails where the claim was lost. */
  async function write(
    claim: Claim,
    tables: Tables,
    change: (run: BrowserRun, db: Writing) => BrowserRun | undefined,
    durability?: IDBTransactionDurability,
  ) {
    const work = async (stores: Writing) => {
      const run = await whole(at<BrowserRun>(stores("runs"), claim.id));
      if (run?.lease?.owner !== claim.owner) throw new BusyError(claim.id, "somebody else: this claim was given back");
      const changed = change(run, stores);
      if (changed) stores("runs").put(changed, claim.id);
    };
    await db.transact(["runs", ...tables], "readwrite", work, durability);
  }

  /** A run is trained again to the same bits: what it records on the way need not wait for the disk. */
  async function keep(claim: Claim, { evals = [], checkpoints = [], resume }: Recorded): Promise<void> {
    const change = ({ id, record, lease }: BrowserRun, stores: Writing): BrowserRun | undefined => {
      let last = record.last;
      for (const e of evals) {
        stores("evals").put(e, [id, e.step]);
        if (last === undefined || e.step >= last.step) last = e;
      }
      for (const checkpoint of checkpoints) stores("checkpoints").put(checkpoint, [id, checkpoint.step]);
      if (resume) stores("checkpoints").put(resume, resumeKey(id));
      if (evals.length === 0 || last === undefined) return undefined;
      return { id, lease, record: { ...record, step: last.step, last, updatedAt: now() } };
    };
    await write(claim, ["evals", "checkpoints"], change, "relaxed");
  }

  async function remove(id: string): Promise<void> {
    await db.transact(["runs", "evals", "checkpoints", "notes"], "readwrite", (stores) => {
      stores("runs").delete(id);
      stores("notes").delete(id);
      for (const table of ["evals", "checkpoints"] as const) stores(table).delete(allOfRun(id));
    });
  }

  async function freed(claim: Claim): Promise<void> {
    held.delete(claim.id);
    await leases.release(claim.owner);
  }

  const runOf = (id: string) => db.read("runs", (runs) => at<BrowserRun>(runs, id));
  const evalsOf = (id: string) => db.read("evals", (evals) => evals.getAll(ofRun(id)) as IDBRequest<Eval[]>);
  const stepsOf = async (id: string) => {
    const keys = await db.read("checkpoints", (table) => table.getAllKeys(ofRun(id)));
    return keys.map((key) => (key as [string, number])[1]);
  };

  const store: BrowserStore = {
    where: "this browser",

    async list({ task, model, status, label, limit } = {}) {
      const runs = await db.read("runs", (table) => table.getAll() as IDBRequest<BrowserRun[]>);
      const found = runs.filter(
        ({ record }) =>
          (task === undefined || record.plan.task.name === task) &&
          (model === undefined || record.plan.model.name === model) &&
          (status === undefined || record.status === status) &&
          (label === undefined || record.verdict?.label === label),
      );
      const order = ({ record }: BrowserRun) => `${record.createdAt} ${record.id}`;
      return Promise.all(found.sort((a, b) => (order(a) < order(b) ? 1 : -1)).slice(0, limit).map(shown)); // prettier-ignore
    },

    async find(id) {
      const run = await runOf(id);
      return run && shown(run);
    },

    async records(ids) {
      const runs = await db.read("runs", (table) => table.getAll() as IDBRequest<BrowserRun[]>);
      const byId = new Map(runs.map((run) => [run.id, run]));
      return Promise.all(ids.flatMap((id) => byId.get(id) ?? []).map(shown));
    },

    async claim(id, plan) {
      checkedId(id);
      const found = await runOf(id);
      const holder = found?.lease && (await leases.holder(found.lease));
      if (holder !== undefined) throw new BusyError(id, holder);
      const lease = await leases.take();
      const taken = await db.transact(["runs"], "readwrite", async (stores) => {
        const run = await whole(at<BrowserRun>(stores("runs"), id));
        // Somebody else was faster between the two looks.
        if (run?.lease && run.lease.owner !== found?.lease?.owner) return false;
        const { heldBy: _, ...record } = run?.record ?? newRecord(id, plan, now());
        const over = record.status === "finished" || record.status === "diverged";
        const status = over ? record.status : "running";
        stores("runs").put({ id, record: { ...record, status, software: software(), updatedAt: now() }, lease }, id);
        return true;
      });
      if (!taken) {
        await leases.release(lease.owner);
        throw new BusyError(id, "another page");
      }
      const claim = { id, owner: lease.owner };
      held.set(id, claim);
      return claim;
    },

    keep,
    append: (claim, evals) => keep(claim, { evals }),

    evals: (id) => evalsOf(id),

    saveCheckpoint: (claim, checkpoint) => keep(claim, { checkpoints: [checkpoint] }),

    checkpoints: async (id) => stepsOf(checkedId(id)),

    async loadCheckpoint(id, step) {
      const found = await db.read("checkpoints", (table) => at<Checkpoint>(table, [id, step]));
      if (found) return found;
      const stored = (await stepsOf(id)).join(", ");
      throw new UsageError(`run ${id} has no checkpoint at step ${step}; stored: ${stored === "" ? "none" : stored}`);
    },

    saveResume: (claim, resume) => keep(claim, { resume }),

    loadResume: (id) => db.read("checkpoints", (table) => at<Checkpoint>(table, resumeKey(checkedId(id)))),

    async finish(claim, ending) {
      await write(claim, ["checkpoints"], ({ id, record }, stores) => {
        if (ending.status === "finished" || ending.status === "diverged") stores("checkpoints").delete(resumeKey(id));
        return { id, record: ended(record, ending, now()) };
      });
      await freed(claim);
    },

    async release(claim) {
      await write(claim, [], ({ id, record }) => ({ id, record: released(record, now()) }));
      await freed(claim);
    },

    async delete(id) {
      const run = await runOf(checkedId(id));
      const holder = run?.lease && (await leases.holder(run.lease));
      if (holder !== undefined) throw new BusyError(id, holder);
      await remove(id);
    },

    async saveSweep(sweep) {
      return db.transact(["sweeps"], "readwrite", async (stores) => {
        const known = await whole(at<SweepRecord>(stores("sweeps"), sweep.id));
        const record: SweepRecord = { ...sweep, createdAt: known?.createdAt ?? now(), updatedAt: now() };
        stores("sweeps").put(record, sweep.id);
        return record;
      });
    },

    listSweeps: sweeps,

    async findSweep(nameOrId) {
      const all = await sweeps();
      return all.find(({ id }) => id === nameOrId) ?? all.find(({ name: called }) => called === nameOrId);
    },

    async deleteSweep(id) {
      await db.transact(["sweeps"], "readwrite", (stores) => void stores("sweeps").delete(id));
    },

    async setNote(id, value) {
      await db.transact(["notes"], "readwrite", (stores) => void stores("notes").put(value, checkedId(id)));
    },

    noteOf: (id) => db.read("notes", (notes) => notes.get(id) as IDBRequest<unknown>),

    async insert({ record: { heldBy: _, ...record }, evals, checkpoints, note }) {
      const id = checkedId(record.id);
      return db.transact(["runs", "evals", "checkpoints", "notes"], "readwrite", async (stores) => {
        if ((await whole(stores("runs").getKey(id))) !== undefined) return false;
        stores("runs").put({ id, record: record.status === "running" ? { ...record, status: "stopped" } : record }, id);
        for (const e of evals) stores("evals").put(e, [id, e.step]);
        for (const checkpoint of checkpoints) stores("checkpoints").put(checkpoint, [id, checkpoint.step]);
        if (note !== undefined) stores("notes").put(note, id);
        return true;
      });
    },

    async whole(id) {
      const run = await runOf(id);
      if (!run) return undefined;
      const getAll = (table: IDBObjectStore) => table.getAll(ofRun(id)) as IDBRequest<Checkpoint[]>;
      const [evals, checkpoints] = [await evalsOf(id), await db.read("checkpoints", getAll)];
      return { record: await shown(run), evals, checkpoints, note: await store.noteOf(id) };
    },

    async close() {
      for (const claim of held.values()) await store.release(claim).catch(() => undefined);
      db.close();
    },
  };
  return store;

  async function sweeps(): Promise<readonly SweepRecord[]> {
    const all = await db.read("sweeps", (table) => table.getAll() as IDBRequest<SweepRecord[]>);
    const order = ({ updatedAt, id }: SweepRecord) => `${updatedAt} ${id}`;
    return all.sort((a, b) => (order(a) < order(b) ? 1 : -1));
  }
}

type Writing = Parameters<Parameters<BrowserDatabase["transact"]>[2]>[0];

/** What stands at a key: this file alone writes there. */
const at = <T>(table: IDBObjectStore, key: IDBValidKey) => table.get(key) as IDBRequest<T | undefined>;

/** Words come after all numbers: it is none of the steps. */
const resumeKey = (id: string): [string, string] => [id, "resume"];
/** Every key that begins with the id. */
const allOfRun = (id: string): IDBKeyRange => IDBKeyRange.bound([id], [id, []]);

/** Every key `[id, step]` of one run, and of no other. */
const ofRun = (id: string): IDBKeyRange => IDBKeyRange.bound([id, -Infinity], [id, Infinity]);

function newRecord(id: string, plan: RunRecord["plan"], at: string): RunRecord {
  return { id, plan, status: "running", step: 0, createdAt: at, updatedAt: at, seconds: 0, software: software() };
}

function released({ heldBy: _, ...record }: RunRecord, at: string): RunRecord {
  return { ...record, status: record.status === "running" ? "stopped" : record.status, updatedAt: at };
}

function ended(record: RunRecord, { status, seconds, verdict, weightsHash, note }: Ending, at: string): RunRecord {
  const { verdict: _verdict, weightsHash: _hash, note: _note, heldBy: _heldBy, ...rest } = record;
  return {
    ...rest,
    status,
    seconds: rest.seconds + seconds,
    updatedAt: at,
    ...(verdict && { verdict }),
    ...(weightsHash !== undefined && { weightsHash }),
    ...(note !== undefined && { note }),
  };
}
