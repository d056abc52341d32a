import { Command } from "commander";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { experiments, sweeps } from "../../../experiments/index.ts";
import { UsageError } from "../../options.ts";
import type { RunRecord, Store } from "../../runs/store.ts";
import { plan as writtenOut } from "../../train/plan.ts";
import type { DeclaredExperiment, DeclaredSweep } from "../../verdict/declared.ts";
import { checkClaims, judge, type ClaimResult } from "../../verdict/index.ts";
import { findExperiment } from "../experiments.ts";
import { exitCodes, Failure } from "../failures.ts";
import { jsonOption, type JsonFlag } from "../flags.ts";
import { stopSignals } from "../io.ts";
import { count, duration, minutes } from "../render/numbers.ts";
import { wrapped } from "../render/text.ts";
import { pairs } from "../render/table.ts";
import { verdictLine } from "../render/verdict.ts";
import { report, silent } from "../report.ts";
import { contextOfPlan, contextOfRun } from "../run-context.ts";
import type { Session } from "../session.ts";
import { sit, type SittingEnd } from "../sitting.ts";
import { withStore } from "../store.ts";
import { verifySweep } from "./verify-sweep.ts";
import { evalJson, summaryJson } from "../summary.ts";

interface Flags extends JsonFlag {
  readonly store?: string;
}

const examples = `
Examples:
  groklab verify quick            trains it in a temporary store, then checks its claims
  groklab verify all              every declared experiment
  groklab verify weight-decay     a declared sweep: its runs, then its claims over all of them
  groklab verify quick --store .groklab   checks the stored run, training only what is missing`;

export function verifyCommand(session: Session): Command {
  return new Command("verify")
    .description("train experiments or sweeps and say whether what they claim holds; exits 1 where it does not")
    .argument("<experiment...>", "names of declared experiments and sweeps, or all: every experiment")
    .option("--store <WHERE>", "use and keep runs there, instead of training anew in a temporary store")
    .addOption(jsonOption("every evaluation, claim and summary, one JSON object per line"))
    .addHelpText("after", examples)
    .action(async (names: readonly string[], flags: Flags) => {
      const chosen = names.flatMap((name): readonly Declared[] => (name === "all" ? experiments : [named(name)]));
      const outcomes: boolean[] = [];
      for (const declared of new Set(chosen)) {
        const holds = await inStore(session, flags, (store) =>
          "sweep" in declared ? verifySweep(session, store, declared, flags) : verify(session, store, declared, flags),
        );
        if (holds === undefined) return; // interrupted: nothing is said of the others
        outcomes.push(holds);
      }
      if (!outcomes.every(Boolean)) session.exitCode = exitCodes.failed;
      const failed = outcomes.filter((holds) => !holds).length;
      if (!flags.json && outcomes.length > 1) {
        session.print(
          "",
          failed === 0
            ? `all ${outcomes.length} experiments hold`
            : `${failed} of ${outcomes.length} experiments do not hold`,
        );
      }
    });
}

type Declared = DeclaredExperiment | DeclaredSweep;

function named(name: string): Declared {
  const sweep = sweeps.find((one) => one.name === name);
  if (sweep) return sweep;
  if (/\.json$/i.test(name) || /[\\/]/.test(name)) {
    throw new UsageError(`verify ${name}: a file claims nothing; give the name of a declared experiment, or all`);
  }
  return findExperiment(name);
}

/** In the store asked for, or in a temporary one, so that the check is of what this machine computes now. */
async function inStore<T>(session: Session, { store }: Flags, work: (store: Store) => Promise<T>): Promise<T> {
  if (store !== undefined) return withStore(session, store, work);
  let folder: string;
  try {
    folder = mkdtempSync(join(tmpdir(), "groklab-verify-"));
  } catch (error) {
    throw new Failure(`no temporary folder can be made in ${tmpdir()}; give --store`, { cause: error });
  }
  const remove = () => rmSync(folder, { recursive: true, force: true });
  // A second Ctrl-C leaves the process without coming by below.
  const removeAtExit = () => {
    try {
      remove();
    } catch {
      // Windows removes no file that is open; leaving goes on.
    }
  };
  process.once("exit", removeAtExit);
  try {
    return await withStore(session, folder, work);
  } finally {
    process.off("exit", removeAtExit);
    remove();
  }
}

