import { availableParallelism } from "node:os";
import { Command } from "commander";
import { UsageError } from "../../options.ts";
import type { Store } from "../../runs/store.ts";
import { openQueue } from "../../workers/queue/open-queue.ts";
import { queueWorker } from "../../workers/queue/queue-worker.ts";
import type { WorkedRun } from "../../workers/queue/work-job.ts";
import type { WorkQueue } from "../../workers/queue/work-queue.ts";
import { exitCodes } from "../failures.ts";
import { jsonOption, type JsonFlag, storeOption, type StoreFlag, wholeNumber } from "../flags.ts";
import { stopSignals, type StopSignal } from "../io.ts";
import { queueAddress, queueOption } from "../queue-flag.ts";
import { count, duration, steps } from "../render/numbers.ts";
import { labelPaint } from "../render/phase-words.ts";
import type { Session } from "../session.ts";
import { withStore } from "../store.ts";

interface Flags extends StoreFlag, JsonFlag {
  readonly queue?: string | true;
  readonly workers?: string;
  readonly once?: true;
}

const examples = `
Examples:
  groklab worker --queue redis://host --store postgres://user@host/database
  groklab worker --queue postgres://user@host/database --store SHARED-FOLDER --workers 4
Runs are put into the queue by groklab sweep … --queue, which also shows how they go.`;

export function workerCommand(session: Session): Command {
  return new Command("worker")
    .description("take runs of sweeps from a queue and train them; start it on as many machines as there are")
    .addOption(queueOption())
    .option("--workers <N>", "runs trained at the same time (default: one per core)")
    .option("--once", "end when the queue is empty")
    .addOption(storeOption("where runs are kept: a folder that all machines share, or postgres://…"))
    .addOption(jsonOption("one JSON object per run that ended, and a summary"))
    .addHelpText("after", examples)
    .action(async (flags: Flags) => {
      const address = queueAddress(session, flags.queue);
      if (address === undefined) throw new UsageError("worker: give --queue redis://… or postgres://…, or set GROKLAB_QUEUE"); // prettier-ignore
      if (flags.store === "memory:") throw new UsageError("worker: memory: is gone with this process; give another --store"); // prettier-ignore
      const workers = flags.workers === undefined ? availableParallelism() : wholeNumber(flags.workers, "--workers");
      if (workers < 1 || workers > 1024) throw new UsageError(`--workers: ${workers} is not allowed; give 1 to 1024`);
      const queue = await openQueue(address, { onNote: (line) => session.note(`groklab: ${line}`) });
      try {
        await withStore(session, flags.store, (store) => work(session, store, queue, flags, workers));
      } finally {
        await queue.close();
      }
    });
}

async function work(session: Session, store: Store, queue: WorkQueue, flags: Flags, workers: number): Promise<void> {
  const { io } = session;
  const [drain, stop] = [new AbortController(), new AbortController()];
  const tally = { runs: 0, failed: 0, seconds: 0 };
  let signal: StopSignal | undefined;
  const leave = io.onSignal((received) => {
    if (stop.signal.aborted) io.quit(stopSignals[received]);
    // Ctrl-C lets the runs in progress end; a second one, or whoever asks this process to go, saves and returns them.
    const polite = received === "SIGINT" && signal === undefined;
    signal = received;
    session.note(
      polite
        ? "taking no more runs; those in progress are trained to their end; once more to save them and leave"
        : "saving the runs in progress, which go back to the queue; once more to leave at once",
    );
    if (!polite) stop.abort();
    drain.abort();
  });
  session.note(`groklab worker: ${count(workers, "run")} at a time, from ${queue.where} to ${store.where}`);
  try {
    await queueWorker(store, queue, {
      ...{ workers, drain: drain.signal, stop: stop.signal, once: flags.once ?? false },
      onNote: (line) => session.note(`groklab: ${line}`),
      onRun: (run) => {
        const { outcome } = run;
        if (outcome.kind === "busy") return;
        tally.runs++;
        if (outcome.kind !== "ended") tally.failed++;
        else tally.seconds += outcome.seconds;
        if (flags.json) session.printJson(runJson(run));
        else session.note(endLine(session, run));
      },
    });
  } finally {
    leave();
  }
  if (flags.json) session.printJson({ type: "summary", ...tally });
  else {
    const failed = tally.failed > 0 ? `, ${tally.failed} failed` : "";
    session.print(`${count(tally.runs, "run")}${failed}, ${duration(tally.seconds)} of training`);
  }
  if (signal !== undefined && signal !== "SIGINT") session.exitCode = stopSignals[signal];
  else if (stop.signal.aborted) session.exitCode = stopSignals.SIGINT;
  else if (tally.failed > 0) session.exitCode = exitCodes.failed;
}

const runJson = ({ id, plan, outcome }: WorkedRun) => ({
  type: "run",
  id,
  seed: plan.seed,
  ...(outcome.kind === "ended"
    ? {
        outcome: outcome.record.status,
        label: outcome.label,
        step: outcome.record.step,
        seconds: outcome.seconds,
        weightsHash: outcome.record.weightsHash ?? null,
        note: outcome.record.note ?? null,
      }
    : { outcome: "failed", note: outcome.kind === "busy" ? null : outcome.note }),
});

function endLine({ err }: Session, { id, outcome }: WorkedRun): string {
  if (outcome.kind === "busy") return id;
  if (outcome.kind !== "ended") {
    return `${id}: ${err.red(`${outcome.kind === "aside" ? "set aside" : "failed"}: ${outcome.note}`)}`;
  }
  const { record, label, seconds } = outcome;
  const said = record.status === "stopped" ? `stopped at step ${steps(record.step)}` : labelPaint[label](err)(label);
  return `${id}: ${said} (${duration(seconds)})`;
}
