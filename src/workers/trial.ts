import type { Plan } from "../train/experiment.ts";
import type { TrainingOptions } from "../train/fields.ts";
import { times } from "../train/times.ts";
import { train } from "../train/train.ts";

/** What a Plan's work costs here, measured by a little of it. */
export interface Trial {
  readonly secondsPerStep: number;
  readonly secondsPerEvaluation: number;
  /** Of one checkpoint: parameters and optimizer state. */
  readonly checkpointBytes: number;
}

/** Steps between the evaluations of a trial. */
const evaluationEvery = 8;
/** Fewest of each that are measured, however long they take. */
const fewest = 3;

/**
 * Trains a Plan for a moment. Its first half is warming up: the engine compiles what runs often.
 * @param seconds how long, where that is enough for a few steps
 */
export function trial(plan: Plan, seconds: number): Trial {
  const steps: number[] = [];
  const evaluations: number[] = [];
  const began = now();
  let last = began;
  let checkpointBytes = 0;
  const interrupt = (): boolean => {
    const at = now();
    if (evaluated) evaluated = false;
    else steps.push(at - last);
    last = at;
    return steps.length >= fewest && evaluations.length >= fewest && at - began >= seconds;
  };
  let evaluated = true;
  for (const moment of train(trialPlan(plan), { interrupt })) {
    if (moment.step === 0) {
      const { params, state } = moment.snapshot();
      checkpointBytes = [...Object.values(params), ...Object.values(state)].reduce((n, a) => n + a.data.byteLength, 0);
    } else {
      // An update and an evaluation lie between the last question and this moment.
      evaluations.push(Math.max(0, now() - last - median(steps)));
    }
    evaluated = true;
    last = now();
  }
  return { secondsPerStep: typical(steps), secondsPerEvaluation: typical(evaluations), checkpointBytes };
}

const trialPlan = (plan: Plan): Plan => ({
  ...plan,
  training: {
    ...plan.training,
    ...{ steps: 1_000_000, evalEvery: evaluationEvery, evalGrowth: 1, evalAt: [], checkpointEvery: 0 },
  },
});

const now = (): number => performance.now() / 1000;
const typical = (values: readonly number[]): number => median(values.slice(Math.floor(values.length / 2)));
const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** How often a Plan's schedules come due. */
export function schedule(plan: Plan): { readonly evaluations: number; readonly checkpoints: number } {
  const training = plan.training as unknown as TrainingOptions;
  const { steps, evalEvery, evalGrowth, evalAt, checkpointEvery, checkpointGrowth } = training;
  const checkpoints = new Set(times(checkpointEvery, checkpointGrowth, steps));
  const evaluations = new Set([...times(evalEvery, evalGrowth, steps), ...evalAt.filter((step) => step <= steps)]);
  // Each checkpoint is evaluated, too.
  return { evaluations: new Set([...evaluations, ...checkpoints]).size, checkpoints: checkpoints.size };
}

/** Seconds that a whole run of this Plan takes on one worker. */
export function secondsOf(plan: Plan, { secondsPerStep, secondsPerEvaluation }: Trial): number {
  return (plan.training["steps"] as number) * secondsPerStep + schedule(plan).evaluations * secondsPerEvaluation;
}

/** Bytes of an evaluation in the store, and of all else that is stored of a run, about. */
const evaluationBytes = 56;
const recordBytes = 6000;

/** Bytes that a whole run of this Plan takes in a store, about: a checkpoint holds the curves up to it. */
export function bytesOf(plan: Plan, { checkpointBytes }: Trial): number {
  const { evaluations, checkpoints } = schedule(plan);
  const curves = evaluations * evaluationBytes;
  return recordBytes + curves + checkpoints * (checkpointBytes + curves / 2 + recordBytes / 2);
}

/**
 * What Plans of the same cost have in common: everything but the seed, and numbers of the optimizer, which change what
 * is computed and not how much.
 */
export function costClass({ task, split, model, optimizer, training }: Plan): string {
  return JSON.stringify([task, split, model, optimizer.name, training]);
}
