import { availableParallelism } from "node:os";
import { Command } from "commander";
import { sweeps } from "../../../experiments/index.ts";
import { UsageError } from "../../options.ts";
import { memoryStore } from "../../runs/memory-store.ts";
import { defaultStore } from "../../runs/open-store.ts";
import type { Store } from "../../runs/store.ts";
import { readSwept } from "../../runs/swept.ts";
import type { VaryingAxis } from "../../train/sweep.ts";
import { sweepTable } from "../../verdict/index.ts";
import { here, type StartTrainer } from "../../workers/pool.ts";
import { runSweep, type RunEnd, type SweepAtWork, type SweepState } from "../../workers/run-sweep.ts";
import { openQueue } from "../../workers/queue/open-queue.ts";
import { queueSweep } from "../../workers/queue/watch.ts";
import type { WorkQueue } from "../../workers/queue/work-queue.ts";
import { divide, mayHoldRuns, type Shard, shardSegment } from "../../workers/shards.ts";
import { surveySweep, type Survey } from "../../workers/survey.ts";
import { emitScript, emitted } from "../emit/index.ts";
import { exitCodes } from "../failures.ts";
import { collected, jsonOption, storeOption, wholeNumber, type JsonFlag, type StoreFlag } from "../flags.ts";
import { stopSignals, type StopSignal } from "../io.ts";
import { bytes, count, duration, minutes, steps } from "../render/numbers.ts";
import { settingTable } from "../render/setting-table.ts";
import { pairs, table, type PairValue } from "../render/table.ts";
import { wrapped } from "../render/text.ts";
import { commandLine, type Session } from "../session.ts";
import { queueAddress, queueOption } from "../queue-flag.ts";
import { readShard } from "../shard-flag.ts";
import { NothingStored, withStore } from "../store.ts";
import { chooseSweep, type ChosenSweep, type SweepChanges } from "../sweep-choice.ts";
import { countsLine, settingText, sweepReport, type SweepReport } from "../sweep-report.ts";

interface Flags extends SweepChanges, StoreFlag, JsonFlag {
  readonly workers?: string;
  readonly dryRun?: true;
  readonly retryFailed?: true;
  readonly stopWhenDecided?: true;
  readonly queue?: string | true;
  readonly shard?: string | true;
  readonly shards?: string;
  readonly emit?: string;
}

const examples = `
Examples:
  groklab sweep quick --seeds 0-8                              one experiment, nine seeds
  groklab sweep quick --set weightDecay=0.01,0.1,1 --seeds 0-4 a grid: every value with every seed
  groklab sweep my-sweep.yaml --dry-run                        how many runs, and how long they take
  groklab sweep my-sweep.yaml                                  again after a stop: only what is missing`;

export function sweepCommand(session: Session): Command {
  return new Command("sweep")
    .description("train every run of a grid that is not stored yet; the same call continues a sweep that was stopped")
    .argument("[sweep]", "name of a sweep or an experiment, or a file.yaml or file.json that holds a sweep")
    .option("--seeds <LIST>", "seeds of every setting, such as 0-8 or 0,2,5-9")
    .option("--set <key=v1,v2>", "values of one option: an axis of the grid (repeatable)", collected)
    .option("--grid <NAME>", "another grid of a declared sweep, such as the whole published one")
    .option(
      "--policy <NAME>",
      "rule of the verdicts that are counted (default: the sweep's, or accuracy, for language models crossing)",
    )
    .option("--workers <N>", "runs trained at the same time (default: one per core); 0: in this thread")
    .option("--dry-run", "only say how many runs there are, how many are done, and how long the rest takes")
    .option("--retry-failed", "train again what an error ended")
    .option("--stop-when-decided", "end a run once no further step can change its verdict")
    .addOption(queueOption())
    .option("--shard [i/n]", "train one of n even parts; without a value the part of this SLURM or Kubernetes job")
    .option("--emit <KIND>", `print a script that trains the sweep in parts: ${emitted.join(", ")}`)
    .option("--shards <N>", "number of parts of --emit")
    .addOption(storeOption())
    .addOption(jsonOption("one JSON object per run that ended, and a summary"))
    .addHelpText("after", examples)
    .action(async (what: string | undefined, flags: Flags) => {
      if (what === undefined) return listed(session, flags);
      const whole = chooseSweep(what, flags, session.io.cwd);
      if (flags.emit !== undefined) return emit(session, what, whole, flags, flags.emit);
      if (flags.shards !== undefined) throw new UsageError("--shards: it belongs to --emit; --shard i/n trains a part");
      const shard = flags.shard === undefined ? undefined : readShard(flags.shard, session.io.env);
      const chosen = shard ? partOf(whole, shard) : whole;
      const pool = poolOf(flags);
      if (flags.dryRun) return dryRun(session, chosen, flags, pool);
      if (flags.queue !== undefined) return throughQueue(session, chosen, flags, pool);
      const segment = shard && { name: shardSegment(chosen.id, shard), reads: mayHoldRuns(chosen.id, shard) };
      await withStore(session, flags.store, (store) => run(session, store, chosen, flags, pool), { segment });
    });
}

