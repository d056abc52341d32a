import { Command } from "commander";
import { experiments, sweeps } from "../../../experiments/index.ts";
import { models } from "../../models/index.ts";
import { optimizers } from "../../optim/index.ts";
import { allowed, named, suggestion, UsageError, type Field, type Fields } from "../../options.ts";
import type { RunRecord } from "../../runs/store.ts";
import { splitFields, tasks } from "../../tasks/index.ts";
import type { Experiment } from "../../train/experiment.ts";
import { sequenceTrainingFields, trainingFields } from "../../train/fields.ts";
import type { DeclaredExperiment } from "../../verdict/declared.ts";
import { checkClaims, judge, policies } from "../../verdict/index.ts";
import { jsonOption, storeOption, type JsonFlag, type StoreFlag } from "../flags.ts";
import { wholeNumber } from "../flags.ts";
import { count, minutes, steps as stepText } from "../render/numbers.ts";
import { labelPaint } from "../render/phase-words.ts";
import { pairs, table, type Column } from "../render/table.ts";
import type { Session } from "../session.ts";
import { storedRuns } from "../store.ts";
import { statusWord } from "../summary.ts";
import { listSweeps } from "./list-sweeps.ts";

/** An entry of a registry, as lists show it. */
interface Entry {
  readonly name: string;
  readonly summary: string;
  readonly fields: Fields;
}
const sections: readonly Entry[] = [
  { name: "training", summary: "how long, in which numbers, and when to look", fields: trainingFields },
  {
    name: "training-sequences",
    summary: "the same for language models, whose tasks give sequences",
    fields: sequenceTrainingFields,
  },
  { name: "split", summary: "which examples are trained on", fields: splitFields },
];
const registries: Readonly<Record<string, readonly Entry[]>> = {
  tasks,
  models,
  optimizers,
  policies,
  options: sections,
};
const kinds = ["experiments", "sweeps", ...Object.keys(registries), "figures", "runs"];

/** Loaded where it is asked for: nothing else here needs what draws. */
const figures = async (): Promise<readonly Entry[]> => (await import("../../figures/run-figures.ts")).runFigures;

interface Flags extends StoreFlag, JsonFlag {
  readonly limit: string;
}

export function listCommand(session: Session): Command {
  return new Command("list")
    .description(
      "what there is: experiments, sweeps, tasks, models, optimizers, policies, options of training, figures, stored runs",
    )
    .argument("[kind]", kinds.join(", "))
    .argument("[name]", "one of them, with its options")
    .addOption(storeOption())
    .addOption(jsonOption("one JSON object per line"))
    .option("--limit <N>", "runs shown, newest first; 0: all", "30")
    .action(async (kind: string | undefined, name: string | undefined, flags: Flags) => {
      if (kind === undefined) return overview(session, flags);
      if (kind === "experiments")
        return name === undefined ? listExperiments(session, flags) : showExperiment(session, name, flags);
      if (kind === "sweeps") {
        if (name !== undefined)
          throw new UsageError(`list sweeps: takes no name; groklab show ${name} shows one sweep`);
        return listSweeps(session, flags);
      }
      if (kind === "runs") {
        if (name !== undefined) throw new UsageError(`list runs: takes no name; groklab show ${name} shows one run`);
        return listRuns(session, flags);
      }
      const entries = kind === "figures" ? await figures() : Object.hasOwn(registries, kind) && registries[kind];
      if (!entries) {
        throw new UsageError(`cannot list "${kind}"; known: ${kinds.join(", ")}${suggestion(kind, kinds)}`);
      }
      return name === undefined
        ? listEntries(session, kind, entries, flags)
        : showEntry(session, kind, entries, name, flags);
    });
}

async function overview(session: Session, flags: Flags): Promise<void> {
  const names: (readonly [string, readonly { readonly name: string }[]])[] = [
    ["experiments", experiments],
    ["sweeps", sweeps],
    ...Object.entries(registries),
    ["figures", await figures()],
  ];
  const stored = await storedRuns(session, flags.store);
  if (flags.json) {
    for (const [kind, entries] of names)
      session.printJson({ type: "kind", kind, names: entries.map(({ name }) => name) });
    session.printJson({ type: "kind", kind: "runs", count: stored.length });
    return;
  }
  const rows = names.map(([kind, entries]) => [kind, entries.map(({ name }) => name).join(", ")] as const);
  const runs = ["runs", stored.length === 0 ? `none in ${flags.store}` : `${stored.length} in ${flags.store}`] as const;
  session.print(...pairs([...rows, runs], session.out, session.io.stdout.columns));
  session.print(
    "",
    session.out.dim(`${session.program} list <kind> says more, ${session.program} list <kind> <name> all of it`),
  );
}

/** The declared experiments as a table; also what `run` shows when it is given none. */
export function experimentTable(session: Session): readonly string[] {
  const titles: Column[] = [{ title: "experiment" }, { title: "takes", align: "right" }, { title: "claim" }];
  const rows = experiments.map(({ name, minutes: time, claim }) => [session.out.bold(name), minutes(time), claim]);
  return table(titles, rows, tableOptions(session));
}

