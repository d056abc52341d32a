import { UsageError } from "../options.ts";
import { random } from "../rng.ts";
import type { Task } from "../tasks/task.ts";
import { weightsHash } from "../tensor/formats/weights-hash.ts";
import type { Checkpoint } from "../train/checkpoint.ts";
import type { Eval } from "../train/eval.ts";
import type { Plan } from "../train/experiment.ts";
import { definitions, runId } from "../train/plan.ts";
import { type Moment, type Outcome, type Pause, type PausingOptions, train } from "../train/train.ts";
import { type Context, contextOf, judge, type Verdict } from "../verdict/index.ts";
import { BusyError, StoreError } from "./errors.ts";
import { latestCheckpoint } from "./latest-checkpoint.ts";
import type { Claim, RunRecord, Store } from "./store.ts";

/** An Eval that is stored, while training stands at its step. */
export interface Recorded extends Moment {
  /** Seconds of training, over all sittings. */
  readonly seconds: number;
}

/** Where a sitting begins. */
export interface Start {
  readonly id: string;
  /** Step of the checkpoint that is continued; 0 for a run from its initialization. */
  readonly step: number;
  /** What is stored up to that step, ascending. */
  readonly evals: readonly Eval[];
  /** Seconds of earlier sittings. */
  readonly seconds: number;
}

export interface RecordOptions {
  /** Asked after each Eval with all so far: a reason, in one sentence, ends the sitting there. */
  readonly stop?: ((evals: readonly Eval[]) => string | undefined) | undefined;
  /** Asked before every update: true saves the run and ends the sitting. */
  readonly interrupt?: (() => boolean) | undefined;
  /** Seconds of training after which evaluations are stored at the latest; 0, the default: each before it is yielded. */
  readonly storeEvery?: number | undefined;
  /** Seconds of training between checkpoints that are only kept to go on from after a kill; 15 by default. */
  readonly resumeEvery?: number | undefined;
  /** Called once, before training. Not for a run that was over already. */
  readonly onStart?: ((start: Start) => void) | undefined;
  /** Gets one line for each checkpoint that was found damaged. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /** How the verdict is reached; `judge` with its default policy otherwise. */
  readonly judge?: ((evals: readonly Eval[], context: Context) => Verdict) | undefined;
  /** What trains; for tests. */
  readonly train?: ((plan: Plan, options: PausingOptions) => Generator<Moment | Pause, Outcome>) | undefined;
}

/** Seconds of training after which signals, timers and pages get their turn at the latest, also between evaluations. */
const breathEvery = 0.25;

/** Asked for again, a run that is over comes back as it is: the same Plan would end in the same bits. */
const isOver = ({ status }: RunRecord): boolean => status === "finished" || status === "diverged";

/**
 * Trains a Plan and stores what comes of it: the one loop behind the command line, threads and workers. Each Eval is
 * stored before it is yielded, or a little later where `storeEvery` says so. A run that was interrupted or killed goes
 * on from its newest whole checkpoint; one that is over is returned without training. Whoever stops iterating stops the
 * run, which is saved then.
 *
 * @returns the record with verdict and weights hash
 * @throws BusyError where another process trains it, StoreError where it cannot be stored; an error in training is
 *   recorded as `failed` and thrown
 */
export async function* recordRun(
  store: Store,
  plan: Plan,
  options: RecordOptions = {},
): AsyncGenerator<Recorded, RunRecord> {
  const id = runId(plan);
  const known = await store.find(id);
  if (known && isOver(known)) return known;
  const claim = await store.claim(id, plan);
  // Another process may have ended it between the two questions.
  const before = await store.find(id);
  if (before && isOver(before)) {
    await store.release(claim);
    return before;
  }
  const sitting = new Sitting(store, claim, plan, options);
  try {
    yield* sitting.run(before?.seconds ?? 0);
    await sitting.end();
  } catch (error) {
    await sitting.fail(error, known === undefined);
    throw error;
  } finally {
    await sitting.abandon();
  }
  return (await store.find(id))!;
}

/** One stretch of training, from a claim to its ending. */
class Sitting {
  private evals: Eval[] = [];
  /** Those of the evaluations that are not stored yet. */
  private unstored: Eval[] = [];
  private storedAt = 0;
  private saved: number | undefined;
  private savedAt = 0;
  private moment: Moment | undefined;
  private outcome: Ended | undefined;
  private seconds = 0;
  private over = false;
  private task: Task | undefined;

  constructor(
    private readonly store: Store,
    private readonly claim: Claim,
    private readonly plan: Plan,
    private readonly options: RecordOptions,
  ) {}