/** Whether every claim holds; undefined when it was interrupted. */
async function verify(
  session: Session,
  store: Store,
  declared: DeclaredExperiment,
  flags: Flags,
): Promise<boolean | undefined> {
  const { json = false, store: where = "a temporary store" } = flags;
  const { io, err } = session;
  const plan = writtenOut(declared.experiment);
  const quiet = json && io.stdout.isTTY;
  const end = await sit(session, store, plan, {
    report: quiet ? silent(session) : report(session, plan.training["steps"] as number, contextOfPlan(plan, false)),
    onStart: () => {
      if (quiet) return;
      const title = `${err.bold(declared.name)}  ${declared.claim} ${err.dim(`(about ${minutes(declared.minutes)})`)}`;
      io.stderr.write(`${wrapped(title, io.stderr.columns ?? Infinity).join("\n")}\n`);
    },
    ...(json && { onEval: (e) => session.printJson(evalJson(e)) }),
  });
  if (end.signal !== undefined) return interrupted(session, declared, end, flags);
  const evals = await store.evals(end.record.id);
  const context = contextOfRun(end.record);
  const verdict = judge(evals, context);
  const results = checkClaims(declared.expected, { verdict, evals, plan, context });
  const holds = end.record.status === "finished" && results.every((result) => result.holds);
  if (json) {
    for (const result of results) session.printJson({ type: "claim", experiment: declared.name, ...result });
    session.printJson({ ...summaryJson(end.record, verdict, where), experiment: declared.name, holds });
    return holds;
  }
  session.print(
    "",
    ...pairs(
      [...table(results, session), ["verdict", verdictLine(verdict, session.out)]],
      session.out,
      io.stdout.columns,
    ),
  );
  session.print(conclusion(declared, end, results, holds, session));
  return holds;
}

function interrupted(
  session: Session,
  { name }: DeclaredExperiment,
  { signal, step }: SittingEnd,
  { store }: Flags,
): undefined {
  session.exitCode = stopSignals[signal!];
  const kept = store === undefined ? "nothing is kept" : `kept in ${store}; the same call continues`;
  session.note(`groklab: verify ${name}: stopped at step ${step}; ${kept}`);
  return undefined;
}

/** Each claim with what was found. */
const table = (results: readonly ClaimResult[], { out }: Session): (readonly [string, readonly string[]])[] =>
  results.map(({ claim, holds, found }) => [
    holds ? out.green("holds") : out.red("fails"),
    [claim, out.dim(`found: ${found}`)],
  ]);

function conclusion(
  { name }: DeclaredExperiment,
  { record, alreadyOver }: SittingEnd,
  results: readonly ClaimResult[],
  holds: boolean,
  { out }: Session,
): string {
  const how = trainedWords(record, alreadyOver);
  const failed = results.filter((result) => !result.holds).length;
  const said = holds
    ? out.green(`all ${count(results.length, "claim")} hold`)
    : out.red(
        record.status === "finished"
          ? `${failed} of ${count(results.length, "claim")} ${failed === 1 ? "does" : "do"} not hold`
          : `it ended ${record.status}${record.note === undefined ? "" : `: ${record.note}`}`,
      );
  return `${out.bold(name)}: ${said} (${how})`;
}

const trainedWords = ({ step, seconds, updatedAt }: RunRecord, alreadyOver: boolean): string =>
  alreadyOver
    ? `stored run of ${updatedAt.slice(0, 10)}, not trained again`
    : `trained ${count(step, "step")} in ${duration(seconds)}`;
