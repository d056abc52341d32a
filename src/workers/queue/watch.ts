import type { Store } from "../../runs/store.ts";
import type { SweepRun } from "../../train/sweep.ts";
import { defaultPolicy, type Label } from "../../verdict/index.ts";
import { newControl } from "../control.ts";
import { forecast } from "../forecast.ts";
import { type StartTrainer, threads } from "../pool.ts";
import type { RunEnd, SweepAtWork, SweepState } from "../run-sweep.ts";
import { type Standing, standings } from "../standing.ts";
import { batches } from "./batches.ts";
import { idsOf, jobId, type JobOptions, sweepJob, type SweepJob } from "./job.ts";
import { readProgress } from "./progress.ts";
import type { NewJob, WorkQueue } from "./work-queue.ts";

export interface QueueSweepOptions extends JobOptions {
  /** Stops watching; the work goes on. */
  readonly signal?: AbortSignal | undefined;
  readonly onRun?: ((end: RunEnd) => void) | undefined;
  readonly onNote?: ((line: string) => void) | undefined;
  /** What tries a run out for a moment, to tell how many belong in one job. */
  readonly start?: StartTrainer | undefined;
  /** Milliseconds between looks at the store, at least; a look that takes long makes them rarer. */
  readonly lookEveryMs?: number | undefined;
  /** Milliseconds after which runs that are neither over nor in the queue are put there again. */
  readonly refillEveryMs?: number | undefined;
}

/** Threads that try runs out. */
const tryingThreads = 2;
/** Jobs put into the queue at once. */
const jobsAtOnce = 500;
/** A worker that has said nothing of a run for so long is not counted as running it. */
const silenceMs = 20_000;
const second = 1000;

/** Puts what is missing of a sweep into a queue, and watches it being trained, wherever that is. Several may watch. */
export function queueSweep(
  store: Store,
  queue: WorkQueue,
  runs: readonly SweepRun[],
  options: QueueSweepOptions,
): SweepAtWork {
  const watch = new QueueWatch(store, queue, runs, options);
  return { state: () => watch.state(), end: watch.end() };
}

class QueueWatch {
  readonly #counts: Partial<Record<Label, number>> = {};
  readonly #tally = { before: 0, trained: 0, elsewhere: 0, diverged: 0, failed: 0 };
  readonly #open = new Map<string, SweepRun>();
  /** What workers say of runs, by run. */
  readonly #said = new Map<string, { readonly step: number; readonly at: number }>();
  #failedHere = 0;
  #seconds: ((run: SweepRun) => number) | undefined;
  /** Forecast seconds of the runs that ended while this one watched. */
  #done = 0;
  #began = 0;

  constructor(
    private readonly store: Store,
    private readonly queue: WorkQueue,
    private readonly runs: readonly SweepRun[],
    private readonly options: QueueSweepOptions,
  ) {}

