import type { Recorded, Start } from "../runs/record.ts";
import type { Eval } from "../train/eval.ts";
import { aboveChance } from "../verdict/curve.ts";
import { phaseNow, type Context, type PhaseName } from "../verdict/index.ts";
import { erase, liveBlock, progressLine, type Progress } from "./render/live.ts";
import { Speed } from "./render/speed.ts";
import type { Session } from "./session.ts";

/** What shows how a run goes, on standard error. */
export interface Report {
  start(start: Start): void;
  at(moment: Recorded): void;
  /** A line in between. */
  note(line: string): void;
  /** Leaves the last state on the screen. */
  end(): void;
}

/** Redraws per second: more cannot be read. */
const redraws = 10;
/** Plain lines per run, besides those at a new phase. */
const plainLines = 20;
/** Evaluations that a phase must last before a plain line tells of it. */
const settled = 3;

/** A block that stays in place on a terminal, plain lines anywhere else. */
export function report(session: Session, steps: number, context: Context): Report {
  const { io } = session;
  const live = io.stderr.isTTY && io.env["TERM"] !== "dumb";
  return live ? liveReport(session, steps, context) : plainReport(session, steps, context);
}

/** For results that show the progress themselves. */
export const silent = (session: Session): Report => ({
  start: () => undefined,
  at: () => undefined,
  note: (line) => session.note(line),
  end: () => undefined,
});

/** What both kinds remember of a run. */
class Course {
  readonly evals: Eval[] = [];
  readonly curve: number[] = [];
  readonly #speed = new Speed();
  readonly #steps: number;
  readonly #context: Context;

  constructor(steps: number, context: Context) {
    this.#steps = steps;
    this.#context = { ...context, finished: false };
  }

  start({ step, evals, seconds }: Start): void {
    for (const e of evals) this.#keep(e);
    this.#speed.add(step, seconds);
  }

  add(moment: Recorded): void {
    this.#keep(moment);
    this.#speed.add(moment.step, moment.seconds);
  }

  #keep(e: Eval): void {
    // A continued run evaluates the step of its checkpoint again.
    if (this.evals.at(-1)?.step === e.step) return;
    this.evals.push(e);
    // A guess is the bottom of the curve, whatever it gets right by luck.
    this.curve.push(aboveChance(e.test.accuracy, this.#context));
  }

  get phase(): PhaseName {
    return phaseNow(this.evals, this.#context);
  }

  progress(phase: PhaseName): Progress {
    return {
      last: this.evals.at(-1)!,
      steps: this.#steps,
      stepsPerSecond: this.#speed.perSecond,
      phase,
      curve: this.curve,
    };
  }
}

function liveReport({ io, err }: Session, steps: number, context: Context): Report {
  const course = new Course(steps, context);
  let block: readonly string[] = [];
  let drawnAt = -Infinity;
  const columns = () => io.stderr.columns ?? 80;
  const clear = () => {
    const sequence = erase(block, columns());
    block = [];
    return sequence;
  };
  const draw = () => {
    if (course.evals.length === 0) return;
    const cleared = clear();
    block = liveBlock(course.progress(course.phase), columns(), err);
    io.stderr.write(cleared + block.join("\n"));
    drawnAt = io.now();
  };
  return {
    start: (start) => course.start(start),
    at: (moment) => {
      course.add(moment);
      if (io.now() - drawnAt >= 1 / redraws) draw();
    },
    note: (line) => {
      io.stderr.write(`${clear()}${line}\n`);
      draw();
    },
    end: () => {
      draw();
      if (block.length > 0) io.stderr.write("\n");
      block = [];
    },
  };
}

function plainReport(session: Session, steps: number, context: Context): Report {
  const course = new Course(steps, context);
  let told: PhaseName | undefined;
  let pending = { phase: "initial" as PhaseName, seen: 0 };
  let share = -1;
  let printed = -1;
  const print = (phase: PhaseName) => {
    told = phase;
    printed = course.evals.at(-1)!.step;
    session.note(progressLine(course.progress(phase)));
  };
  return {
    start: (start) => course.start(start),
    at: (moment) => {
      course.add(moment);
      const { phase } = course;
      pending = { phase, seen: pending.phase === phase ? pending.seen + 1 : 1 };
      const now = steps > 0 ? Math.floor((plainLines * moment.step) / steps) : plainLines;
      if (now === share && (phase === told || pending.seen < settled)) return;
      share = now;
      print(phase);
    },
    note: (line) => session.note(line),
    end: () => {
      const last = course.evals.at(-1);
      if (last !== undefined && last.step !== printed) print(course.phase);
    },
  };
}
