import { Command } from "commander";
import { UsageError } from "../../options.ts";
import { defaultStore } from "../../runs/open-store.ts";
import type { Store } from "../../runs/store.ts";
import { runId } from "../../train/plan.ts";
import { judge, policyFor } from "../../verdict/index.ts";
import { chooseExperiment, type Changes, type Chosen } from "../experiments.ts";
import { estimate } from "../estimate.ts";
import { exitCodes } from "../failures.ts";
import { collected, jsonOption, seconds, storeOption, wholeNumber, type JsonFlag, type StoreFlag } from "../flags.ts";
import { stopSignals } from "../io.ts";
import { count, duration, rate, steps as stepText } from "../render/numbers.ts";
import { wrapped } from "../render/text.ts";
import { pairs, type PairValue } from "../render/table.ts";
import { verdictDetails, verdictLine } from "../render/verdict.ts";
import { report, silent } from "../report.ts";
import { contextOfPlan, contextOfRun } from "../run-context.ts";
import { commandLine, type Session } from "../session.ts";
import { sit, type SittingEnd } from "../sitting.ts";
import { stopWhen } from "../stop.ts";
import { withStore } from "../store.ts";
import { evalJson, summaryJson } from "../summary.ts";
import { experimentTable } from "./list.ts";

interface Flags extends Changes, StoreFlag, JsonFlag {
  readonly until?: readonly string[];
  readonly hold: string;
  readonly policy?: string;
  readonly stopAfter?: string;
  readonly fresh?: true;
}

const examples = `
Examples:
  groklab run quick                                    a delay within seconds
  groklab run modular-addition --seed 7                the main run from another seed
  groklab run quick --set weightDecay=0 --steps 2000   without what makes it generalize
  groklab run modular-addition --until verdict         no longer than it takes
  groklab run my-experiment.json --json > run.jsonl    an experiment of your own
  groklab list tasks modular-addition                  names that --set takes, with their defaults`;

export function runCommand(session: Session): Command {
  return new Command("run")
    .description("train one network, watch it, and say what it did; the same call continues a run that was stopped")
    .argument("[experiment]", "name of an experiment, or a file.json that holds one; none: the list of names")
    .option("--seed <N>", "draws everything that is random")
    .option("--set <key=value>", "one option of the experiment, such as weightDecay=0.1 (repeatable)", collected)
    .option(
      "--data <FILE>",
      "CSV or JSON file for a task that takes data; for a language task lines such as question.train (repeatable)",
      collected,
    )
    .option("--steps <N>", "the same as --set training.steps=N")
    .option(
      "--until <CONDITION>",
      'stop early: verdict, or "accuracy>=0.99", "train.loss<1e-6" (repeatable)',
      collected,
    )
    .option("--hold <N>", "evaluations in a row at which an --until comparison has to hold", "3")
    .option(
      "--policy <NAME>",
      `rule of the verdict (default: accuracy, for language models crossing; groklab list policies)`,
    )
    .option("--stop-after <TIME>", "stop after so many seconds, or 90s, 5min, 2h")
    .option("--fresh", "train from step 0, though the run is stored; what is stored goes")
    .addOption(storeOption())
    .addOption(jsonOption("every evaluation and a summary, one JSON object per line"))
    .addHelpText("after", examples)
    .action(async (what: string | undefined, flags: Flags) => {
      if (what === undefined) return listed(session, flags);
      const chosen = chooseExperiment(what, flags, session.io.cwd);
      const checked = check(chosen, flags);
      await withStore(session, flags.store, (store) => run(session, store, chosen, flags, checked));
    });
}

/** `groklab run` alone. With flags it was meant otherwise. */
function listed(session: Session, { set, seed, steps, data, until, stopAfter, fresh }: Flags): void {
  if ([set, seed, steps, data, until, stopAfter, fresh].some((flag) => flag !== undefined)) {
    throw new UsageError("run: which experiment? give a name or a file.json; groklab run alone lists the names");
  }
  session.print(...experimentTable(session), "", `${session.program} run quick`);
}

type Checked = ReturnType<typeof check>;

/** Everything that can be wrong with the flags is told before the store is opened. */
function check({ plan }: Chosen, { until, hold, policy = policyFor(plan), stopAfter }: Flags) {
  const context = contextOfPlan(plan, false);
  judge([], context, policy);
  const held = wholeNumber(hold, "--hold");
  return {
    context,
    policy,
    stop: until === undefined ? undefined : stopWhen(until, held, { context, policy }),
    limit: stopAfter === undefined ? undefined : seconds(stopAfter, "--stop-after"),
  };
}