  async *run(earlier: number): AsyncGenerator<Recorded, void> {
    const { store, claim, plan, options } = this;
    const { storeEvery = 0, resumeEvery = 15 } = options;
    const { id } = claim;
    const from = await latestCheckpoint(store, id, options.onWarning);
    this.saved = from?.step;
    this.evals = from ? (await store.evals(id)).filter(({ step }) => step <= from.step) : [];
    options.onStart?.({ id, step: from?.step ?? 0, evals: [...this.evals], seconds: earlier });
    // Built once: the verdict needs it again, and a language takes seconds.
    this.task = taskOf(plan);
    const training = (options.train ?? train)(plan, {
      task: this.task,
      ...(from && { from }),
      ...(options.interrupt && { interrupt: options.interrupt }),
      pause: () => performance.now() - began >= 1000 * breathEvery,
    });
    let began = 0;
    let failed = false;
    try {
      while (true) {
        began = performance.now();
        const next = training.next();
        this.seconds += (performance.now() - began) / 1000;
        if (next.done) {
          this.outcome = next.value;
          return;
        }
        if ("paused" in next.value) {
          if (this.seconds - this.savedAt >= resumeEvery) await this.saveResume(next.value.snapshot());
          await breathe();
          continue;
        }
        this.moment = next.value;
        this.unstored.push(this.note(next.value));
        if (this.seconds - this.storedAt >= storeEvery) await this.storeEvals();
        if (next.value.checkpointDue) await this.save(next.value.snapshot());
        else if (this.seconds - this.savedAt >= resumeEvery) await this.saveResume(next.value.snapshot());
        yield { ...next.value, seconds: earlier + this.seconds };
        const reason = options.stop?.(this.evals);
        if (reason !== undefined) {
          this.outcome = stoppedAt(next.value, reason);
          return;
        }
        // Training keeps the thread to itself: signals, timers and pages get their turn here.
        await breathe();
      }
    } catch (error) {
      failed = true;
      throw error;
    } finally {
      // Whoever iterates may stop at any yield; the weights are only there until training is closed.
      if (!failed && !this.outcome && this.moment) this.outcome = stoppedAt(this.moment, "stopped by its caller");
      training.return(undefined as never);
    }
  }

  /** The Eval among those of this run, in place of an earlier one of the same step. */
  private note({ step, train, test, normL1, normL2, measures }: Moment): Eval {
    const e: Eval = { step, train, test, normL1, normL2, ...(measures && { measures }) };
    while ((this.evals.at(-1)?.step ?? -1) >= step) this.evals.pop();
    this.evals.push(e);
    return e;
  }

  private async storeEvals(): Promise<void> {
    const evals = this.unstored;
    this.unstored = [];
    this.storedAt = this.seconds;
    if (evals.length > 0) await this.store.append(this.claim, evals);
  }

  /** Behind the evaluations up to it: whoever goes on from it finds them stored. */
  private async save(checkpoint: Checkpoint): Promise<void> {
    await this.storeEvals();
    if (checkpoint.step === this.saved) return;
    await this.store.saveCheckpoint(this.claim, checkpoint);
    this.saved = checkpoint.step;
    this.savedAt = this.seconds;
  }

  private async saveResume(checkpoint: Checkpoint): Promise<void> {
    await this.storeEvals();
    await this.store.saveResume(this.claim, checkpoint);
    this.savedAt = this.seconds;
  }

  /** Stores weights and verdict, and last of all the ending. */
  async end(): Promise<void> {
    if (this.over || !this.outcome) return;
    const { status, step, checkpoint, note } = this.outcome;
    await this.save(checkpoint);
    const context = contextOf(this.plan, this.task ?? taskOf(this.plan), {
      finished: status === "finished",
      divergedAt: status === "diverged" ? step : undefined,
    });
    const verdict = (this.options.judge ?? judge)(this.evals, context);
    const why = note ?? (status === "interrupted" ? `interrupted at step ${step}` : undefined);
    await this.store.finish(this.claim, {
      status: status === "interrupted" ? "stopped" : status,
      seconds: this.seconds,
      verdict,
      weightsHash: weightsHash(checkpoint.params),
      ...(why !== undefined && { note: why }),
    });
    this.over = true;
  }

  /** @param isNew the run did not exist before this sitting */
  async fail(error: unknown, isNew: boolean): Promise<void> {
    if (this.over) return;
    this.over = true;
    // What cannot be stored cannot be noted either: the claim goes back if it can, and the first error is the one told.
    const noted = async () => {
      if (error instanceof StoreError || error instanceof BusyError) return this.store.release(this.claim);
      if (error instanceof UsageError && isNew && !this.moment) {
        // The Plan cannot be trained at all: no run remains of it.
        await this.store.release(this.claim);
        return this.store.delete(this.claim.id);
      }
      const note = (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
      await this.storeEvals();
      return this.store.finish(this.claim, { status: "failed", seconds: this.seconds, note });
    };
    await noted().catch(() => undefined);
  }

  /** Reached with the run still open only when the caller stopped iterating. */
  async abandon(): Promise<void> {
    if (this.over) return;
    try {
      await this.end();
    } finally {
      if (!this.over) await this.store.release(this.claim).catch(() => undefined);
      this.over = true;
    }
  }
}

interface Ended {
  readonly status: "finished" | "diverged" | "interrupted";
  readonly step: number;
  readonly checkpoint: Checkpoint;
  readonly note?: string;
}

const stoppedAt = (moment: Moment, note: string): Ended => ({
  status: "interrupted",
  step: moment.step,
  checkpoint: moment.snapshot(),
  note,
});

/** The task of a Plan, whose chance accuracy and classes a verdict needs. */
const taskOf = (plan: Plan): Task => definitions(plan).task.build(plan.task, random(plan.seed));

const breathe = (): Promise<void> =>
  new Promise((resolve) => {
    if (typeof setImmediate === "function") setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
