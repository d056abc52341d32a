import { latestCheckpoint } from "../runs/latest-checkpoint.ts";
import { recordRun, type Start } from "../runs/record.ts";
import type { RunRecord, Store } from "../runs/store.ts";
import type { Eval } from "../train/eval.ts";
import type { Plan } from "../train/experiment.ts";
import { stopSignals, type StopSignal } from "./io.ts";
import type { Report } from "./report.ts";
import type { Session } from "./session.ts";
import type { Stop } from "./stop.ts";

export interface SittingOptions {
  readonly report: Report;
  readonly stop?: Stop | undefined;
  /** Seconds after which the sitting ends. */
  readonly limit?: number | undefined;
  /** Called before training, where there is any to do. */
  readonly onStart?: (start: Start) => void;
  /** Every evaluation of the run in order, those of earlier sittings included. */
  readonly onEval?: (e: Eval) => void;
}

/** How a sitting ended. */
export interface SittingEnd {
  readonly record: RunRecord;
  /** Where the run stands: for one that was stopped, the saved step, which may lie between two evaluations. */
  readonly step: number;
  /** The run was over before. */
  readonly alreadyOver: boolean;
  /** The signal that ended it. */
  readonly signal: StopSignal | undefined;
  /** Why it was stopped before its last step, in words. */
  readonly reason: string | undefined;
}

/**
 * Trains a run up to its end, a condition, a time limit or a signal, and stores it. A first signal ends the sitting at
 * the next update, with a checkpoint; a second one leaves at once.
 */
export async function sit(session: Session, store: Store, plan: Plan, options: SittingOptions): Promise<SittingEnd> {
  const { io } = session;
  const { report, stop, limit = Infinity, onStart, onEval } = options;
  let signal: StopSignal | undefined;
  let reason: string | undefined;
  let alreadyOver = true;
  const until = io.now() + limit;
  const leave = io.onSignal((received) => {
    const second = signal !== undefined;
    signal = received;
    if (second) io.quit(stopSignals[received]);
    else report.note("saving; once more to leave at once");
  });
  const interrupt = (): boolean => {
    if (signal === undefined && io.now() >= until) reason = `the time limit of ${limit} s is over`;
    return signal !== undefined || reason !== undefined;
  };
  const run = recordRun(store, plan, {
    stop: (evals) => (reason ??= stop?.(evals)),
    interrupt,
    onStart: (start) => {
      alreadyOver = false;
      report.start(start);
      onStart?.(start);
      // The step of the checkpoint itself is evaluated again where the Plan says so.
      for (const e of start.evals) onEval?.(e);
      last = start.evals.at(-1)?.step;
    },
    onWarning: (line) => report.note(line),
  });
  let last: number | undefined;
  try {
    for (;;) {
      const next = await run.next();
      if (next.done) {
        const record = next.value;
        if (alreadyOver && onEval) for (const e of await store.evals(record.id)) onEval(e);
        const saved = record.status === "stopped" ? await latestCheckpoint(store, record.id) : undefined;
        return { record, step: saved?.step ?? record.step, alreadyOver, signal, reason };
      }
      report.at(next.value);
      if (next.value.step !== last) onEval?.(next.value);
    }
  } finally {
    leave();
    report.end();
  }
}
