import { availableParallelism } from "node:os";
import type { Store } from "../../runs/store.ts";
import { readSwept } from "../../runs/swept.ts";
import { expand, type Expansion } from "../../train/sweep.ts";
import type { DeclaredSweep } from "../../verdict/declared.ts";
import { checkSweepClaims, claimedPolicies, sweepTable, type ClaimResult } from "../../verdict/index.ts";
import type { StartTrainer } from "../../workers/pool.ts";
import { runSweep } from "../../workers/run-sweep.ts";
import { stopSignals, type StopSignal } from "../io.ts";
import { count, minutes } from "../render/numbers.ts";
import { settingTable } from "../render/setting-table.ts";
import { pairs } from "../render/table.ts";
import { wrapped } from "../render/text.ts";
import { commandLine, type Session } from "../session.ts";
import { fromDeclared } from "../sweep-data.ts";
import { sweepReport } from "../sweep-report.ts";

interface Pool {
  readonly workers: number;
  /** What trains; threads by default. */
  readonly start?: StartTrainer;
}

/**
 * Trains what is missing of a declared sweep and checks its claims over all its runs.
 * @returns whether every claim holds; undefined when it was interrupted
 */
export async function verifySweep(
  session: Session,
  store: Store,
  declared: DeclaredSweep,
  { json = false, store: where }: { readonly json?: boolean | undefined; readonly store?: string | undefined },
  pool: Pool = { workers: availableParallelism() },
): Promise<boolean | undefined> {
  const { io, out, err } = session;
  const { id, name, sweep, policy } = fromDeclared(declared);
  const expansion = expand(sweep);
  await store.saveSweep({ id, name, sweep, command: commandLine(session.program, session.argv), policy, options: {} });
  const title = `${err.bold(name)}  ${declared.claim} ${err.dim(`(about ${minutes(declared.minutes)} on two cores)`)}`;
  io.stderr.write(`${wrapped(title, io.stderr.columns ?? Infinity).join("\n")}\n`);
  const signal = await train(session, store, expansion, { ...pool, policy });
  if (signal !== undefined) {
    session.exitCode = stopSignals[signal];
    const kept = where === undefined ? "nothing is kept" : `kept in ${where}; the same call continues`;
    session.note(`groklab: verify ${name}: stopped; ${kept}`);
    return undefined;
  }
  const runs = await readSwept(store, expansion, { policy });
  const others = new Map<string, typeof runs>();
  for (const other of claimedPolicies(declared.expected)) {
    others.set(other, other === policy ? runs : await readSwept(store, expansion, { policy: other }));
  }
  const results = checkSweepClaims(declared.expected, { runs, judgedBy: (other) => others.get(other) ?? runs });
  const holds = results.every((result) => result.holds);
  const table = sweepTable(runs);
  if (json) {
    for (const result of results) session.printJson({ type: "claim", sweep: name, ...result });
    session.printJson({ type: "summary", sweep: id, name, policy, total: table.total, store: where ?? "a temporary store", holds }); // prettier-ignore
    return holds;
  }
  session.print("", ...settingTable(table, out, io.stdout.columns ?? 110), "");
  session.print(
    ...pairs(
      results.map((result) => claimLines(result, session)),
      out,
      io.stdout.columns,
    ),
  );
  const failed = results.filter((result) => !result.holds).length;
  const said = holds
    ? out.green(`all ${count(results.length, "claim")} hold`)
    : out.red(`${failed} of ${count(results.length, "claim")} ${failed === 1 ? "does" : "do"} not hold`);
  session.print(`${out.bold(name)}: ${said} (${count(runs.length, "run")})`);
  return holds;
}

/** Trains the runs that are missing. @returns the signal that stopped it */
async function train(session: Session, store: Store, expansion: Expansion, options: Pool & { policy: string }) {
  const asked = new AbortController();
  let signal: StopSignal | undefined;
  const work = runSweep(store, expansion.runs, {
    ...options,
    signal: asked.signal,
    onRun: (end) => report.ended(end, work.state()),
  });
  const report = sweepReport(session, expansion, () => work.state());
  const leave = session.io.onSignal((received) => {
    if (signal !== undefined) session.io.quit(stopSignals[received]);
    signal = received;
    report.note("saving every run in progress; once more to leave at once");
    asked.abort();
  });
  try {
    await work.end;
  } finally {
    leave();
    report.end();
  }
  return signal;
}

const claimLines = ({ claim, holds, found }: ClaimResult, { out }: Session) =>
  [holds ? out.green("holds") : out.red("fails"), [claim, out.dim(`found: ${found}`)]] as const;
