import { UsageError } from "../../../src/options.ts";
import { dispose, exportArrays, type NamedArrays } from "../../../src/tensor/index.ts";
import { weightsHash } from "../../../src/tensor/formats/weights-hash.ts";
import type { Checkpoint } from "../../../src/train/checkpoint.ts";
import type { Eval } from "../../../src/train/eval.ts";
import type { Plan } from "../../../src/train/experiment.ts";
import { setUp, type Setup } from "../../../src/train/setup.ts";
import { train, type Moment, type Outcome, type Pause } from "../../../src/train/train.ts";
import { contextOf, judge, type Context } from "../../../src/verdict/index.ts";
import { checkLimits, checkSizes } from "./limits.ts";
import { finalPlan, stretches, type Lineage, type Stretch } from "./lineage.ts";
import type { Reply, Request, Standing } from "./messages.ts";
import { noRecorder, type Recorder } from "./recorder.ts";

/** What the trainer needs of the thread it runs in. */
export interface Surroundings {
  post(reply: Reply, transfer?: readonly ArrayBuffer[]): void;
  /** Milliseconds of a clock that only goes forward. */
  now(): number;
  /** Lets messages in. */
  breathe(): Promise<void>;
  /** Opens the store for a lineage; throws where it cannot be kept. */
  record?(lineage: Lineage, warn: (message: string) => void): Promise<Recorder>;
}

/** Milliseconds of training between two looks at the messages: a click is answered before anybody sees it wait. */
const breath = 25;
/** Milliseconds between two reports: more often than a page draws helps nobody. */
const reportEvery = 100;

type Start = Extract<Request, { type: "start" }>;
type Training = Generator<Moment | Pause, Outcome>;

/** Trains one lineage for a page: in pieces so short that pause, step and fork are answered at once. */
export class Trainer {
  readonly #here: Surroundings;
  #running = false;
  #until = Infinity;
  #wake: (() => void) | undefined;
  /** A request came since the last look. */
  #stirred = false;
  #closing = false;
  #weightsWanted = false;
  #checkpointCalls: number[] = [];
  #step = 0;
  #seconds = 0;
  #evals: Eval[] = [];
  #unsent: Eval[] = [];
  #reported = -Infinity;
  #nextKept = 0;
  #keepEvery = Infinity;
  #recorder: Recorder = noRecorder;

  constructor(here: Surroundings) {
    this.#here = here;
  }

  /** One request of the page. Never throws: what goes wrong is told in a reply. */
  handle(request: Request): void {
    switch (request.type) {
      case "start":
        void this.#run(request);
        return;
      case "pause":
        this.#running = false;
        break;
      case "resume":
        this.#running = true;
        this.#until = request.until ?? Infinity;
        break;
      case "weights":
        this.#weightsWanted = true;
        break;
      case "checkpoint":
        this.#checkpointCalls.push(request.call);
        break;
      case "close":
        this.#closing = true;
        break;
    }
    this.#stirred = true;
    this.#wake?.();
  }

  /** Until the page asks for something. */
  async #sleep(): Promise<void> {
    if (!this.#stirred) await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#wake = undefined;
    this.#stirred = false;
  }

  async #run(start: Start): Promise<void> {
    try {
      await this.#train(start);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      await this.#recorder.fail(message, this.#seconds).catch(() => undefined);
      this.#here.post({ type: "failed", message, usage: error instanceof UsageError });
    } finally {
      if (this.#closing) this.#here.post({ type: "closed" });
    }
  }