/** Leaves the work to whoever takes it from a queue, and watches. */
async function throughQueue(session: Session, chosen: ChosenSweep, flags: Flags, pool: PoolChoice): Promise<void> {
  if (chosen.part) throw new UsageError("--shard: with --queue the workers share the runs by themselves; give one of them"); // prettier-ignore
  if (flags.store === "memory:") throw new UsageError("--queue: no worker can reach memory:; give another --store");
  const address = queueAddress(session, flags.queue);
  if (address === undefined) throw new UsageError("--queue: give an address, such as redis://host, or set GROKLAB_QUEUE"); // prettier-ignore
  const queue = await openQueue(address, { onNote: (line) => session.note(`groklab: ${line}`) });
  try {
    await withStore(session, flags.store, (store) => run(session, store, chosen, flags, pool, queue));
  } finally {
    await queue.close();
  }
}

function emit(session: Session, what: string, chosen: ChosenSweep, flags: Flags, kind: string): void {
  const number = (value: string | undefined, flag: string) => (value === undefined ? value : wholeNumber(value, flag));
  const { program, io } = session;
  const numbers = { shards: number(flags.shards, "--shards"), workers: number(flags.workers, "--workers") };
  io.stdout.write(
    emitScript(what, chosen, {
      ...flags,
      ...numbers,
      store: session.withPassword(flags.store),
      kind,
      program,
      cwd: io.cwd,
    }),
  );
}

/** The sweep with the runs of one part. */
function partOf(chosen: ChosenSweep, shard: Shard): ChosenSweep {
  const { expansion, minutes: _, ...rest } = chosen;
  const runs = divide(expansion.runs, shard.of)[shard.index - 1];
  return { ...rest, part: shard, expansion: { ...expansion, runs, duplicates: 0 } };
}

/** `groklab sweep` alone: the sweeps there are. */
function listed(session: Session, { seeds, set, grid, dryRun }: Flags): void {
  if ([seeds, set, grid, dryRun].some((flag) => flag !== undefined)) {
    throw new UsageError("sweep: which one? give a name or a file.yaml; groklab sweep alone lists the names");
  }
  const rows = sweeps.map(({ name, minutes: m, claim }) => [session.out.cyan(name), minutes(m), claim]);
  const { columns } = session.io.stdout;
  const options = { style: session.out, ...(columns !== undefined && { columns }) };
  const titles = [{ title: "sweep" }, { title: "time", align: "right" as const }, { title: "what it shows" }];
  session.print(
    ...(rows.length > 0 ? [...table(titles, rows, options), ""] : []),
    "Every experiment is a sweep, too:",
    `  ${session.program} sweep quick --seeds 0-8`,
  );
}

interface PoolChoice {
  readonly workers: number;
  readonly start?: StartTrainer;
}

function poolOf({ workers }: Flags): PoolChoice {
  if (workers === undefined) return { workers: availableParallelism() };
  const n = wholeNumber(workers, "--workers");
  if (n > 1024) throw new UsageError(`--workers: ${n} is not allowed; give at most 1024`);
  return n === 0 ? { workers: 1, start: here } : { workers: n };
}

const standing = ({ retryFailed, stopWhenDecided }: Flags, { policy }: ChosenSweep) => ({
  policy,
  retryFailed: retryFailed ?? false,
  stopWhenDecided: stopWhenDecided ?? false,
});

