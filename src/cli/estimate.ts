import type { Plan } from "../train/experiment.ts";
import { languageTrainer } from "../train/language.ts";
import { setUp } from "../train/setup.ts";
import { times } from "../train/times.ts";
import { countOf, type Task } from "../tasks/index.ts";
import { dispose } from "../tensor/index.ts";

/** What a short trial found. Seconds. */
export interface Estimate {
  readonly update: number;
  readonly evaluation: number;
  /** All that is left of the run. */
  readonly total: number;
}

/** Sequences of each set that the trial evaluates. */
const tried = 20;
/** The trial stops when its updates took so long together, or there were so many. */
const enough = { seconds: 1, updates: 20 };

/**
 * How long the rest of a language model's run takes on this machine as it is now: some updates and a piece of an
 * evaluation, timed on weights of their own. Updates on short sequences and long ones differ, so this is right within
 * some ten percent (of brackets, whose lengths differ most, within a factor of two).
 */
export function estimate(plan: Plan, task: Task, from: number, now: () => number): Estimate {
  const { inputs } = task;
  if (inputs.kind !== "sequences") throw new TypeError(`estimate: ${task.name} has no sequences`);
  const setup = setUp({ ...plan, training: { ...plan.training, evalSequences: tried } }, task);
  const trainer = languageTrainer(setup, plan.seed);
  const params = trainer.init();
  const state = trainer.initState(params);
  try {
    trainer.update(params, state, 0); // the first one compiles and allocates
    const start = now();
    let updates = 0;
    do trainer.update(params, state, ++updates);
    while (updates < enough.updates && now() - start < enough.seconds);
    const update = (now() - start) / updates;
    trainer.evaluate(params, state);
    const before = now();
    trainer.evaluate(params, state);
    const limit = plan.training["evalSequences"] as number;
    const sets = [inputs.validation.sequences, inputs.generalization.sequences].map(countOf);
    const looked = sets.reduce((sum, n) => sum + (limit === 0 ? n : Math.min(limit, n)), 0);
    const piece = sets.reduce((sum, n) => sum + Math.min(tried, n), 0);
    const evaluation = ((now() - before) * looked) / piece;
    return { update, evaluation, total: left(plan, from, update, evaluation) };
  } finally {
    trainer.dispose();
    dispose(params);
    dispose(state);
  }
}

function left({ training }: Plan, from: number, update: number, evaluation: number): number {
  const steps = training["steps"] as number;
  let evaluations = 0;
  for (const step of times(training["evalEvery"] as number, training["evalGrowth"] as number, steps)) {
    if (step >= from) evaluations++;
  }
  return Math.max(0, steps - from) * update + evaluations * evaluation;
}
