import { labels, type Label } from "../verdict/index.ts";
import { shortNames, valueText } from "../train/settings.ts";
import type { Expansion, SweepRun } from "../train/sweep.ts";
import type { RunEnd, SweepState } from "../workers/run-sweep.ts";
import { erase } from "./render/live.ts";
import { count, duration, percent, rate, steps } from "./render/numbers.ts";
import { labelPaint } from "./render/phase-words.ts";
import type { Style } from "./render/style.ts";
import { clipped, uncolored, width } from "./render/text.ts";
import type { Session } from "./session.ts";

/** What shows how a sweep goes, on standard error. */
export interface SweepReport {
  /** A run has ended. */
  ended(end: RunEnd, state: SweepState): void;
  note(line: string): void;
  /** Leaves the last state on the screen. */
  end(): void;
}

/** Redraws per second of the live block. */
const redraws = 5;

/** A block that stays in place on a terminal; one line per run anywhere else. */
export function sweepReport(session: Session, expansion: Expansion, state: () => SweepState): SweepReport {
  const { io } = session;
  return io.stderr.isTTY && io.env["TERM"] !== "dumb" ? live(session, expansion, state) : plain(session, expansion);
}

function plain(session: Session, expansion: Expansion): SweepReport {
  return {
    ended: (end, state) => session.note(endLine(end, state, expansion, session.err)),
    note: (line) => session.note(line),
    end: () => undefined,
  };
}

function live(session: Session, expansion: Expansion, state: () => SweepState): SweepReport {
  const { io, err } = session;
  let block: readonly string[] = [];
  const columns = () => io.stderr.columns ?? 80;
  const clear = () => {
    const sequence = erase(block, columns());
    block = [];
    return sequence;
  };
  const draw = () => {
    const cleared = clear();
    block = progressBlock(state(), columns(), err);
    io.stderr.write(cleared + block.join("\n"));
  };
  const timer = setInterval(draw, 1000 / redraws);
  timer.unref();
  const above = (line: string) => {
    io.stderr.write(`${clear()}${line}\n`);
    draw();
  };
  return {
    // Only what a reader must know of stays on the screen; the block counts the rest.
    ended: (end, now) => {
      if (end.outcome === "failed" || end.outcome === "diverged") above(endLine(end, now, expansion, err));
    },
    note: above,
    end: () => {
      clearInterval(timer);
      draw();
      io.stderr.write("\n");
      block = [];
    },
  };
}

/** Where the sweep stands, on two lines. */
export function progressBlock(state: SweepState, columns: number, style: Style): readonly string[] {
  const room = Math.max(10, columns - 1);
  const { over } = state;
  const parts = [
    style.bold(`${steps(over)} of ${count(state.total, "run")}`),
    percent(state.total === 0 ? 1 : Math.floor((100 * over) / state.total) / 100),
    `${state.running.length} running`,
    ...(state.failed > 0 ? [style.red(`${state.failed} failed`)] : []),
    ...(state.runsPerMinute === undefined ? [] : [style.dim(`${rate(state.runsPerMinute)} runs/min`)]),
    state.secondsLeft === undefined ? style.dim("measuring") : style.dim(`${duration(state.secondsLeft)} left`),
  ];
  return [parts.join("  "), countsLine(state.counts, style)].map((line) =>
    width(line) <= room ? line : clipped(uncolored(line), room),
  );
}

/** `grok 160  memorize 180` */
export function countsLine(counts: Readonly<Partial<Record<Label, number>>>, style: Style): string {
  const some = labels.filter((label) => (counts[label] ?? 0) > 0);
  return some.map((label) => `${labelPaint[label](style)(label)} ${steps(counts[label] ?? 0)}`).join("  ");
}

/** One run that ended, in one line. */
export function endLine(end: RunEnd, state: SweepState, { varying }: Expansion, style: Style): string {
  const { run, outcome, label, seconds, note, record } = end;
  const said =
    outcome === "failed"
      ? style.red(`failed: ${note ?? ""}`)
      : outcome === "stopped" && !(record?.note ?? "").startsWith("decided")
        ? `stopped at step ${steps(record?.step ?? 0)}`
        : label === undefined
          ? outcome
          : labelPaint[label](style)(label);
  const how =
    outcome === "elsewhere"
      ? "by another process"
      : outcome === "failed"
        ? ""
        : `${duration(seconds)}${outcome === "stopped" ? `, ${record?.note ?? "saved"}` : ""}`;
  const where = settingText(run, varying.map(({ name }) => name)); // prettier-ignore
  const left = state.secondsLeft === undefined ? "" : `; ${duration(state.secondsLeft)} left`;
  return `${state.over}/${state.total} ${where}: ${said}${how === "" ? "" : ` (${how})`}${left}`;
}

/** `weightDecay 0.1, dMlp 64, seed 3`: what varies, and the seed. */
export function settingText({ setting, plan }: SweepRun, varying: readonly string[]): string {
  const short = shortNames(varying);
  const parts = varying.map((name) => `${short.get(name) ?? name} ${valueText(setting[name] ?? "")}`);
  return [...parts, `seed ${plan.seed}`].join(", ");
}