  async #train({ lineage, from, evals = [], store, keep, paused }: Start): Promise<void> {
    for (const plan of [lineage.plan, ...lineage.forks.map((fork) => fork.plan)]) checkLimits(plan);
    const last = finalPlan(lineage);
    const setup = setUp(last);
    const counts = checkedCounts(setup);
    let unstored: string | undefined;
    if (store && this.#here.record) {
      try {
        this.#recorder = await this.#here.record(lineage, (message) => this.#here.post({ type: "warning", message }));
      } catch (error) {
        unstored = error instanceof Error ? error.message : String(error);
      }
    }
    const { begun } = this.#recorder;
    const first = begun && (!from || begun.checkpoint.step >= from.step) ? begun.checkpoint : from;
    const known = begun && first === begun.checkpoint ? begun.evals : evals;
    this.#step = first?.step ?? 0;
    this.#seconds = begun?.seconds ?? 0;
    this.#evals = known.filter(({ step }) => step <= this.#step);
    if (first && first !== begun?.checkpoint) await this.#recorder.adopt(first, this.#evals);
    const context = contextOf(last, setup.task, { finished: false });
    const steps = last.training["steps"] as number;
    this.#keepEvery = Math.max(1, Math.round(steps / Math.max(1, keep)));
    this.#nextKept = keep > 0 ? this.#step : Infinity;
    this.#running = !paused;
    this.#here.post({ type: "ready", step: this.#step, evals: this.#evals, ...counts, context, unstored });
    if (first && begun?.over) return this.#end(begun.over.status, first, context, begun.over.note);
    let checkpoint = first;
    for (const stretch of stretches(lineage, this.#step)) {
      const ended = await this.#stretch(stretch, checkpoint);
      if (!ended) return; // closed by the page
      checkpoint = ended.checkpoint;
      if (ended.status === "interrupted") continue; // the next stretch takes over
      return this.#end(ended.status, checkpoint, context, ended.note);
    }
  }