const tableOptions = ({ out, io }: Session) => ({
  style: out,
  ...(io.stdout.columns === undefined ? {} : { columns: io.stdout.columns }),
});

function listExperiments(session: Session, { json }: Flags): void {
  if (!json) return session.print(...experimentTable(session));
  for (const declared of experiments)
    session.printJson({ type: "experiment", ...declared, expected: expectations(declared) });
}

/** What an experiment expects, in words. */
function expectations({ expected }: DeclaredExperiment): readonly string[] {
  const nothing = { chance: 0, numClasses: 2, lossUnit: "nats", finished: false } as const;
  return checkClaims(expected, { verdict: judge([], nothing), evals: [], context: nothing }).map(({ claim }) => claim);
}

function showExperiment(session: Session, name: string, { json }: Flags): void {
  const declared = named(experiments, name, "experiment");
  const expected = expectations(declared);
  if (json) return session.printJson({ type: "experiment", ...declared, expected });
  session.print(
    ...pairs(
      [
        ["name", session.out.bold(declared.name)],
        ["claim", declared.claim],
        ["source", declared.source],
        ["takes", minutes(declared.minutes)],
        ["sets", overrides(declared.experiment)],
        ["expects", expected],
      ],
      session.out,
      session.io.stdout.columns,
    ),
    "",
    `${session.program} run ${name}`,
  );
}

/** What an Experiment sets, as `--set` would. */
function overrides(experiment: Experiment): readonly string[] {
  return Object.entries(experiment).flatMap(([section, given]: readonly [string, unknown]) => {
    if (typeof given !== "object" || given === null) return [`${section}=${String(given)}`];
    return Object.entries(given).map(([name, value]) =>
      name === "name" ? `${section}=${String(value)}` : `${section}.${name}=${String(value)}`,
    );
  });
}

function listEntries(session: Session, kind: string, entries: readonly Entry[], { json }: Flags): void {
  if (json) {
    for (const entry of entries) session.printJson(entryJson(kind, entry));
    return;
  }
  const rows = entries.map(({ name, summary, fields }) => [
    session.out.bold(name),
    String(Object.keys(fields).length),
    summary,
  ]);
  session.print(
    ...table([{ title: kind }, { title: "options", align: "right" }, { title: "" }], rows, tableOptions(session)),
  );
}

function showEntry(session: Session, kind: string, entries: readonly Entry[], name: string, { json }: Flags): void {
  const singular = kind === "policies" ? "policy" : kind.slice(0, -1);
  const entry = named(entries, name, singular);
  if (json) return session.printJson(entryJson(kind, entry));
  session.print(`${session.out.bold(entry.name)}: ${entry.summary}`);
  const source = "source" in entry && typeof entry.source === "string" ? entry.source : "";
  if (source !== "") session.print(session.out.dim(source));
  const rows = Object.entries(entry.fields).map(([option, field]) => [
    session.out.bold(option),
    defaultText(field),
    `${field.help} (${allowed(field)})`,
  ]);
  if (rows.length > 0) {
    const titles: Column[] = [{ title: "option" }, { title: "default" }, { title: "meaning" }];
    session.print("", ...table(titles, rows, tableOptions(session)));
  }
}

const defaultText = (field: Field): string => {
  const value = Array.isArray(field.default) ? field.default.join(",") : String(field.default);
  return value === "" ? "(empty)" : value;
};

const entryJson = (kind: string, { name, summary, fields }: Entry) => ({
  type: kind === "policies" ? "policy" : kind.slice(0, -1),
  name,
  summary,
  fields: Object.fromEntries(
    Object.entries(fields).map(([option, field]) => [option, { ...field, allowed: allowed(field) }]),
  ),
});

async function listRuns(session: Session, { store: where, json, limit }: Flags): Promise<void> {
  const most = wholeNumber(limit, "--limit");
  const all = await storedRuns(session, where);
  const shown = most === 0 ? all : all.slice(0, most);
  if (json) return shown.forEach((record) => session.printJson({ type: "run", ...record }));
  if (all.length === 0) return session.print(`no run is stored in ${where}; ${session.program} run makes one`);
  const titles: Column[] = [
    { title: "run" },
    { title: "status" },
    { title: "step", align: "right" },
    { title: "verdict" },
    { title: "changed" },
  ];
  session.print(...table(titles, shown.map((record) => runRow(record, session)), tableOptions(session))); // prettier-ignore
  if (shown.length < all.length)
    session.print(session.out.dim(`and ${count(all.length - shown.length, "older run")}: --limit 0`));
}

function runRow(record: RunRecord, { out }: Session): readonly string[] {
  const { id, step, plan, verdict, updatedAt } = record;
  const planned = plan.training["steps"] as number;
  return [
    id,
    statusWord(record),
    step === planned ? stepText(step) : `${stepText(step)} of ${stepText(planned)}`,
    verdict === undefined ? "" : labelPaint[verdict.label](out)(verdict.label),
    updatedAt.slice(0, 16).replace("T", " "),
  ];
}
