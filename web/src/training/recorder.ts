import type { BrowserStore, Recorded } from "../../../src/runs/browser-store.ts";
import { latestCheckpoint } from "../../../src/runs/latest-checkpoint.ts";
import type { Claim } from "../../../src/runs/store.ts";
import type { Checkpoint } from "../../../src/train/checkpoint.ts";
import type { Eval } from "../../../src/train/eval.ts";
import type { Plan } from "../../../src/train/experiment.ts";
import type { Verdict } from "../../../src/verdict/index.ts";

/** What is stored of a run when a page takes it up. */
export interface Begun {
  readonly checkpoint: Checkpoint;
  readonly evals: readonly Eval[];
  readonly seconds: number;
  /** It had ended before. */
  readonly over?: { readonly status: "finished" | "diverged"; readonly note?: string | undefined } | undefined;
}

export interface Ended {
  readonly status: "finished" | "diverged";
  readonly checkpoint: Checkpoint;
  readonly verdict: Verdict;
  readonly weightsHash: string;
  readonly note?: string | undefined;
  /** Over all sittings. */
  readonly seconds: number;
}

/** Keeps a run while a page trains it. */
export interface Recorder {
  readonly begun?: Begun | undefined;
  /** What was trained elsewhere before this run took over. */
  adopt(checkpoint: Checkpoint, evals: readonly Eval[]): Promise<void>;
  /** Written in a while; training does not wait. @throws what went wrong with an earlier write */
  note(found: Eval, now: number): void;
  /** The same of a checkpoint; a promise where so many wait to be written that training must wait, too. */
  save(checkpoint: Checkpoint, now: number): Promise<void> | undefined;
  /** Training stands still: what the page shows must survive its closing. */
  pause(checkpoint: () => Checkpoint, now: number): Promise<void>;
  /** Now and then on the way: what is to be trained again after a page was closed stays short. */
  rest(checkpoint: () => Checkpoint, now: number): void;
  stop(checkpoint: Checkpoint, verdict: Verdict, seconds: number): Promise<void>;
  end(ended: Ended): Promise<void>;
  fail(note: string, seconds: number): Promise<void>;
}

const nothing = (): Promise<void> => Promise.resolve();
/** For runs that are not to be kept. */
export const noRecorder: Recorder = {
  adopt: nothing,
  note: () => undefined,
  save: () => undefined,
  pause: nothing,
  rest: () => undefined,
  stop: nothing,
  end: nothing,
  fail: nothing,
};

/** Milliseconds between two writes: what a closed page may lose, and train again. */
const writeEvery = 400;
/** Bytes of checkpoints that may wait to be written. */
const mostWaiting = 32 * 2 ** 20;
/** Milliseconds between two checkpoints that are kept only to go on from. */
const resumeEvery = 5000;

/**
 * Claims a run in a store and keeps it there.
 * @throws BusyError where another page trains it, StoreError where it cannot be kept
 */
export async function storeRecorder(
  store: BrowserStore,
  id: string,
  plan: Plan,
  warn: (message: string) => void,
): Promise<Recorder> {
  const claim = await store.claim(id, plan);
  try {
    return new StoreRecorder(store, claim, await begunOf(store, id, warn));
  } catch (error) {
    await store.release(claim).catch(() => undefined);
    throw error;
  }
}

async function begunOf(store: BrowserStore, id: string, warn: (message: string) => void): Promise<Begun | undefined> {
  const record = await store.find(id);
  const checkpoint = await latestCheckpoint(store, id, warn);
  if (!record || !checkpoint) return undefined;
  const { status, seconds, note } = record;
  const evals = await store.evals(id);
  const over = status === "finished" || status === "diverged" ? { status, note } : undefined;
  return { checkpoint, evals, seconds, over };
}

class StoreRecorder implements Recorder {
  readonly begun: Begun | undefined;
  readonly #store: BrowserStore;
  readonly #claim: Claim;
  #evals: Eval[] = [];
  #checkpoints: Checkpoint[] = [];
  #waiting = 0;
  /** When the last write began. */
  #written = -Infinity;
  #saved: number | undefined;
  #over = false;
  /** A write that training does not wait for; what went wrong with it is told at the next one. */
  #writing: Promise<void> | undefined;
  #broken: { readonly error: unknown } | undefined;
  /** When the last checkpoint to go on from was kept. */
  #resumed: number | undefined;

