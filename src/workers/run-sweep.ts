import type { RunRecord, Store } from "../runs/store.ts";
import type { SweepRun } from "../train/sweep.ts";
import { defaultPolicy, policyFor, type Label } from "../verdict/index.ts";
import { askToStop, newControl, stepOf } from "./control.ts";
import { type Forecast, forecast, makespan } from "./forecast.ts";
import { type StartTrainer, threads, type Trainer, WorkerDied } from "./pool.ts";
import { type Standing, type StandingOptions, standings } from "./standing.ts";
import type { TrainResult } from "./train-job.ts";

export interface RunSweepOptions extends Partial<StandingOptions> {
  /** Runs trained at the same time. */
  readonly workers: number;
  /** Stops gracefully: every run in progress is saved and can be continued. */
  readonly signal?: AbortSignal | undefined;
  /** Called for each run that has come to an end of any kind. */
  readonly onRun?: ((end: RunEnd) => void) | undefined;
  /** What trains; threads of this process by default. */
  readonly start?: StartTrainer | undefined;
}

/** How one run of a sweep ended in this sitting. */
export interface RunEnd {
  readonly run: SweepRun;
  readonly outcome: "finished" | "stopped" | "diverged" | "failed" | "elsewhere";
  readonly record?: RunRecord;
  /** Under the sweep's policy, for a run that has not failed. */
  readonly label?: Label;
  /** Of training in this sitting. */
  readonly seconds: number;
  /** Why it failed. */
  readonly note?: string;
}

/** Where a sweep stands. */
export interface SweepState {
  readonly total: number;
  /** Not to be trained any more: over before, trained here or elsewhere, failed. */
  readonly over: number;
  /** Over before this sitting began. */
  readonly before: number;
  /** Trained to their end in this sitting. */
  readonly trained: number;
  /** Ended by other processes while this one was at work. */
  readonly elsewhere: number;
  readonly running: readonly { readonly run: SweepRun; readonly step: number }[];
  readonly diverged: number;
  readonly failed: number;
  /** How many runs got each label, those that were over before included. */
  readonly counts: Readonly<Partial<Record<Label, number>>>;
  /** Of those trained in this sitting. */
  readonly runsPerMinute: number | undefined;
  /** Until every run is over; undefined while the trials go on. */
  readonly secondsLeft: number | undefined;
}

/** A sweep at work. */
export interface SweepAtWork {
  state(): SweepState;
  /** Resolves when nothing is left to do, or all have stopped. @throws StoreError where nothing can be stored */
  readonly end: Promise<SweepState>;
}

/** A run whose worker died is given to another one so many times: it may have died of the run. */
const attempts = 2;
/** How often a run that another process trains is looked at. */
const lookAgainMs = 1000;

/** Trains every run of a sweep that is not over, as many at a time as there are workers, longest first. */
export function runSweep(store: Store, runs: readonly SweepRun[], options: RunSweepOptions): SweepAtWork {
  const sitting = new SweepSitting(store, runs, options);
  return { state: () => sitting.state(), end: sitting.end() };
}

/** A run in the queue. */
interface Queued {
  readonly run: SweepRun;
  readonly seconds: number;
  /** Share of its steps that was done before. */
  readonly done: number;
  tries: number;
}

class SweepSitting {
  readonly #control: Int32Array;
  readonly #running = new Map<number, Queued>();
  readonly #counts: Partial<Record<Label, number>> = {};
  readonly #tally = { before: 0, trained: 0, elsewhere: 0, diverged: 0, failed: 0 };
  #failedHere = 0;
  #queue: Queued[] = [];
  #busy: Queued[] = [];
  #forecast: Forecast | undefined;
  /** Seconds of the runs that ended here: as forecast, as it was. */
  #calibration = { forecast: 0, measured: 0 };
  #began = 0;

  constructor(
    private readonly store: Store,
    private readonly runs: readonly SweepRun[],
    private readonly options: RunSweepOptions,
  ) {
    this.#control = newControl(options.workers);
  }

