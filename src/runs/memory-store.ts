import { UsageError } from "../options.ts";
import type { NamedArrays } from "../tensor/index.ts";
import type { Checkpoint } from "../train/checkpoint.ts";
import type { Eval } from "../train/eval.ts";
import { BusyError } from "./errors.ts";
import { checkedId } from "./run-row.ts";
import { mergeEvals } from "./series.ts";
import { software } from "./software.ts";
import type { Claim, RunRecord, Store, SweepRecord } from "./store.ts";

interface Kept {
  record: RunRecord;
  evals: readonly Eval[];
  readonly checkpoints: Map<number, Checkpoint>;
  resume?: Checkpoint | undefined;
  owner?: string | undefined;
}

/** Runs in this process's memory, gone with it. Needs nothing of the system: it works in a page. */
export function memoryStore(): Store {
  const kept = new Map<string, Kept>();
  /** Last started last. */
  const sweeps = new Map<string, SweepRecord>();
  const now = () => new Date().toISOString();

  function get(id: string): Kept {
    const run = kept.get(id);
    if (!run) throw new UsageError(`run ${id} is not in this store`);
    return run;
  }
  function claimed({ id, owner }: Claim): Kept {
    const run = kept.get(id);
    if (run?.owner === owner) return run;
    throw new BusyError(id, "somebody else: this claim was given back");
  }
  const shown = ({ record, owner }: Kept): RunRecord => (owner ? { ...record, heldBy: "this process" } : record);
  function giveBack(run: Kept): void {
    run.owner = undefined;
    const { status } = run.record;
    run.record = { ...run.record, status: status === "running" ? "stopped" : status, updatedAt: now() };
  }

  // An async function turns what it throws into a rejection, as every other store does.
  /* eslint-disable @typescript-eslint/require-await */
  return {
    where: "memory:",

    async list({ task, model, status, label, limit } = {}) {
      const records = [...kept.values()]
        .map(shown)
        .filter(
          (run) =>
            (task === undefined || run.plan.task.name === task) &&
            (model === undefined || run.plan.model.name === model) &&
            (status === undefined || run.status === status) &&
            (label === undefined || run.verdict?.label === label),
        );
      const order = (run: RunRecord) => `${run.createdAt} ${run.id}`;
      return records.sort((a, b) => (order(a) < order(b) ? 1 : -1)).slice(0, limit);
    },

    async find(id) {
      const run = kept.get(id);
      return run && shown(run);
    },

    async records(ids) {
      return ids.flatMap((id) => {
        const run = kept.get(id);
        return run ? [shown(run)] : [];
      });
    },

    async claim(id, plan) {
      checkedId(id);
      const run = kept.get(id) ?? created(id, plan);
      if (run.owner !== undefined) throw new BusyError(id, "this process");
      const owner = globalThis.crypto.randomUUID();
      const { status } = run.record;
      const over = status === "finished" || status === "diverged";
      run.record = { ...run.record, status: over ? status : "running", software: software(), updatedAt: now() };
      run.owner = owner;
      return { id, owner };
    },

    async append(claim, evals) {
      const run = claimed(claim);
      run.evals = mergeEvals([run.evals, structuredClone(evals)]);
      const last = run.evals.at(-1);
      if (last) run.record = { ...run.record, step: last.step, last, updatedAt: now() };
    },

    async evals(id) {
      return kept.get(id)?.evals ?? [];
    },

    async saveCheckpoint(claim, checkpoint) {
      claimed(claim).checkpoints.set(checkpoint.step, copied(checkpoint));
    },

    async checkpoints(id) {
      return [...(kept.get(checkedId(id))?.checkpoints.keys() ?? [])].sort((a, b) => a - b);
    },

    async loadCheckpoint(id, step) {
      const { checkpoints } = get(id);
      const found = checkpoints.get(step);
      if (found) return copied(found);
      const stored = [...checkpoints.keys()].sort((a, b) => a - b).join(", ");
      throw new UsageError(`run ${id} has no checkpoint at step ${step}; stored: ${stored === "" ? "none" : stored}`);
    },

    async saveResume(claim, checkpoint) {
      claimed(claim).resume = copied(checkpoint);
    },

    async loadResume(id) {
      const resume = kept.get(checkedId(id))?.resume;
      return resume && copied(resume);
    },

    async finish(claim, { seconds, status, verdict, weightsHash, note }) {
      const run = claimed(claim);
      const { verdict: _verdict, weightsHash: _hash, note: _note, ...rest } = run.record;
      run.record = {
        ...rest,
        status,
        seconds: rest.seconds + seconds,
        updatedAt: now(),
        ...(verdict && { verdict: structuredClone(verdict) }),
        ...(weightsHash !== undefined && { weightsHash }),
        ...(note !== undefined && { note }),
      };
      run.owner = undefined;
      if (status === "finished" || status === "diverged") run.resume = undefined;
    },

    async release(claim) {
      giveBack(claimed(claim));
    },

    async delete(id) {
      if (kept.get(checkedId(id))?.owner !== undefined) throw new BusyError(id, "this process");
      kept.delete(id);
    },

    async saveSweep(sweep) {
      const at = now();
      const known = sweeps.get(sweep.id);
      const record = { ...structuredClone(sweep), createdAt: known?.createdAt ?? at, updatedAt: at };
      sweeps.delete(sweep.id);
      sweeps.set(sweep.id, record);
      return record;
    },

    async listSweeps() {
      return [...sweeps.values()].reverse();
    },

    async findSweep(nameOrId) {
      return sweeps.get(nameOrId) ?? [...sweeps.values()].reverse().find(({ name }) => name === nameOrId);
    },

    async deleteSweep(id) {
      sweeps.delete(id);
    },

    async close() {
      for (const run of kept.values()) if (run.owner !== undefined) giveBack(run);
    },
  };
  /* eslint-enable @typescript-eslint/require-await */

  function created(id: string, plan: RunRecord["plan"]): Kept {
    const at = now();
    const record: RunRecord = {
      id,
      plan: structuredClone(plan),
      status: "running",
      step: 0,
      createdAt: at,
      updatedAt: at,
      seconds: 0,
      software: software(),
    };
    const run: Kept = { record, evals: [], checkpoints: new Map() };
    kept.set(id, run);
    return run;
  }
}

/** The arrays may be views of memory that training writes on. */
const copied = ({ step, params, state }: Checkpoint): Checkpoint => ({
  step,
  params: copiedArrays(params),
  state: copiedArrays(state),
});
const copiedArrays = (arrays: NamedArrays): NamedArrays =>
  Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, data }]) => [name, { shape: [...shape], data: data.slice() }]),
  );
