import { Command } from "commander";
import { UsageError } from "../../options.ts";
import { defaultStore } from "../../runs/open-store.ts";
import type { RunRecord, Store } from "../../runs/store.ts";
import type { Eval } from "../../train/eval.ts";
import { defaultPolicy, judge, policyFor, type Verdict } from "../../verdict/index.ts";
import { collected, jsonOption, storeOption, type JsonFlag, type StoreFlag } from "../flags.ts";
import { curves } from "../render/curves.ts";
import { duration, shortAccuracy, shortLoss, steps as stepText } from "../render/numbers.ts";
import { pairs, table, type Column } from "../render/table.ts";
import { phaseList, verdictDetails, verdictLine } from "../render/verdict.ts";
import { contextOfRun } from "../run-context.ts";
import { commandLine, type Session } from "../session.ts";
import { findRun, withStore } from "../store.ts";
import { evalJson, statusWord, summaryJson } from "../summary.ts";
import { findSweep } from "../sweep-data.ts";
import { showSweep } from "./show-sweep.ts";
import { planDifferences } from "../plan-differences.ts";

interface SharedFlags extends StoreFlag, JsonFlag {
  readonly by?: string;
  readonly where?: readonly string[];
  readonly sort?: string;
}
interface Flags extends SharedFlags {
  readonly policy?: string;
}

export function showCommand(session: Session): Command {
  return new Command("show")
    .description(
      "one run: its plan, its verdict with reasons, its curves, where its weights are; or a sweep: its table of verdicts",
    )
    .argument("<run>", "id or the beginning of one, name of an experiment or a sweep, or last for a run")
    .option(
      "--policy <NAME>",
      `rule of the verdicts: groklab list policies (default: the sweep's, or accuracy, for language models crossing)`,
    )
    .option("--by <KEYS>", "sweep: a row for each value of these hyperparameters, the others taken together")
    .option("--where <key=v1,v2>", "sweep: only runs with these values (repeatable)", collected)
    .option("--sort <KEY>", "sweep: setting, generalizes, generalizeStep, delay or fitStep")
    .addOption(storeOption())
    .addOption(jsonOption("every evaluation and the summary, one JSON object per line"))
    .action(async (text: string, flags: Flags) => {
      const asked = async (store: Store) => {
        const sweep = await findSweep(store, text);
        if (sweep) return showSweep(session, store, sweep, flags);
        for (const key of ["by", "where", "sort"] as const) {
          if (flags[key] !== undefined)
            throw new UsageError(`--${key}: "${text}" is no sweep; groklab list sweeps shows them`);
        }
        return show(session, store, text, flags);
      };
      await withStore(session, flags.store, asked, { reading: true });
    });
}

async function show(session: Session, store: Store, text: string, flags: Flags): Promise<void> {
  const record = await findRun(store, text, flags.store);
  const evals = await store.evals(record.id);
  const verdict = judge(evals, contextOfRun(record), flags.policy);
  const checkpoints = await store.checkpoints(record.id);
  if (flags.json) {
    for (const e of evals) session.printJson(evalJson(e));
    session.printJson({ ...summaryJson(record, verdict, flags.store), checkpoints });
    return;
  }
  const { out, io } = session;
  const columns = io.stdout.columns ?? 100;
  const thresholds = Object.entries(verdict.thresholds).map(([name, value]) => `${name}=${value}`);
  session.print(
    ...pairs(
      [
        ["run", out.bold(record.id)],
        ["status", statusLine(record)],
        ...planDifferences(record.plan),
        ["verdict", [verdictLine(verdict, out), ...verdictDetails(verdict, out)]],
        ["thresholds", thresholds.join(", ")],
        ["phases", phaseList(verdict, out)],
      ],
      out,
      columns,
    ),
    "",
    ...(evals.length > 1 ? [...curves(evals, record.plan, Math.min(columns, 100), out), ""] : []),
    ...keyEvals(evals, verdict, session),
    "",
    ...pairs(
      [
        ["weights", record.weightsHash ?? "not hashed yet: the run has not ended"],
        ["checkpoints", checkpointText(checkpoints)],
        ["stored in", flags.store],
        ["software", record.software],
        ["next", { verbatim: next(record, flags, session) }],
      ],
      out,
      columns,
    ),
  );
}

