import type { Eval } from "../../../../src/train/eval.ts";
import type { Plan } from "../../../../src/train/experiment.ts";
import type { Sweep } from "../../../../src/train/sweep.ts";
import { TrainingSession } from "../../training/session.svelte.ts";
import { runsForPage } from "./page-limits.ts";
import { SweepData } from "./sweep-data.svelte.ts";
import type { SweptDot } from "./sweep-labels.ts";

/** How many networks are trained at once: one core is left to the page. */
const workers = Math.max(1, Math.min(8, (globalThis.navigator?.hardwareConcurrency ?? 2) - 1));

/** A sweep that is trained in this page, by several workers at once. Reactive. It is gone when the page is left. */
export class PageSweep {
  readonly data: SweepData;
  readonly runs: readonly { readonly id: string; readonly plan: Plan }[];
  running = $state(false);
  done = $state(0);
  failures = $state.raw<readonly string[]>([]);
  #curves = new Map<string, readonly Eval[]>();
  #sessions = new Set<TrainingSession>();
  #next = 0;

  /** @throws UsageError, or Error where it is too large for a page */
  constructor(name: string, sweep: Sweep) {
    this.runs = runsForPage(sweep);
    const perClass = this.runs.at(0)?.plan.training["loss"] === "nats-per-class";
    this.data = new SweepData({
      ...{ name: "page", title: name },
      unit: perClass ? "nats per example, divided by the number of answers" : "nats per example",
      load: () => Promise.resolve([]),
      curves: (ids) => Promise.resolve(new Map(ids.flatMap((id) => [[id, this.#curves.get(id) ?? []] as const]))),
    });
    this.data.set(this.runs);
  }

  start(): void {
    if (this.running) return;
    this.running = true;
    const lines = Array.from({ length: Math.min(workers, this.runs.length - this.#next) }, () => this.#work());
    void Promise.all(lines).then(() => (this.running = false));
  }

  /** Ends what is being trained; it begins anew when the sweep goes on. */
  stop(): void {
    this.running = false;
    for (const session of this.#sessions) void session.close(0);
  }

  async #work(): Promise<void> {
    while (this.running && this.#next < this.runs.length) {
      const place = this.#next++;
      const over = await this.#train(this.runs[place].plan);
      if (over === undefined) {
        this.#next = Math.min(this.#next, place);
        return;
      }
      this.done += 1;
      const rows = this.data.runs.map((run, i): SweptDot => (i === place ? { ...run, ...over } : run));
      this.data.set(rows);
      if (this.data.hasExtremes && this.done === 1) this.data.rule = "pair";
    }
  }

  /** Undefined when it was stopped. */
  async #train(plan: Plan): Promise<Pick<SweptDot, "verdict" | "extremes" | "status"> | undefined> {
    const session = new TrainingSession(plan, { keep: 0 });
    this.#sessions.add(session);
    session.start();
    await ended(session, () => this.running);
    const stopped = !session.isOver && session.status !== "failed";
    if (session.status === "failed") this.failures = [...this.failures, session.error ?? "it could not be trained"];
    this.#curves.set(session.id, session.evals);
    const { verdict } = session;
    this.#sessions.delete(session);
    await session.close(0);
    if (stopped) return undefined;
    return { status: verdict ? "finished" : "failed", verdict, extremes: verdict?.extremes };
  }
}

/** Resolves when a session is over, or the sweep was stopped. */
function ended(session: TrainingSession, wanted: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = $effect.root(() => {
      $effect(() => {
        if (!session.isOver && session.status !== "failed" && wanted()) return;
        // Not within the effect that is being ended.
        queueMicrotask(() => {
          stop();
          resolve();
        });
      });
    });
  });
}
