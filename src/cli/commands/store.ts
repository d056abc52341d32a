import { Command } from "commander";
import { resolve } from "node:path";
import { suggestion, UsageError } from "../../options.ts";
import { copyRuns, type CopyEnd, type CopyOutcome } from "../../runs/copy.ts";
import { withoutPassword } from "../../runs/passwords.ts";
import type { RunRecord, Store, SweepRecord } from "../../runs/store.ts";
import { expand } from "../../train/sweep.ts";
import { exitCodes } from "../failures.ts";
import { jsonOption, type JsonFlag } from "../flags.ts";
import { stopSignals, type StopSignal } from "../io.ts";
import { count, steps } from "../render/numbers.ts";
import { commandLine, type Session } from "../session.ts";
import { findRun, NothingStored, withStore } from "../store.ts";

interface Flags extends JsonFlag {
  readonly runs?: string;
  readonly sweep?: string;
}

const examples = `
Examples:
  groklab store copy .groklab postgres://ana@db.lab/grok         every run and sweep, to a server
  groklab store copy postgres://ana@db.lab/grok mine --sweep quick   one sweep, to a folder
  groklab store copy .groklab ../other --runs last                one run

A copy that was cut off goes on when it is asked for again. Nothing is overwritten: a run that is there already and is
not an earlier state of the same is named, stays as it is, and makes the exit code 1.`;

export function storeCommand(session: Session): Command {
  return new Command("store")
    .description("copy runs from one store to another, bit for bit: folders and PostgreSQL servers")
    .argument("<action>", "copy")
    .argument("<from>", "where they are", withoutPassword)
    .argument("<to>", "where they are to be; made where there is none", withoutPassword)
    .option("--runs <LIST>", "only these: ids, beginnings of ids, or last, with commas")
    .option("--sweep <NAME>", "only the runs of this sweep")
    .addOption(jsonOption("one JSON object per run, and a summary"))
    .addHelpText("after", examples)
    .action(async (action: string, from: string, to: string, flags: Flags) => {
      if (action !== "copy")
        throw new UsageError(`store: cannot "${action}"; known: copy${suggestion(action, ["copy"])}`);
      checkPlaces(session, from, to);
      await withStore(session, from, (source) => copyFrom(session, source, from, to, flags), { reading: true });
    });
}

function checkPlaces(session: Session, from: string, to: string): void {
  for (const place of [from, to]) {
    if (place === "memory:") throw new UsageError("store copy: memory: ends with the command; give folders or servers");
  }
  const whole = (place: string) => (place.includes("://") ? place : resolve(session.io.cwd, place));
  if (whole(from) === whole(to)) throw new UsageError(`store copy: ${from} is both of them; give two places`);
}

async function copyFrom(session: Session, source: Store, from: string, to: string, flags: Flags): Promise<void> {
  const { records, sweeps } = await chosen(source, from, flags);
  await withStore(session, to, async (target) => {
    const signal = await copy(session, source, target, records, flags);
    // A sweep comes after its runs, so that it is not seen half there.
    if (signal === undefined) for (const sweep of sweeps) await target.archive?.keepSweep(sweep);
    if (signal !== undefined) session.exitCode = stopSignals[signal];
  });
}

interface Chosen {
  readonly records: readonly RunRecord[];
  readonly sweeps: readonly SweepRecord[];
}

async function chosen(store: Store, where: string, { runs, sweep }: Flags): Promise<Chosen> {
  if (runs !== undefined && sweep !== undefined) throw new UsageError("store copy: give --runs or --sweep, not both");
  if (runs !== undefined) {
    const records: RunRecord[] = [];
    for (const text of runs.split(",")) records.push(await findRun(store, text.trim(), where));
    return { records: [...new Map(records.map((record) => [record.id, record])).values()], sweeps: [] };
  }
  const all = await store.listSweeps();
  if (sweep === undefined) {
    const records = await store.list();
    if (records.length === 0 && all.length === 0) throw new NothingStored(where);
    return { records: [...records].reverse(), sweeps: [...all].reverse() };
  }
  const found = await store.findSweep(sweep);
  if (!found) {
    const names = [...new Set(all.map(({ name }) => name))];
    throw new UsageError(`no sweep in ${where} is called "${sweep}"; known: ${names.join(", ") || "none"}${suggestion(sweep, names)}`); // prettier-ignore
  }
  return { records: await store.records(expand(found.sweep).runs.map(({ id }) => id)), sweeps: [found] };
}

/** Seconds between two lines that say how far it is. */
const lineEvery = 5;

/** @returns the signal that ended it */
async function copy(
  session: Session,
  source: Store,
  target: Store,
  records: readonly RunRecord[],
  { json }: Flags,
): Promise<StopSignal | undefined> {
  const { io } = session;
  const counts: Record<CopyOutcome, number> = { copied: 0, updated: 0, there: 0, held: 0, different: 0, failed: 0 };
  const asked = new AbortController();
  let signal: StopSignal | undefined;
  let said = io.now();
  const leave = io.onSignal((received) => {
    if (signal !== undefined) io.quit(stopSignals[received]);
    signal = received;
    session.note("ending after the runs in progress; once more to leave at once");
    asked.abort();
  });
  const done = () => Object.values(counts).reduce((sum, n) => sum + n, 0);
  const onRun = (end: CopyEnd): void => {
    counts[end.outcome]++;
    if (json) session.printJson({ type: "run", ...end, note: end.note ?? null });
    if (end.note !== undefined) session.note(`groklab: ${end.outcome}: ${end.id}: ${end.note}`);
    else if (io.now() - said >= lineEvery) {
      said = io.now();
      session.note(`${steps(done())} of ${count(records.length, "run")}`);
    }
  };
  try {
    await copyRuns(source, target, records, { onRun, signal: asked.signal });
  } finally {
    leave();
  }
  const left = records.length - done();
  if (json)
    session.printJson({ type: "summary", from: source.where, to: target.where, total: records.length, ...counts, left }); // prettier-ignore
  else session.print(...summary(counts, left, records.length, session));
  if (counts.held + counts.different + counts.failed > 0) session.exitCode = exitCodes.failed;
  return signal;
}

const words: Readonly<Record<CopyOutcome, string>> = {
  copied: "copied",
  updated: "brought up to date",
  there: "there already",
  held: "being trained: copy them once that is done",
  different: "different there, and left as they are",
  failed: "failed",
};

function summary(counts: Readonly<Record<CopyOutcome, number>>, left: number, total: number, session: Session) {
  const lines = Object.entries(counts)
    .filter(([, n]) => n > 0)
    .map(([outcome, n]) => `${steps(n).padStart(8)}  ${words[outcome as CopyOutcome]}`);
  const again = commandLine(session.program, session.argv);
  return [
    `${count(total, "run")}:`,
    ...(lines.length > 0 ? lines : ["       0  to copy"]),
    ...(left > 0 ? [`${steps(left).padStart(8)}  left; to go on: ${again}`] : []),
  ];
}
