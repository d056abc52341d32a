import { Speed } from "../../../src/cli/render/speed.ts";
import type { NamedArrays } from "../../../src/tensor/index.ts";
import type { Checkpoint } from "../../../src/train/checkpoint.ts";
import type { Eval } from "../../../src/train/eval.ts";
import type { Plan } from "../../../src/train/experiment.ts";
import type { Context, Verdict } from "../../../src/verdict/index.ts";
import { Pace } from "../parts/pace.ts";
import { finalPlan, lineageId, unforked, type Lineage } from "./lineage.ts";
import type { Reply, Request, Standing } from "./messages.ts";

/**
 * - `new`: nothing was asked for yet
 * - `starting`: the task is being made, or the run loaded
 * - `running`, `paused`: training goes on, or stands still at a step
 * - `finished`, `diverged`: it ended, with a verdict
 * - `failed`: it cannot be trained, or training broke off; `error` says why
 */
export type SessionStatus = "new" | "starting" | "running" | "paused" | "finished" | "diverged" | "failed";

/** The weights at a step, as training sent them. */
export interface Weights {
  readonly step: number;
  readonly params: NamedArrays;
}

export interface SessionOptions {
  /** Keep the run in the browser's store, where a reload finds it. Default false. */
  readonly store?: boolean;
  /** Snapshots of the weights to be sent on the way, for scrubbing. Default 100. */
  readonly keep?: number;
  /** Go on from here, with what was evaluated up to there. */
  readonly from?: { readonly checkpoint: Checkpoint; readonly evals: readonly Eval[] } | undefined;
}

const startWorker = (): Worker =>
  new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "training" });
/** A worker that has loaded its code and waits, so that training begins with the click. */
let spare: Worker | undefined;

/** Has a worker ready for whoever trains next. */
export function readyWorker(): void {
  spare ??= startWorker();
}

/** Bytes of snapshots that a page holds; beyond, every second one goes. */
const snapshotBytes = 96 * 2 ** 20;

/**
 * One network being trained in a worker, as the page sees it. Reactive: read `evals`, `weights`, `status` … in a template
 * or an effect. The same Plan gives the same bits as on the command line.
 */