async function dryRun(session: Session, chosen: ChosenSweep, flags: Flags, pool: PoolChoice): Promise<void> {
  const survey = (store: Store) => surveySweep(store, chosen.expansion.runs, { ...pool, ...standing(flags, chosen) });
  const found = await withStore(session, flags.store, survey, { reading: true }).catch((error: unknown) => {
    if (error instanceof NothingStored) return survey(memoryStore()); // not made by looking
    throw error;
  });
  if (flags.json) {
    const { id, name, policy, expansion } = chosen;
    const impossible = found.impossible.map(({ run, why }) => ({ setting: run.setting, why }));
    const { varying, duplicates } = expansion;
    session.printJson({ type: "dry-run", sweep: id, name, policy, varying, duplicates, ...found, impossible, workers: pool.workers }); // prettier-ignore
  } else session.print(...surveyLines(session, chosen, found, pool.workers));
  if (found.impossible.length > 0) session.exitCode = exitCodes.failed;
}

function surveyLines(session: Session, chosen: ChosenSweep, found: Survey, workers: number): readonly string[] {
  const { out, io } = session;
  const { expansion, sweep } = chosen;
  const already = [
    `${steps(found.over)} of ${steps(found.total)}`,
    ...(found.failed > 0 ? [`${steps(found.failed)} of them failed (--retry-failed tries them again)`] : []),
  ].join("; ");
  const left =
    found.left === 0
      ? "nothing"
      : `${count(found.left, "run")}, about ${duration(found.seconds)} on ${count(workers, "worker")}` +
        ` (measured: a moment of ${count(found.kinds, "kind")} of run)`;
  const entries: (readonly [string, PairValue])[] = [
    [
      "runs",
      chosen.part
        ? `${steps(found.total)}: ${partText(chosen.part)}`
        : gridText(expansion.varying, sweep.seeds.length, found.total, expansion.duplicates),
    ],
    ["done", already],
    ["left", `${left}${found.busy > 0 ? `; ${found.busy} of them trained by another process now` : ""}`],
    ["storage", `about ${bytes(Math.round(found.bytes))} more`],
    ...found.impossible.map(({ run, why }) => ["cannot be", `${settingText(run, names(expansion.varying))}: ${why}`] as const),
  ]; // prettier-ignore
  return [heading(session, chosen), ...pairs(entries, out, io.stdout.columns)];
}

const names = (varying: readonly VaryingAxis[]): readonly string[] => varying.map(({ name }) => name);

/** `1,125: optimizer.weightDecay 5 x model.dMlp 5 x 9 seeds` */
function gridText(varying: readonly VaryingAxis[], seeds: number, total: number, duplicates: number): string {
  const factors = [...varying.map(({ name, values }) => `${name} ${values.length}`), count(seeds, "seed")];
  const dropped = duplicates > 0 ? ` (${count(duplicates, "duplicate")} left out)` : "";
  return `${steps(total)}: ${factors.join(" x ")}${dropped}`;
}

const partText = ({ index, of }: Shard): string => `part ${index} of ${of}`;

function heading({ err, io }: Session, { name, declared, minutes: m, part }: ChosenSweep): string {
  const time =
    m === undefined ? (part ? err.dim(` (${partText(part)})`) : "") : err.dim(` (about ${minutes(m)} on two cores)`);
  return wrapped(`${err.bold(name)}  ${declared?.claim ?? ""}`.trimEnd() + time, io.stderr.columns ?? Infinity).join(
    "\n",
  );
}

