import { dispose, exportArrays, importArrays, l1Norm, l2Norm, type Params } from "../tensor/index.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { Eval } from "./eval.ts";
import type { Plan } from "./experiment.ts";
import { labelledTrainer } from "./labelled.ts";
import { languageTrainer } from "./language.ts";
import { setUp, type Setup } from "./setup.ts";
import type { Task } from "../tasks/index.ts";
import { due, times } from "./times.ts";
import type { Trainer } from "./trainer.ts";

/** An Eval while training stands at its step. */
export interface Moment extends Eval {
  /** The Plan wants this step's weights kept. */
  readonly checkpointDue: boolean;
  /** A copy of everything that training needs to go on from here. */
  snapshot(): Checkpoint;
  /** The live parameters: read them before asking for the next Moment. */
  readonly params: Params;
}

/** Between two updates, where whoever iterates asked to be let in: nothing was evaluated. */
export interface Pause {
  /** Updates seen. */
  readonly step: number;
  readonly paused: true;
  /** A copy of everything that training needs to go on from here. */
  snapshot(): Checkpoint;
  /** The live parameters: read them before asking for what comes next. */
  readonly params: Params;
}

/** How a training generator ended. */
export interface Outcome {
  readonly status: "finished" | "diverged" | "interrupted";
  readonly step: number;
  readonly checkpoint: Checkpoint;
  /** What to try, where it diverged. */
  readonly note?: string;
}

export interface TrainOptions {
  /** Go on from here; the rest is the same bits as without a break. */
  readonly from?: Checkpoint;
  /** Asked before every update: true ends the generator there with a checkpoint. */
  readonly interrupt?: () => boolean;
  /** The Plan's task, where it is at hand: a large one takes seconds to build. */
  readonly task?: Task;
}

export interface PausingOptions extends TrainOptions {
  /** Asked before every update: true yields a Pause. A page lets its messages in there; the bits are the same. */
  readonly pause: () => boolean;
}

/**
 * Trains one network. A pure function of the Plan that computes and yields: printing, storing, drawing and stopping
 * belong to whoever iterates. Step 0 is the initialization; an Eval at step n has seen n updates.
 */
export function train(plan: Plan, options?: TrainOptions): Generator<Moment, Outcome>;
export function train(plan: Plan, options: PausingOptions): Generator<Moment | Pause, Outcome>;
export function* train(
  plan: Plan,
  { from, interrupt, pause, task }: TrainOptions & Partial<PausingOptions> = {},
): Generator<Moment | Pause, Outcome> {
  const setup = setUp(plan, task);
  const { steps } = setup.training;
  const first = from?.step ?? 0;
  const { evaluationDue, checkpointDue } = schedules(setup, first);
  let trainer: Trainer | undefined;
  let params: Params = {};
  let state: Params = {};
  const snapshot = (step: number): Checkpoint => ({ step, params: exportArrays(params), state: exportArrays(state) });
  try {
    trainer = trainerOf(setup, plan.seed);
    params = from ? importArrays(from.params) : trainer.init();
    state = from ? importArrays(from.state) : trainer.initState(params);
    if (from) trainer.check?.(params, state);
    for (let step = first; ; step++) {
      const due = checkpointDue(step);
      if (evaluationDue(step) || due) {
        const found = evaluate(trainer, params, state, step);
        yield { ...found, checkpointDue: due, snapshot: () => snapshot(step), params };
        // The last update's damage is seen here or nowhere: no further loss will be computed.
        if (step >= steps && !Number.isFinite(found.train.loss)) {
          return { status: "diverged", step, checkpoint: snapshot(step), note: divergence(plan, step) };
        }
      }
      if (step >= steps) return { status: "finished", step, checkpoint: snapshot(step) };
      if (interrupt?.()) return { status: "interrupted", step, checkpoint: snapshot(step) };
      if (pause?.()) yield { step, paused: true, snapshot: () => snapshot(step), params };
      const loss = trainer.update(params, state, step);
      if (!Number.isFinite(loss)) {
        const checkpoint = snapshot(step + 1);
        const found = evaluate(trainer, params, state, step + 1);
        yield { ...found, checkpointDue: false, snapshot: () => checkpoint, params };
        return { status: "diverged", step: step + 1, checkpoint, note: divergence(plan, step + 1) };
      }
    }
  } finally {
    dispose(params);
    dispose(state);
    trainer?.dispose();
  }
}

/** One kind of trainer for tasks whose examples have a label each, one for language models. */
const trainerOf = (setup: Setup, seed: number): Trainer =>
  setup.task.inputs.kind === "sequences" ? languageTrainer(setup, seed) : labelledTrainer(setup, seed);

/** Whether a step is due, asked once for each step from `first` on. */
function schedules({ training }: Setup, first: number) {
  const { steps, evalEvery, evalGrowth, evalAt, checkpointEvery, checkpointGrowth } = training;
  const further = new Set(evalAt);
  const evaluation = due(times(evalEvery, evalGrowth, steps), first);
  const checkpointDue = due(times(checkpointEvery, checkpointGrowth, steps), first);
  return { evaluationDue: (step: number) => evaluation(step) || further.has(step), checkpointDue };
}

function evaluate(trainer: Trainer, params: Params, state: Params, step: number): Eval {
  const { train, test, measures } = trainer.evaluate(params, state);
  const counted = trainer.trained(params);
  return {
    step,
    train,
    test,
    normL1: l1Norm(counted),
    normL2: l2Norm(counted),
    ...(measures && { measures }),
  };
}

function divergence(plan: Plan, step: number): string {
  const { learningRate, warmupSteps } = plan.optimizer;
  return (
    `the loss was no longer a finite number at step ${step}; ` +
    `try a smaller learningRate (now ${String(learningRate)}) or a longer warmupSteps (now ${String(warmupSteps)})`
  );
}