  constructor(store: BrowserStore, claim: Claim, begun: Begun | undefined) {
    this.#store = store;
    this.#claim = claim;
    this.begun = begun;
    this.#saved = begun?.checkpoint.step;
    this.#over = begun?.over !== undefined;
  }

  async adopt(checkpoint: Checkpoint, evals: readonly Eval[]): Promise<void> {
    this.#evals.push(...evals);
    this.#add(checkpoint);
    await this.#settled();
  }

  note(found: Eval, now: number): void {
    if (this.#over) return;
    this.#evals.push(found);
    this.#meanwhile(now);
  }

  save(checkpoint: Checkpoint, now: number): Promise<void> | undefined {
    this.#add(checkpoint);
    this.#meanwhile(now);
    return this.#waiting > mostWaiting ? this.#settled() : undefined;
  }

  async pause(checkpoint: () => Checkpoint, now: number): Promise<void> {
    await this.#settled(checkpoint());
    this.#resumed = now;
  }

  rest(checkpoint: () => Checkpoint, now: number): void {
    this.#resumed ??= now;
    if (this.#over || this.#writing || now - this.#resumed < resumeEvery) return;
    this.#resumed = now;
    this.#begin(checkpoint());
  }

  #add(checkpoint: Checkpoint): void {
    if (this.#over || checkpoint.step === this.#saved) return;
    this.#checkpoints.push(checkpoint);
    this.#waiting += bytesOf(checkpoint);
    this.#saved = checkpoint.step;
  }

  /** Now and then, everything that waits. */
  #meanwhile(now: number): void {
    this.#checkUnbroken();
    if (this.#writing || now - this.#written < writeEvery) return;
    this.#written = now;
    this.#begin();
  }

  #begin(resume?: Checkpoint): void {
    this.#writing = this.#write(resume)
      .catch((error: unknown) => void (this.#broken = { error }))
      .finally(() => (this.#writing = undefined));
  }

  /** Everything that was recorded is written, and a checkpoint to go on from. */
  async #settled(resume?: Checkpoint): Promise<void> {
    await this.#writing;
    this.#checkUnbroken();
    await this.#write(resume);
  }

  async #write(resume?: Checkpoint): Promise<void> {
    if (this.#over) return;
    const [evals, checkpoints] = [this.#evals.splice(0), this.#checkpoints.splice(0)];
    this.#waiting = 0;
    const recorded: Recorded = { evals, checkpoints, resume };
    if (evals.length > 0 || checkpoints.length > 0 || resume) await this.#store.keep(this.#claim, recorded);
  }

  #checkUnbroken(): void {
    if (this.#broken) throw this.#broken.error;
  }

  async stop(checkpoint: Checkpoint, verdict: Verdict, seconds: number): Promise<void> {
    if (this.#over) return this.#store.release(this.#claim);
    this.#add(checkpoint);
    await this.#settled();
    await this.#finish({ status: "stopped", verdict, seconds, note: `interrupted at step ${checkpoint.step}` });
  }

  async end({ status, checkpoint, verdict, weightsHash, note, seconds }: Ended): Promise<void> {
    if (this.#over) return this.#store.release(this.#claim);
    this.#add(checkpoint);
    await this.#settled();
    await this.#finish({ status, verdict, weightsHash, seconds, ...(note !== undefined && { note }) });
  }

  async fail(note: string, seconds: number): Promise<void> {
    await this.#writing;
    if (!this.#broken) await this.#write().catch(() => undefined); // what was seen until then
    if (!this.#over) await this.#finish({ status: "failed", note: note.split("\n")[0] ?? "", seconds });
  }

  async #finish(ending: Parameters<BrowserStore["finish"]>[1]): Promise<void> {
    this.#over = true;
    const seconds = Math.max(0, ending.seconds - (this.begun?.seconds ?? 0));
    await this.#store.finish(this.#claim, { ...ending, seconds });
  }
}

const bytesOf = ({ params, state }: Checkpoint): number =>
  [...Object.values(params), ...Object.values(state)].reduce((sum, { data }) => sum + data.byteLength, 0);