async function run(
  session: Session,
  store: Store,
  chosen: ChosenSweep,
  flags: Flags,
  pool: PoolChoice,
  queue?: WorkQueue,
): Promise<void> {
  const { io } = session;
  const { id, name, sweep, policy, expansion, part } = chosen;
  if (!part && (io.env["SLURM_ARRAY_TASK_ID"] ?? io.env["JOB_COMPLETION_INDEX"]) !== undefined) {
    session.note("groklab: in an array of jobs every one trains the whole sweep; --shard trains this one's part of it");
  }
  const command = commandLine(session.program, session.argv);
  const options = flags.stopWhenDecided ? { stopWhenDecided: true } : {};
  await store.saveSweep({ id, name, sweep, command, policy, options });
  const asked = new AbortController();
  let signal: StopSignal | undefined;
  let report: SweepReport | undefined;
  const ends: RunEnd[] = [];
  const watched = {
    ...pool,
    ...standing(flags, chosen),
    signal: asked.signal,
    onRun: (end: RunEnd) => {
      ends.push(end);
      report?.ended(end, work.state());
      if (flags.json) session.printJson(runJson(end));
    },
    onNote: (line: string) => (report ?? session).note(`groklab: ${line}`),
  };
  const work: SweepAtWork = queue
    ? queueSweep(store, queue, expansion.runs, { ...watched, sweep: id })
    : runSweep(store, expansion.runs, watched);
  const leave = io.onSignal((received) => {
    if (signal !== undefined) io.quit(stopSignals[received]);
    signal = received;
    report?.note(
      queue
        ? "no longer watching: the work goes on; the same command watches again"
        : "saving every run in progress; once more to leave at once",
    );
    asked.abort();
  });
  if (!(flags.json && io.stdout.isTTY)) {
    io.stderr.write(`${heading(session, chosen)}\n`);
    report = sweepReport(session, expansion, () => work.state());
  }
  let state: SweepState;
  try {
    state = await work.end;
  } finally {
    leave();
    report?.end();
  }
  if (flags.json) session.printJson(summaryJson(chosen, state, flags.store, command));
  else {
    session.print("", ...(await classTable(session, store, chosen, flags)));
    conclusion(session, chosen, flags, state, ends, signal);
  }
  if (signal !== undefined) session.exitCode = stopSignals[signal];
  else if (state.failed > 0) {
    session.exitCode = exitCodes.failed;
    const first = ends.find(({ outcome }) => outcome === "failed");
    const why = first?.note === undefined ? "--retry-failed tries again" : first.note;
    session.note(`groklab: ${count(state.failed, "run")} failed: ${why}`);
  }
}

const runJson = ({ run, outcome, record, label, seconds, note }: RunEnd) => ({
  type: "run",
  id: run.id,
  setting: run.setting,
  seed: run.plan.seed,
  outcome,
  label: label ?? null,
  step: record?.step ?? null,
  seconds,
  verdict: record?.verdict ?? null,
  weightsHash: record?.weightsHash ?? null,
  note: note ?? record?.note ?? null,
});

const summaryJson = ({ id, name, policy }: ChosenSweep, state: SweepState, store: string, command: string) => {
  const { running: _, secondsLeft: __, ...rest } = state;
  return { type: "summary", sweep: id, name, policy, ...rest, store, command };
};

/** More settings than this are a page of their own: `groklab show`. */
const maxSettings = 50;

/** How many runs of each setting got each label; of a large grid the values of its first axis, the others together. */
async function classTable(session: Session, store: Store, { expansion, policy }: ChosenSweep, flags: Flags) {
  const { out, io } = session;
  const swept = await readSwept(store, expansion, { policy, decided: flags.stopWhenDecided ?? false });
  const whole = sweepTable(swept);
  const [first] = whole.varied;
  const table = whole.rows.length <= maxSettings || !first ? whole : sweepTable(swept, [first.name]);
  return settingTable(table, out, io.stdout.columns);
}

function conclusion(
  session: Session,
  chosen: ChosenSweep,
  flags: Flags,
  state: SweepState,
  ends: readonly RunEnd[],
  signal: StopSignal | undefined,
): void {
  const { out, io, program } = session;
  const where = flags.store === defaultStore ? [] : ["--store", flags.store];
  const seconds = ends.reduce((sum, end) => sum + end.seconds, 0);
  const trained =
    state.trained === 0 && seconds === 0
      ? `nothing: all of it was done before`
      : `${count(state.trained, "run")}, ${duration(seconds)} of training` +
        (state.runsPerMinute === undefined ? "" : ` (${state.runsPerMinute.toFixed(1)} runs per minute)`);
  const open = state.total - state.over;
  const entries: (readonly [string, PairValue])[] = [
    ["verdicts", [countsLine(state.counts, out) || "none yet", out.dim(`policy ${chosen.policy}`)]],
    ["trained", trained],
    ...(state.elsewhere > 0 ? [["elsewhere", count(state.elsewhere, "run") + " by other processes"] as const] : []),
    ...(state.diverged > 0 ? [["diverged", count(state.diverged, "run")] as const] : []),
    ...(state.failed > 0 ? [["failed", out.red(count(state.failed, "run"))] as const] : []),
    ["sweep", `${chosen.id} in ${flags.store}`],
    ...(open > 0 || signal !== undefined
      ? [["continue", { verbatim: [out.bold(commandLine(program, session.argv))] }] as const]
      : []),
    ["next", { verbatim: [commandLine(program, ["show", chosen.id, ...where])] }],
  ];
  session.print("", ...pairs(entries, out, io.stdout.columns));
}