function statusLine(record: RunRecord): string {
  const { step, plan, seconds, note, heldBy } = record;
  const planned = plan.training["steps"] as number;
  const status = statusWord(record);
  const did = step >= planned ? stepText(step) : `${stepText(step)} of ${stepText(planned)}`;
  const by = status === "running" ? ` by ${heldBy}` : "";
  const took = seconds > 0 ? ` in ${duration(seconds)}` : "";
  const why = note ?? (status === "killed" ? "the call that made it continues it" : undefined);
  return `${status}${by}: ${did} steps${took}${why === undefined ? "" : `; ${why}`}`;
}

/** The evaluations that a reader looks for: ends, steps of the verdict, extremes of the test loss. */
function keyEvals(evals: readonly Eval[], verdict: Verdict, session: Session): readonly string[] {
  const first = evals[0];
  if (first === undefined) return ["nothing evaluated yet"];
  const marked = new Map<Eval, string[]>();
  const mark = (e: Eval | undefined, what: string) => {
    if (e !== undefined) marked.set(e, [...(marked.get(e) ?? []), what]);
  };
  const at = (step: number | null) => evals.find((e) => e.step === step);
  mark(first, "start");
  mark(at(verdict.fitStep), "fitted");
  mark(extreme(evals, (a, b) => a > b), "largest test loss"); // prettier-ignore
  mark(at(verdict.generalizeStep), "generalized");
  mark(extreme(evals, (a, b) => a < b), "smallest test loss"); // prettier-ignore
  mark(at(verdict.divergedAt), "diverged");
  mark(evals.at(-1), "last");
  const titles: Column[] = [
    { title: "step", align: "right" },
    { title: "train loss", align: "right" },
    { title: "accuracy", align: "right" },
    { title: "test loss", align: "right" },
    { title: "accuracy", align: "right" },
    { title: "L2 norm", align: "right" },
    { title: "" },
  ];
  const rows = [...marked]
    .sort(([a], [b]) => a.step - b.step)
    .map(([e, what]) => [
      stepText(e.step),
      shortLoss(e.train.loss),
      shortAccuracy(e.train.accuracy),
      shortLoss(e.test.loss),
      shortAccuracy(e.test.accuracy),
      shortLoss(e.normL2),
      what.join(", "),
    ]);
  return table(titles, rows, { style: session.out });
}

function extreme(evals: readonly Eval[], better: (a: number, b: number) => boolean): Eval | undefined {
  return evals.reduce<Eval | undefined>((best, e) => {
    if (!Number.isFinite(e.test.loss)) return best;
    return best === undefined || better(e.test.loss, best.test.loss) ? e : best;
  }, undefined);
}

function checkpointText(steps: readonly number[]): string {
  if (steps.length === 0) return "none";
  const shown =
    steps.length <= 6 ? steps.map(stepText) : [...steps.slice(0, 3).map(stepText), "…", stepText(steps.at(-1)!)];
  return `${steps.length}: ${steps.length === 1 ? "step" : "steps"} ${shown.join(", ")}`;
}

function next({ id, plan }: RunRecord, { store, policy }: Flags, { program }: Session): readonly string[] {
  const where = store === defaultStore ? [] : ["--store", store];
  const usual = policyFor(plan);
  const other = policy !== undefined && policy !== usual ? usual : usual === defaultPolicy ? "pair" : defaultPolicy;
  return [
    commandLine(program, ["export", id, "--format", "csv", "--out", "run.csv", ...where]),
    commandLine(program, ["figure", id, "--out", "run.svg", ...where]),
    commandLine(program, ["show", id, "--policy", other, ...where]),
  ];
}
