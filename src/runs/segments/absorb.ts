import { statSync } from "node:fs";
import { type Kysely, type Transaction } from "kysely";
import type { Eval } from "../../train/eval.ts";
import { storeError } from "../errors.ts";
import { holderOf } from "../lease.ts";
import type { ProcessIdentity } from "../process-identity.ts";
import { endingColumns, newRow } from "../run-row.ts";
import type { Database } from "../schema.ts";
import { evalToJson, mergeEvals } from "../series.ts";
import { packEvals, unpackEvals } from "../series-blob.ts";
import { leaseOf, sqlRuns } from "../sql-runs.ts";
import { sqlSweeps } from "../sql-sweeps.ts";
import { beginningOf, type Mark, markKey, markText, readMark, type SegmentFiles, segmentsIn } from "./files.ts";
import { collect, type Heard } from "./heard.ts";
import { readOwner, type SegmentOwner } from "./lock.ts";
import { type Logged, readEvents } from "./log.ts";

/** Events that are taken over in one transaction. */
const batchSize = 2000;
/** Reads that follow each other faster see what the last one found. */
const everyMs = 1000;

/**
 * Takes over into a store's database what segments have written since the last time, so that everything that reads a
 * store sees their runs. Any number of processes may do it at once: each stretch of a segment is taken over once.
 */
export function absorber(
  db: Kysely<Database>,
  folder: string,
  { here, now, onWarning }: { here: ProcessIdentity; now: () => number; onWarning: (message: string) => void },
): () => Promise<void> {
  let lookedAt = -Infinity;
  const owners = new Map<string, SegmentOwner | undefined>();
  const ends = new Map<string, Mark>();

  async function markOf(name: string): Promise<Mark> {
    const row = await db.selectFrom("meta").select("value").where("key", "=", markKey(name)).executeTakeFirst();
    return readMark(row?.value);
  }

  async function one(files: SegmentFiles): Promise<void> {
    const { name, log } = files;
    const size = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
    const owner = readOwner(files.owner);
    const before = owners.get(name);
    owners.set(name, owner);
    if (size > 0 && ends.get(name)?.end !== size) {
      const beginning = beginningOf(log);
      const mark = await markOf(name);
      const from = mark.beginning === beginning && mark.end <= size ? mark : { end: 0, owner: "" };
      await read(files, mark, { beginning, end: from.end, owner: from.owner }, owner);
    } else if (owner && owner.expires !== before?.expires) await renew(owner);
  }

  async function read(files: SegmentFiles, seen: Mark, from: Mark, owner: SegmentOwner | undefined): Promise<void> {
    let mark = seen;
    let writer = from.owner;
    let batch: Logged[] = [];
    const flush = async (): Promise<boolean> => {
      const end = batch.at(-1)?.end ?? from.end;
      const heard = collect(batch.map(({ event }) => event), writer); // prettier-ignore
      writer = heard.owner;
      const next = { beginning: from.beginning, end, owner: writer };
      const done = await take(files.name, mark, next, heard, owner);
      mark = next;
      batch = [];
      return done;
    };
    for (const logged of readEvents(files.log, from.end, (error) => onWarning(error.message))) {
      batch.push(logged);
      if (batch.length >= batchSize && !(await flush())) return;
    }
    if (batch.length > 0 && !(await flush())) return;
    ends.set(files.name, mark);
  }

  /** @returns false where another process has taken this stretch over */
  const take = (name: string, seen: Mark, next: Mark, heard: Heard, owner: SegmentOwner | undefined) =>
    db.transaction().execute(async (tx) => {
      // First of all a write, which takes the lock, and only where the mark is the one that was seen.
      await tx.insertInto("meta").values({ key: markKey(name), value: markText(seen) }).onConflict((c) => c.column("key").doNothing()).execute(); // prettier-ignore
      const moved = await tx
        .updateTable("meta")
        .set({ value: markText(next) })
        .where("key", "=", markKey(name))
        .where("value", "=", markText(seen))
        .executeTakeFirst();
      if (Number(moved.numUpdatedRows) !== 1) return false;
      const sweeps = sqlSweeps(tx, () => new Date(now()).toISOString());
      for (const sweep of heard.sweeps) await sweeps.save(sweep);
      for (const run of heard.runs) await takeRun(tx, run, owner);
      return true;
    });

  async function takeRun(tx: Transaction<Database>, run: Heard["runs"][number], owner: SegmentOwner | undefined) {
    const { id, claim, ending } = run;
    if (claim) {
      const row = newRow(id, claim.plan, claim.software, claim.createdAt);
      await tx.insertInto("runs").values({ ...row, seconds: claim.seconds }).onConflict((c) => c.column("id").doNothing()).execute(); // prettier-ignore
    }
    const known = await tx.selectFrom("runs").select(["status", "last", "lease_owner", "lease_expires"]).where("id", "=", id).executeTakeFirst(); // prettier-ignore
    if (!known || known.status === "finished" || known.status === "diverged") return;
    const lease = leaseOf(known);
    const over = ending?.status === "finished" || ending?.status === "diverged";
    // What another process of this store trains is its own to say, but an end is an end: the bits are the same.
    const other = lease !== undefined && lease.owner !== run.owner && holderOf(lease, here, now()) !== undefined;
    if (other && !over) return;
    const stored = await sqlRuns(tx).evals(id);
    const evals = mergeEvals([stored, ...run.packed.map(unpackEvals)]);
    await writeSeries(tx, id, evals, run, ending !== undefined);
    const last = evals.at(-1);
    const held = run.held && owner?.text === run.owner ? owner : undefined;
    await tx
      .updateTable("runs")
      .set({
        ...(last && { step: last.step, last: evalToJson(last) }),
        ...(ending ? endingColumns(ending) : { status: run.held ? "running" : "stopped" }),
        ...(claim && { software: claim.software }),
        updated_at: new Date(run.at).toISOString(),
        lease_owner: held ? held.text : null,
        lease_expires: held ? Math.round(held.expires) : null,
      })
      .set((eb) => ({ seconds: eb("seconds", "+", run.seconds) }))
      .where("id", "=", id)
      .execute();
  }

  async function renew({ text, expires }: SegmentOwner): Promise<void> {
    await db
      .updateTable("runs")
      .set({ lease_expires: Math.round(expires) })
      .where("status", "=", "running")
      .where("lease_owner", "=", text)
      .execute();
  }

  return async () => {
    if (now() - lookedAt < everyMs) return;
    lookedAt = now();
    for (const files of segmentsIn(folder)) {
      try {
        await one(files);
      } catch (error) {
        throw storeError(error, files.log);
      }
    }
  };
}

async function writeSeries(
  tx: Transaction<Database>,
  id: string,
  evals: readonly Eval[],
  { packed }: Heard["runs"][number],
  over: boolean,
): Promise<void> {
  if (packed.length === 0 && !over) return;
  if (over) {
    await tx.deleteFrom("series").where("run_id", "=", id).execute();
    if (evals.length > 0) await tx.insertInto("series").values({ run_id: id, seq: 0, data: packEvals(evals) }).execute(); // prettier-ignore
    return;
  }
  const end = await tx
    .selectFrom("series")
    .select((eb) => eb.fn.max("seq").as("seq"))
    .where("run_id", "=", id)
    .executeTakeFirstOrThrow();
  const data = packEvals(mergeEvals(packed.map(unpackEvals)));
  await tx
    .insertInto("series")
    .values({ run_id: id, seq: Number(end.seq ?? -1) + 1, data })
    .execute();
}
