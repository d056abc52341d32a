import { UsageError } from "../options.ts";
import type { Plan } from "../train/experiment.ts";
import type { Verdict } from "../verdict/index.ts";
import { DamagedError } from "./errors.ts";
import type { RecordRow, RunRow } from "./schema.ts";
import { evalFromJson, evalToJson } from "./series.ts";
import type { Ending, RunRecord, RunStatus } from "./store.ts";

/** Ids name folders and rows. @throws UsageError for one that could leave its folder */
export function checkedId(id: string): string {
  if (/^[a-z0-9][a-z0-9._-]{0,199}$/i.test(id)) return id;
  throw new UsageError(`run id ${JSON.stringify(id.slice(0, 60))}: give letters, digits, dots and hyphens`);
}

/** What the ids of all seeds of a Plan share. */
export const groupOf = (id: string): string => id.replace(/-s\d+$/, "");

/** The row of a run that starts now. */
export function newRow(id: string, plan: Plan, software: string, now: string): RunRow {
  return {
    id,
    group: groupOf(id),
    task: plan.task.name,
    model: plan.model.name,
    seed: plan.seed,
    plan: JSON.stringify(plan),
    status: "running",
    step: 0,
    created_at: now,
    updated_at: now,
    seconds: 0,
    software,
    last: null,
    ...emptyEnding,
    lease_owner: null,
    lease_expires: null,
  };
}

/** The row of a run that was another store's, held by nobody. */
export function rowOf(record: RunRecord): RunRow {
  const { id, plan, status, step, createdAt, updatedAt, seconds, software, last, verdict, weightsHash, note } = record;
  // What a running run has of an earlier sitting it has of this one, too.
  const ending = { seconds, ...(verdict && { verdict }), ...(weightsHash !== undefined && { weightsHash }) };
  return {
    ...newRow(id, plan, software, createdAt),
    ...endingColumns({ ...ending, status: status as Ending["status"], ...(note !== undefined && { note }) }),
    updated_at: updatedAt,
    step,
    seconds,
    last: last ? evalToJson(last) : null,
  };
}

const emptyEnding = {
  verdict: null,
  label: null,
  fit_step: null,
  generalize_step: null,
  delay: null,
  weights_hash: null,
  note: null,
};

/** The columns that an ending sets. */
export function endingColumns({ status, verdict, weightsHash, note }: Ending) {
  return {
    ...emptyEnding,
    status,
    ...(verdict && {
      verdict: JSON.stringify(verdict),
      label: verdict.label,
      fit_step: verdict.fitStep,
      generalize_step: verdict.generalizeStep,
      delay: verdict.delay,
    }),
    weights_hash: weightsHash ?? null,
    // SQLite would end the text at a NUL.
    note: note?.replaceAll("\0", "") ?? null,
  };
}

/** Plans without their seeds, by their text: thousands of runs share a few hundred, and parsing them all takes long. */
const plans = new Map<string, Plan>();
const maxPlans = 2000;
const longestPlan = 20_000;

/** The plan of a row. Runs that differ only in the seed share the rest. */
function parsedPlan(text: string): Plan {
  if (text.length > longestPlan) return JSON.parse(text) as Plan; // it holds a user's data
  // A Plan's seed is written last.
  const [, rest = "", seed] = /^(.*),"seed":(\d+)\}$/s.exec(text) ?? [];
  if (seed === undefined) return JSON.parse(text) as Plan;
  let known = plans.get(rest);
  if (!known) {
    known = JSON.parse(`${rest}}`) as Plan;
    if (plans.size >= maxPlans) plans.clear();
    plans.set(rest, known);
  }
  return { ...known, seed: Number(seed) };
}

/**
 * @param heldBy who trains it, in words
 * @throws DamagedError where the row's JSON is not whole
 */
export function toRecord(row: RecordRow, heldBy: string | undefined, where: string): RunRecord {
  try {
    return {
      id: row.id,
      plan: parsedPlan(row.plan),
      status: row.status as RunStatus,
      step: Number(row.step),
      createdAt: row.created_at,
      updatedAt: row.updated_at,
      seconds: row.seconds,
      software: row.software,
      ...(row.last !== null && { last: evalFromJson(row.last) }),
      ...(row.verdict !== null && { verdict: JSON.parse(row.verdict) as Verdict }),
      ...(row.weights_hash !== null && { weightsHash: row.weights_hash }),
      ...(row.note !== null && { note: row.note }),
      ...(heldBy !== undefined && { heldBy }),
    };
  } catch {
    throw new DamagedError(where, `what it says of run ${String(row.id)} is not whole`);
  }
}
