import type { Recording } from "../../../../../src/runs/recording/recording.ts";
import type { Eval } from "../../../../../src/train/eval.ts";
import type { Plan } from "../../../../../src/train/experiment.ts";
import { FigureGroup } from "../../../parts/figure-group.svelte.ts";
import { TrainingSession } from "../../../training/session.svelte.ts";
import { factsOf } from "./facts.ts";
import { framesOf, indexAt, inNats, noFrames, snapshotFrames, type Matrices } from "./frames.ts";
import { recordingsOf } from "./recordings.ts";

/**
 * The run behind a group of figures: as it was recorded, or as it is being trained in this page. Reactive. Losses are in
 * nats per example, whatever unit the run was trained in.
 */
export class StoryRun {
  readonly name: string;
  readonly group = new FigureGroup();
  /** Step that is shown first; the last one otherwise. */
  readonly #first: number;
  #recorded = $state.raw<Recording | undefined>();
  problem = $state<string | undefined>();
  session = $state.raw<TrainingSession | undefined>();

  constructor(name: string, first = Infinity) {
    this.name = name;
    this.#first = first;
  }

  readonly recorded = $derived(this.#recorded);
  readonly plan = $derived<Plan | undefined>(this.session?.plan ?? this.#recorded?.plan);
  readonly #recordedEvals = $derived(this.#recorded ? inNats(this.#recorded.plan, this.#recorded.evals) : []);
  readonly evals = $derived<readonly Eval[]>(
    this.session ? inNats(this.session.plan, this.session.evals) : this.#recordedEvals,
  );
  readonly #recordedFrames = $derived(this.#recorded ? framesOf(this.#recorded) : noFrames);
  readonly frames = $derived(this.session ? snapshotFrames(this.session.snapshots) : this.#recordedFrames);
  /** What the text says is always of the recording. */
  readonly facts = $derived(this.#recordedEvals.length > 0 ? factsOf(this.#recordedEvals) : undefined);
  /** The weights at the step shown; none before any are there. */
  readonly matrices = $derived<Matrices | undefined>(
    this.frames.steps.length > 0 ? this.frames.at(indexAt(this.frames.steps, this.group.step)) : undefined,
  );
  readonly lastMatrices = $derived<Matrices | undefined>(
    this.frames.steps.length > 0 ? this.frames.at(this.frames.steps.length - 1) : undefined,
  );
  readonly steps = $derived(Number(this.plan?.training["steps"] ?? 1));
  /** A little more than the last step in view: the axis of a run that is being trained does not grow with it. */
  readonly range = $derived<readonly [number, number]>([0, Math.max(1, this.steps)]);

  /** Fetches the recording, once. */
  async load(): Promise<void> {
    if (this.#recorded) return;
    this.problem = undefined;
    try {
      const [found] = await recordingsOf(this.name);
      this.show(found);
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  /** Back to the recording that it began with. */
  async reload(): Promise<void> {
    const [found] = await recordingsOf(this.name);
    if (found) this.show(found);
  }

  /** Shows another recording in the same figures. */
  show(recording: Recording): void {
    void this.stopTraining();
    this.#recorded = recording;
    this.#stand(stopsOf(recording), this.#first);
  }

  /** Trains this Plan in the page; the figures follow. */
  train(plan: Plan): void {
    void this.session?.close();
    const session = new TrainingSession(plan, { keep: 100 });
    this.session = session;
    this.#stand([], 0);
    session.start();
  }

  /** Back to the recording. */
  async stopTraining(): Promise<void> {
    const session = this.session;
    if (!session) return;
    this.session = undefined;
    if (this.#recorded) this.#stand(stopsOf(this.#recorded), this.#first);
    await session.close();
  }

  /** To be called in an effect: keeps up with weights that come in, unless the reader has gone back to earlier ones. */
  follow(): void {
    const { group, session, frames } = this;
    if (!session) return;
    const steps = this.#recorded?.tracks.length ? frames.steps : session.evals.map(({ step }) => step);
    if (group.stops.length === steps.length && group.stops.at(-1) === steps.at(-1)) return;
    const atEnd = group.stops.length === 0 || group.step >= (group.stops.at(-1) ?? 0);
    group.stops = steps;
    if (atEnd && !group.playing) group.show(steps.at(-1) ?? 0);
  }

  #stand(steps: readonly number[], step: number): void {
    this.group.stopPlaying();
    this.group.stops = steps;
    this.group.show(Math.min(step, steps.at(-1) ?? 0));
  }
}

/** Where a reader can stand in a recording: at its weights, or, where it has none, at its evaluations. */
const stopsOf = (recording: Recording): readonly number[] =>
  recording.tracks.length > 0 ? framesOf(recording).steps : recording.evals.map(({ step }) => step);
