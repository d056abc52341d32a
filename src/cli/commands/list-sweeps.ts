import { sweeps } from "../../../experiments/index.ts";
import type { Store } from "../../runs/store.ts";
import { expand } from "../../train/sweep.ts";
import { labels } from "../../verdict/index.ts";
import type { JsonFlag, StoreFlag } from "../flags.ts";
import { count, minutes, steps } from "../render/numbers.ts";
import { labelPaint } from "../render/phase-words.ts";
import { table, type Column } from "../render/table.ts";
import type { Session } from "../session.ts";
import { NothingStored, withStore } from "../store.ts";
import { readSweep } from "../sweep-data.ts";

/** The declared sweeps, and those that were started in this store with what their runs have done so far. */
export async function listSweeps(session: Session, { store: where, json }: StoreFlag & JsonFlag): Promise<void> {
  const stored = await withStore(session, where, storedSweeps, { reading: true }).catch((error: unknown) => {
    if (error instanceof NothingStored) return [];
    throw error;
  });
  if (json) {
    for (const { expected: _, ...declared } of sweeps)
      session.printJson({ type: "sweep", declared: true, ...declared, runs: expand(declared.sweep).runs.length });
    for (const one of stored) session.printJson({ type: "sweep", declared: false, ...one });
    return;
  }
  const { out, io } = session;
  const options = { style: out, ...(io.stdout.columns === undefined ? {} : { columns: io.stdout.columns }) };
  const titles: readonly Column[] = [{ title: "sweep" }, { title: "runs", align: "right" }, { title: "takes", align: "right" }, { title: "claim" }]; // prettier-ignore
  const rows = sweeps.map(({ name, sweep, minutes: m, claim }) => [
    out.bold(name),
    steps(expand(sweep).runs.length),
    minutes(m),
    claim,
  ]);
  session.print(...table(titles, rows, options), "");
  if (stored.length === 0) {
    session.print(`no sweep was started in ${where}; ${session.program} sweep <name> starts one`);
    return;
  }
  const shown = stored.map(({ id, total, over, failed, counts, updatedAt }) => [
    out.bold(id),
    `${steps(over)} of ${steps(total)}${failed > 0 ? `, ${failed} failed` : ""}`,
    updatedAt.slice(0, 16).replace("T", " "),
    labels
      .filter((label) => counts[label] > 0)
      .map((label) => `${labelPaint[label](out)(String(counts[label]))} ${label}`)
      .join(", "),
  ]);
  const storedTitles: readonly Column[] = [{ title: `stored in ${where}` }, { title: "over" }, { title: "last started" }, { title: "verdicts" }]; // prettier-ignore
  session.print(...table(storedTitles, shown, options), "", out.dim(`${count(stored.length, "sweep")}; ${session.program} show <sweep> shows one`)); // prettier-ignore
}

async function storedSweeps(store: Store) {
  const found = [];
  for (const record of await store.listSweeps()) {
    const { id, name, sweep, policy, command, createdAt, updatedAt } = record;
    const { runs } = await readSweep(store, { id, name, sweep, policy, record });
    const counts = Object.fromEntries(labels.map((label) => [label, runs.filter(({ verdict }) => verdict?.label === label).length])) as Record<(typeof labels)[number], number>; // prettier-ignore
    const over = runs.filter(({ verdict }) => verdict).length;
    const failed = runs.filter(({ status }) => status === "failed").length;
    found.push({ id, name, policy, command, createdAt, updatedAt, total: runs.length, over, failed, counts });
  }
  return found;
}