  get #policy(): string {
    return this.options.policy ?? (this.runs.length > 0 ? policyFor(this.runs[0].plan) : defaultPolicy);
  }

  get #stopped(): boolean {
    return this.options.signal?.aborted ?? false;
  }

  async end(): Promise<SweepState> {
    const { store, runs, options } = this;
    const policy = this.#policy;
    const { retryFailed, stopWhenDecided, signal, start = threads() } = options;
    const stop = () => askToStop(this.#control);
    if (this.#stopped) stop();
    signal?.addEventListener("abort", stop);
    const trainers: Trainer[] = [];
    try {
      const found = await standings(store, runs, { policy, retryFailed, stopWhenDecided });
      const open = this.#sort(found);
      if (open.length === 0) return this.state();
      const places = Array.from({ length: Math.min(options.workers, open.length) }, (_, place) => place);
      const renew = (place: number): Trainer => (trainers[place] = start(store, this.#control, place));
      for (const place of places) renew(place);
      this.#forecast = await forecast(trainers, open.map(({ run }) => run)); // prettier-ignore
      this.#fillQueue(open);
      this.#began = performance.now();
      await Promise.all(places.map((place) => this.#work(place, trainers, renew)));
      return this.state();
    } finally {
      signal?.removeEventListener("abort", stop);
      await Promise.all(trainers.map((trainer) => trainer.close()));
    }
  }

  /** Counts what is over, and returns what is to be trained. */
  #sort(found: readonly Standing[]): { readonly run: SweepRun; readonly record?: RunRecord }[] {
    return found.flatMap((standing, i) => {
      const run = this.runs[i];
      if (standing.kind === "open") return [{ run, ...(standing.record && { record: standing.record }) }];
      this.#tally.before++;
      if (standing.kind === "failed") this.#tally.failed++;
      else {
        this.#count(standing.label);
        if (standing.record.status === "diverged") this.#tally.diverged++;
      }
      return [];
    });
  }

  #fillQueue(open: readonly { readonly run: SweepRun; readonly record?: RunRecord }[]): void {
    const queued = open.map(({ run, record }): Queued => {
      const steps = Math.max(1, run.plan.training["steps"] as number);
      // A Plan that cannot be trained comes first: its error is told at once.
      const seconds = this.#forecast!.seconds(run);
      return { run, seconds: Number.isNaN(seconds) ? Infinity : seconds, done: (record?.step ?? 0) / steps, tries: 0 };
    });
    const left = ({ seconds, done }: Queued) => seconds * (1 - done);
    // Of runs that cost the same those of one seed follow each other: often they are trained on the same data, which a
    // worker keeps. Within a seed they stay in the order of the sweep.
    const order = (a: Queued, b: Queued) =>
      left(b) === left(a) ? a.run.plan.seed - b.run.plan.seed : left(b) - left(a);
    this.#queue = queued.sort(order);
  }

  /** One worker's day. */
  async #work(place: number, trainers: readonly Trainer[], renew: (place: number) => Trainer): Promise<void> {
    const policy = this.#policy;
    const { stopWhenDecided = false } = this.options;
    for (let next = await this.#next(); next; next = await this.#next()) {
      this.#running.set(place, next);
      try {
        const result = await trainers[place].train({ plan: next.run.plan, policy, stopWhenDecided });
        this.#note(next, result);
      } catch (error) {
        if (!(error instanceof WorkerDied)) {
          askToStop(this.#control); // nothing can be stored: the others save what they can
          throw error;
        }
        renew(place);
        next.tries++;
        if (next.tries < attempts) this.#queue.unshift(next);
        else await this.#giveUp(next, error.message);
      } finally {
        this.#running.delete(place);
      }
    }
  }

  /** The next run to train; waits where the last ones are trained by other processes. */
  async #next(): Promise<Queued | undefined> {
    for (;;) {
      if (this.#stopped) return undefined;
      const next = this.#queue.shift();
      if (next) return next;
      const busy = this.#busy.shift();
      if (!busy) return undefined;
      const record = await this.store.find(busy.run.id);
      if (record?.heldBy === undefined) return busy;
      this.#busy.push(busy);
      await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
    }
  }

  #note(queued: Queued, result: TrainResult): void {
    const { run } = queued;
    if (result.kind === "busy") {
      this.#busy.push(queued);
      return;
    }
    if (result.kind === "failed") {
      this.#fail(run, result.note);
      return;
    }
    const { record, label, seconds } = result;
    const { status } = record;
    const decided = status === "stopped" && !this.#stopped;
    const outcome = seconds === 0 && status !== "stopped" ? "elsewhere" : (status as RunEnd["outcome"]);
    if (status === "finished" || status === "diverged" || decided) {
      this.#count(label);
      if (status === "diverged") this.#tally.diverged++;
      if (outcome === "elsewhere") this.#tally.elsewhere++;
      else this.#tally.trained++;
    }
    if (status === "finished" && outcome === "finished" && Number.isFinite(queued.seconds)) {
      this.#calibration.forecast += queued.seconds * (1 - queued.done);
      this.#calibration.measured += seconds;
    }
    this.options.onRun?.({ run, outcome, record, label, seconds });
  }

  /** Keeps a run that killed its workers as failed. */
  async #giveUp({ run }: Queued, note: string): Promise<void> {
    const claim = await this.store.claim(run.id, run.plan);
    await this.store.finish(claim, { status: "failed", seconds: 0, note });
    this.#fail(run, note);
  }

  #fail(run: SweepRun, note: string): void {
    this.#tally.failed++;
    this.#failedHere++;
    this.options.onRun?.({ run, outcome: "failed", seconds: 0, note });
  }

  #count(label: Label): void {
    this.#counts[label] = (this.#counts[label] ?? 0) + 1;
  }

  state(): SweepState {
    const running = [...this.#running].map(([place, { run }]) => ({ run, step: stepOf(this.#control, place) }));
    const minutes = (performance.now() - this.#began) / 60_000;
    const { before, trained, elsewhere } = this.#tally;
    return {
      total: this.runs.length,
      over: before + trained + elsewhere + this.#failedHere,
      ...this.#tally,
      running,
      counts: { ...this.#counts },
      runsPerMinute: this.#began > 0 && trained > 0 ? trained / minutes : undefined,
      secondsLeft: this.#forecast && this.#secondsLeft(),
    };
  }

  #secondsLeft(): number {
    const finite = (seconds: number) => (Number.isFinite(seconds) ? seconds : 0);
    const waiting = [...this.#queue, ...this.#busy].map(({ seconds, done }) => finite(seconds) * (1 - done));
    const running = [...this.#running].map(([place, { run, seconds }]) => {
      const steps = Math.max(1, run.plan.training["steps"] as number);
      return finite(seconds) * (1 - Math.min(1, stepOf(this.#control, place) / steps));
    });
    const { forecast, measured } = this.#calibration;
    return makespan([...running, ...waiting], this.options.workers) * (forecast > 0 ? measured / forecast : 1);
  }
}