export class TrainingSession {
  readonly lineage: Lineage;
  readonly id: string;
  readonly options: SessionOptions;
  status = $state<SessionStatus>("new");
  step = $state(0);
  seconds = $state(0);
  stepsPerSecond = $state<number | undefined>();
  /** Ascending by step; a new array whenever something came. */
  evals = $state.raw<readonly Eval[]>([]);
  /** The newest weights that came. */
  weights = $state.raw<Weights | undefined>();
  /** Weights kept on the way, ascending by step. */
  snapshots = $state.raw<readonly Weights[]>([]);
  about = $state.raw<Extract<Reply, { type: "ready" }> | undefined>();
  context = $state.raw<Context | undefined>();
  verdict = $state.raw<Verdict | undefined>();
  weightsHash = $state<string | undefined>();
  note = $state<string | undefined>();
  error = $state<string | undefined>();
  warnings = $state.raw<readonly string[]>([]);
  #worker: Worker | undefined;
  /** News of the worker that were not shown yet: a page draws less often than it trains. */
  #news: Reply[] = [];
  readonly #pace = new Pace(() => {
    for (const reply of this.#news.splice(0)) this.#show(reply);
  });
  #speed = new Speed(4);
  #calls = new Map<number, (checkpoint: Checkpoint) => void>();
  #nextCall = 0;
  #closed: (() => void) | undefined;

  constructor(what: Plan | Lineage, options: SessionOptions = {}) {
    this.lineage = "forks" in what ? what : unforked(what);
    this.id = lineageId(this.lineage);
    this.options = options;
  }

  /** The Plan of its last step. */
  get plan(): Plan {
    return finalPlan(this.lineage);
  }
  get steps(): number {
    return this.plan.training["steps"] as number;
  }
  get isLive(): boolean {
    return this.status === "starting" || this.status === "running" || this.status === "paused";
  }
  get isOver(): boolean {
    return this.status === "finished" || this.status === "diverged";
  }
  /** Until the last step, at the present pace. */
  get secondsLeft(): number | undefined {
    return this.stepsPerSecond === undefined ? undefined : (this.steps - this.step) / this.stepsPerSecond;
  }

  /** Begins, or goes on after a pause. @param paused only set it up: the weights at its first step */
  start(paused = false): void {
    if (this.status === "paused" && !paused) return this.#send({ type: "resume" });
    if (this.#worker || this.isOver) return;
    this.status = "starting";
    this.error = undefined;
    const worker = spare ?? startWorker();
    spare = undefined;
    worker.onmessage = ({ data }: MessageEvent<Reply>) => this.#hear(data);
    worker.onerror = (event) => this.#fail(event.message || "the worker that trains could not be started");
    this.#worker = worker;
    const { store = false, keep = 100, from } = this.options;
    const lineage = this.lineage;
    this.#send({ type: "start", lineage, from: from?.checkpoint, evals: from?.evals, store, keep, paused });
  }
  pause(): void {
    this.#send({ type: "pause" });
  }
  /** So many updates, and then a pause. */
  advance(steps: number): void {
    this.#send({ type: "resume", until: this.step + steps });
  }
  /** Asks for the present weights; `weights` has them soon after. */
  wantWeights(): void {
    this.#send({ type: "weights" });
  }
  /** Everything that training needs to go on from the present step. */
  checkpoint(): Promise<Checkpoint> {
    const call = this.#nextCall++;
    return new Promise((resolve, reject) => {
      if (!this.#worker) return reject(new Error("nothing is being trained"));
      this.#calls.set(call, resolve);
      this.#send({ type: "checkpoint", call });
    });
  }
  /** Saves what is to be kept, and ends the worker. */
  async close(patience = 3000): Promise<void> {
    const worker = this.#worker;
    if (!worker) return;
    await new Promise<void>((resolve) => {
      this.#closed = resolve;
      this.#send({ type: "close" });
      setTimeout(resolve, this.status === "starting" ? 0 : patience);
    });
    worker.terminate();
    this.#worker = undefined;
    if (this.isLive) this.status = "new";
  }

  #send(request: Request): void {
    this.#worker?.postMessage(request);
  }

  #hear(reply: Reply): void {
    const canWait = (reply.type === "progress" && reply.standing.running) || reply.type === "weights";
    if (!canWait) this.#pace.flush();
    if (!canWait) return this.#show(reply);
    this.#news.push(reply);
    this.#pace.want();
  }

  #show(reply: Reply): void {
    switch (reply.type) {
      case "ready":
        this.about = reply;
        this.context = reply.context;
        this.step = reply.step;
        this.evals = reply.evals;
        this.status = "running";
        if (reply.unstored !== undefined) this.warnings = [...this.warnings, `Not stored: ${reply.unstored}`];
        return;
      case "progress":
        this.#add(reply.evals);
        this.#stand(reply.standing);
        this.status = reply.standing.running ? "running" : "paused";
        return;
      case "weights":
        this.weights = { step: reply.step, params: reply.params };
        if (reply.kept) this.#keep(this.weights);
        return;
      case "checkpoint":
        this.#calls.get(reply.call)?.(reply.checkpoint);
        this.#calls.delete(reply.call);
        return;
      case "ended":
        this.#add(reply.evals);
        this.#stand(reply.standing);
        this.verdict = reply.verdict;
        this.weightsHash = reply.weightsHash;
        this.note = reply.note;
        this.status = reply.status;
        return;
      case "warning":
        this.warnings = [...this.warnings, reply.message];
        return;
      case "failed":
        return this.#fail(reply.message);
      case "closed":
        this.#closed?.();
        return;
    }
  }

  #fail(message: string): void {
    this.status = "failed";
    this.error = message;
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#closed?.();
  }

  #stand({ step, seconds, running }: Standing): void {
    this.step = step;
    this.seconds = seconds;
    if (running) {
      this.#speed.add(step, seconds);
      this.stepsPerSecond = this.#speed.perSecond;
    }
  }

  #add(found: readonly Eval[]): void {
    if (found.length === 0) return;
    const first = found[0].step;
    const before = this.evals.length > 0 && this.evals[this.evals.length - 1].step >= first;
    this.evals = [...(before ? this.evals.filter(({ step }) => step < first) : this.evals), ...found];
  }

  #keep(weights: Weights): void {
    const kept = [...this.snapshots.filter(({ step }) => step < weights.step), weights];
    const bytes = kept.length * Object.values(weights.params).reduce((sum, { data }) => sum + data.byteLength, 0);
    this.snapshots = bytes > snapshotBytes && kept.length > 4 ? kept.filter((_, i) => i % 2 === 0) : kept;
  }
}