  /** One Plan from its first step to the next fork. Undefined when the page ended it. */
  async #stretch(
    { plan, from, to, isLast }: Stretch,
    checkpoint: Checkpoint | undefined,
  ): Promise<Outcome | undefined> {
    let at = from;
    let until = this.#here.now() + breath;
    const pause = (): boolean => {
      const step = at++;
      if (step >= to && !isLast) return true;
      return !this.#running || step >= this.#until || this.#here.now() >= until;
    };
    const training: Training = train(plan, { ...(checkpoint && { from: checkpoint }), pause });
    try {
      while (true) {
        const began = this.#here.now();
        const next = training.next();
        this.#seconds += (this.#here.now() - began) / 1000;
        if (next.done) {
          // A run that was extended after its end goes on under the next Plan.
          const goesOn = next.value.status === "finished" && !isLast;
          return goesOn ? { ...next.value, status: "interrupted" } : next.value;
        }
        const moment = next.value;
        this.#step = moment.step;
        if (!("paused" in moment)) await this.#note(moment);
        if ("paused" in moment && moment.step >= to && !isLast) {
          return { status: "interrupted", step: moment.step, checkpoint: moment.snapshot() };
        }
        if (moment.step >= this.#until) this.#running = false;
        this.#keep(moment);
        // Evaluations may come many in a millisecond: messages are looked for by the clock.
        if (this.#running && !this.#closing && this.#here.now() < until) continue;
        this.#recorder.rest(() => moment.snapshot(), this.#here.now());
        await this.#serve(moment);
        if (!this.#running) await this.#stand(moment);
        if (this.#closing) return void (await this.#leave(moment, plan));
        until = this.#here.now() + breath;
      }
    } finally {
      training.return(undefined as never);
    }
  }

  async #note(moment: Moment): Promise<void> {
    const { step, train: known, test, normL1, normL2, measures, checkpointDue } = moment;
    const found: Eval = { step, train: known, test, normL1, normL2, ...(measures && { measures }) };
    while ((this.#evals.at(-1)?.step ?? -1) >= step) this.#evals.pop();
    this.#evals.push(found);
    this.#unsent.push(found);
    const now = this.#here.now();
    this.#recorder.note(found, now);
    if (checkpointDue) await this.#recorder.save(moment.snapshot(), now);
  }

  /** Sends the weights that are to be kept, where their step has come. */
  #keep(moment: Moment | Pause): void {
    if (moment.step < this.#nextKept) return;
    this.#nextKept = (Math.floor(moment.step / this.#keepEvery) + 1) * this.#keepEvery;
    this.#weightsWanted = false;
    this.#sendCopy(moment, true);
  }

  /** Answers what the page asked for, and lets its next messages in. */
  async #serve(moment: Moment | Pause): Promise<void> {
    const calls = this.#checkpointCalls.splice(0);
    // Whoever goes on from a checkpoint has the evaluations up to it.
    if (calls.length > 0) this.#report();
    for (const call of calls) this.#here.post({ type: "checkpoint", call, checkpoint: moment.snapshot() });
    this.#keep(moment);
    if (this.#weightsWanted) {
      this.#weightsWanted = false;
      this.#sendCopy(moment, false);
    }
    if (this.#here.now() - this.#reported >= reportEvery) this.#report();
    await this.#here.breathe();
  }

  /** Stands still, with the weights at hand, until the page wants something. */
  async #stand(moment: Moment | Pause): Promise<void> {
    const began = this.#here.now();
    await this.#recorder.pause(() => moment.snapshot(), began);
    this.#report();
    while (!this.#running && !this.#closing) {
      await this.#sleep();
      await this.#serve(moment);
    }
    this.#report();
  }

  async #leave(moment: Moment | Pause, plan: Plan): Promise<void> {
    const context = contextOf(plan, setUp(plan).task, { finished: false });
    await this.#recorder.stop(moment.snapshot(), judge(this.#evals, context), this.#seconds);
  }

  async #end(status: Outcome["status"], checkpoint: Checkpoint, context: Context, note?: string): Promise<void> {
    if (status === "interrupted") return;
    this.#running = false;
    this.#step = checkpoint.step;
    const verdict = judge(this.#evals, {
      ...context,
      finished: status === "finished",
      divergedAt: status === "diverged" ? checkpoint.step : undefined,
    });
    const hash = weightsHash(checkpoint.params);
    await this.#recorder.end({ status, checkpoint, verdict, weightsHash: hash, note, seconds: this.#seconds });
    this.#sendWeights(checkpoint.step, checkpoint.params, true);
    const evals = this.#unsent.splice(0);
    const standing = this.#standing();
    this.#here.post({ type: "ended", status, standing, evals, checkpoint, weightsHash: hash, verdict, note });
    while (!this.#closing) {
      await this.#sleep();
      for (const call of this.#checkpointCalls.splice(0)) this.#here.post({ type: "checkpoint", call, checkpoint });
      if (this.#weightsWanted) this.#sendWeights(checkpoint.step, checkpoint.params, false);
      this.#weightsWanted = false;
    }
  }

  #standing(): Standing {
    return { running: this.#running, step: this.#step, seconds: this.#seconds };
  }

  #report(): void {
    this.#reported = this.#here.now();
    this.#here.post({ type: "progress", standing: this.#standing(), evals: this.#unsent.splice(0) });
  }

  /** Handed over: a copy of the copy would cost training twice. */
  #sendCopy({ step, params: live }: Moment | Pause, kept: boolean): void {
    const params = exportArrays(live);
    const buffers = Object.values(params).map(({ data }) => data.buffer as ArrayBuffer);
    this.#here.post({ type: "weights", step, params, kept }, buffers);
  }

  #sendWeights(step: number, params: NamedArrays, kept: boolean): void {
    this.#here.post({ type: "weights", step, params, kept });
  }
}

function checkedCounts(setup: Setup) {
  const { split } = setup;
  const examples = split.train.length + split.test.length;
  checkSizes(examples, 0);
  const params = setup.init();
  try {
    const parameters = Object.values(params).reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
    checkSizes(examples, parameters);
    return { trainCount: split.train.length, testCount: split.test.length, parameters };
  } finally {
    dispose(params);
  }
}