async function run(session: Session, store: Store, chosen: Chosen, flags: Flags, checked: Checked): Promise<void> {
  const { plan } = chosen;
  const { json = false } = flags;
  // Unread: what is stored of it may be damaged.
  if (flags.fresh) await store.delete(runId(plan));
  const steps = plan.training["steps"] as number;
  const quiet = json && session.io.stdout.isTTY; // the lines of results are the progress there
  const end = await sit(session, store, plan, {
    report: quiet ? silent(session) : report(session, steps, checked.context),
    stop: checked.stop,
    limit: checked.limit,
    onStart: ({ step }) => {
      if (!json) heading(session, chosen, step);
    },
    ...(json && { onEval: (e) => session.printJson(evalJson(e)) }),
  });
  const { record, signal } = end;
  // The stored verdict is the default policy's of the version that trained it.
  const verdict =
    record.verdict === undefined || record.verdict.policy === checked.policy
      ? record.verdict
      : judge(await store.evals(record.id), contextOfRun(record), checked.policy);
  if (json) session.printJson(summaryJson(record, verdict, flags.store));
  else conclusion(session, chosen, flags, { ...end, record: verdict ? { ...record, verdict } : record });
  if (signal !== undefined) session.exitCode = stopSignals[signal];
  else if (record.status === "diverged") {
    session.exitCode = exitCodes.failed;
    session.note(`groklab: diverged: ${record.note ?? "a loss or weight is not a finite number"}`);
  }
}

function heading(session: Session, chosen: Chosen, from: number): void {
  const { name, plan, declared, asDeclared, examples, task } = chosen;
  const { err } = session;
  const precision = plan.training["precision"] as string;
  // A language model's time depends on the machine and on every option, and can be days: it is tried.
  const about =
    task.inputs.kind === "sequences"
      ? `, about ${duration(estimate(plan, task, from, () => session.io.now()).total)} by a short trial now`
      : asDeclared && from === 0
        ? `, about ${duration(60 * (declared?.minutes ?? 0))}`
        : "";
  const steps = count(plan.training["steps"] as number, "step");
  const columns = session.io.stderr.columns ?? Infinity;
  const facts =
    `${count(examples.train, "example")} to train on, ${stepText(examples.test)} to test on; ${steps} in ${precision}${about}; ` +
    `${from > 0 ? `continues from step ${stepText(from)}; ` : ""}Ctrl-C saves and stops`;
  const title = wrapped(`${err.bold(name)}  ${declared?.claim ?? ""}`.trimEnd(), columns);
  session.io.stderr.write(`${[...title, ...wrapped(facts, columns).map(err.dim)].join("\n")}\n`);
}

/** What came of it, where it is, and what to type next. */
function conclusion(
  session: Session,
  chosen: Chosen,
  flags: Flags,
  { record, step, alreadyOver, signal, reason }: SittingEnd,
): void {
  const { out, io, program } = session;
  const { verdict, status, seconds: took } = record;
  const planned = chosen.plan.training["steps"] as number;
  const where = flags.store === defaultStore ? [] : ["--store", flags.store];
  const command = (...args: readonly string[]) => commandLine(program, [...args, ...where]);
  const again = command(
    "run",
    chosen.name,
    ...assignments(flags),
    ...(flags.seed === undefined ? [] : ["--seed", flags.seed]),
  );
  const why = signal === undefined ? reason : `asked to stop (${signal})`;
  const entries: (readonly [string, PairValue])[] = [
    ...(alreadyOver
      ? [
          [
            "before",
            `${status} on ${record.updatedAt.slice(0, 10)}, not trained again (--fresh trains it anew)`,
          ] as const,
        ]
      : []),
    ...(verdict ? [["verdict", [verdictLine(verdict, out), ...verdictDetails(verdict, out)]] as const] : []),
    ["trained", `${count(step, "step")} in ${duration(took)}${took > 0 ? ` (${rate(step / took)} steps/s)` : ""}`],
    ...(record.weightsHash === undefined ? [] : [["weights", record.weightsHash] as const]),
    ["run", `${record.id} in ${flags.store}`],
  ];
  if (status === "stopped") {
    const said = why === undefined ? "" : `: ${why}`;
    entries.unshift(["stopped", `at step ${stepText(step)} of ${stepText(planned)}${said}; everything is saved`]);
    entries.push(["continue", { verbatim: [out.bold(again)] }]);
  }
  entries.push(["next", { verbatim: nextSteps(record.id, chosen, flags, program, command) }]);
  session.print(...(alreadyOver ? [] : [""]), ...pairs(entries, out, io.stdout.columns));
}

function nextSteps(
  id: string,
  chosen: Chosen,
  flags: Flags,
  program: string,
  command: (...args: readonly string[]) => string,
): readonly string[] {
  return [
    command("show", id),
    command("export", id, "--format", "csv", "--out", "run.csv"),
    // Without the store: the check is of a run of its own.
    ...(chosen.asDeclared ? [commandLine(program, ["verify", chosen.name])] : []),
    command("run", chosen.name, ...assignments(flags), "--seed", String(chosen.plan.seed + 1)),
  ];
}

/** The flags that make this Plan, without its seed. */
const assignments = ({ set = [], data = [], steps }: Flags): readonly string[] => [
  ...set.flatMap((assignment) => ["--set", assignment]),
  ...data.flatMap((file) => ["--data", file]),
  ...(steps === undefined ? [] : ["--steps", steps]),
];