  get #stopped(): boolean {
    return this.options.signal?.aborted ?? false;
  }

  async end(): Promise<SweepState> {
    const { policy = defaultPolicy, retryFailed, stopWhenDecided } = this.options;
    const found = await standings(this.store, this.runs, { policy, retryFailed, stopWhenDecided });
    found.forEach((standing, i) => {
      if (standing.kind === "open") this.#open.set(this.runs[i].id, this.runs[i]);
      else this.#count(standing, "before");
    });
    if (this.#open.size === 0) return this.state();
    const leave = await this.queue.listen((_, progress) => {
      const { running } = readProgress(progress);
      if (running) this.#said.set(running.id, { step: running.step, at: performance.now() });
    });
    try {
      await this.#measure();
      if (retryFailed) await this.queue.clearFailed();
      await this.#fill("first");
      this.#began = performance.now();
      await this.#watch();
    } finally {
      await leave();
    }
    return this.state();
  }

  /** What runs take, measured here for a moment. Workers may be faster or slower: it only has to be about right. */
  async #measure(): Promise<void> {
    const { start = threads() } = this.options;
    const control = newControl(tryingThreads);
    const trainers = Array.from({ length: tryingThreads }, (_, place) => start(this.store, control, place));
    try {
      this.#seconds = (await forecast(trainers, [...this.#open.values()])).seconds;
    } finally {
      await Promise.all(trainers.map((trainer) => trainer.close()));
    }
  }

  /** Puts into the queue what is open and not there yet. */
  async #fill(time: "first" | "again"): Promise<void> {
    const there = new Set<string>();
    for await (const some of this.queue.pending()) {
      for (const { data } of some) for (const id of idsOfAny(data)) there.add(id);
    }
    let missing = [...this.#open.values()].filter(({ id }) => !there.has(id));
    if (time === "again" && missing.length > 0) {
      await this.#look(); // some ended between the last look and this one
      missing = missing.filter(({ id }) => this.#open.has(id));
    }
    if (missing.length === 0) return;
    if (time === "again") this.options.onNote?.(`${missing.length} runs were no longer in the queue: put there again`);
    let jobs: NewJob[] = [];
    const add = async (): Promise<void> => {
      await this.queue.add(jobs);
      jobs = [];
    };
    for (const batch of batches(missing, this.#seconds!)) {
      const data = sweepJob(batch, this.options);
      jobs.push({ id: jobId(data), data });
      if (jobs.length === jobsAtOnce) await add();
      if (this.#stopped) break;
    }
    if (jobs.length > 0) await add();
  }

  async #watch(): Promise<void> {
    const { lookEveryMs = second, refillEveryMs = 30 * second } = this.options;
    let filledAt = performance.now();
    let asked = false;
    while (this.#open.size > 0 && !this.#stopped) {
      const began = performance.now();
      await this.#look();
      if (this.#open.size === 0) return;
      if (!asked && (await this.queue.workers()) === 0) {
        this.options.onNote?.(`no worker takes work from ${this.queue.where} yet: groklab worker starts one`);
      }
      asked = true;
      if (performance.now() - filledAt > refillEveryMs) {
        await this.#fill("again");
        filledAt = performance.now();
      }
      // A look at a large store takes long: it never takes more than a tenth of the time.
      await this.#pause(Math.max(lookEveryMs, 9 * (performance.now() - began)));
    }
  }

  /** Counts what has ended since the last time. */
  async #look(): Promise<void> {
    const { policy = defaultPolicy, stopWhenDecided } = this.options;
    const open = [...this.#open.values()];
    const found = await standings(this.store, open, { policy, stopWhenDecided });
    found.forEach((standing, i) => {
      const run = open[i];
      if (standing.kind === "open") return;
      // Failed before, and to be tried again: over only once it has been tried.
      if (standing.kind === "failed" && this.#isOld(standing)) return;
      this.#open.delete(run.id);
      this.#said.delete(run.id);
      const seconds = this.#seconds?.(run) ?? NaN;
      if (Number.isFinite(seconds)) this.#done += seconds;
      this.#count(standing, "trained");
      this.options.onRun?.(endOf(run, standing));
    });
  }

  readonly #startedAt = new Date().toISOString();
  #isOld({ record }: { readonly record: { readonly updatedAt: string } }): boolean {
    return (this.options.retryFailed ?? false) && record.updatedAt < this.#startedAt;
  }

  #count(standing: Exclude<Standing, { kind: "open" }>, when: "before" | "trained"): void {
    if (standing.kind === "failed") {
      this.#tally.failed++;
      if (when === "trained") this.#failedHere++;
      else this.#tally.before++;
      return;
    }
    this.#tally[when]++;
    this.#counts[standing.label] = (this.#counts[standing.label] ?? 0) + 1;
    if (standing.record.status === "diverged") this.#tally.diverged++;
  }

  state(): SweepState {
    const now = performance.now();
    const running = [...this.#said].flatMap(([id, { step, at }]) => {
      const run = this.#open.get(id);
      return run && now - at < silenceMs ? [{ run, step }] : [];
    });
    const { before, trained } = this.#tally;
    const minutes = (now - this.#began) / 60_000;
    const ended = trained + this.#failedHere;
    return {
      total: this.runs.length,
      over: before + ended,
      ...this.#tally,
      running,
      counts: { ...this.#counts },
      runsPerMinute: this.#began > 0 && trained > 0 ? trained / minutes : undefined,
      secondsLeft: this.#began > 0 && this.#done > 0 ? this.#secondsLeft(60 * minutes) : undefined,
    };
  }

  /** As fast as it has been going, however many workers that is. */
  #secondsLeft(elapsed: number): number {
    const seconds = (run: SweepRun): number => this.#seconds?.(run) || 0;
    const left = [...this.#open.values()].reduce((sum, run) => {
      const step = this.#said.get(run.id)?.step ?? 0;
      return sum + seconds(run) * (1 - step / Math.max(1, run.plan.training["steps"] as number));
    }, 0);
    return (left / this.#done) * elapsed;
  }

  #pause(ms: number): Promise<void> {
    const { signal } = this.options;
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener("abort", done);
    });
  }
}

function endOf(run: SweepRun, standing: Exclude<Standing, { kind: "open" }>): RunEnd {
  const { record } = standing;
  const { seconds } = record;
  if (standing.kind === "failed") {
    return { run, outcome: "failed", record, seconds, ...(record.note !== undefined && { note: record.note }) };
  }
  return { run, outcome: record.status as RunEnd["outcome"], record, label: standing.label, seconds };
}

/** The ids that a job names, whatever it is. */
function idsOfAny(data: unknown): readonly string[] {
  try {
    return idsOf(data as SweepJob);
  } catch {
    return [];
  }
}
