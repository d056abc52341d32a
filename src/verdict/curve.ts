import { log } from "../rng/functions.ts";
import type { Eval } from "../train/eval.ts";
import type { Plan } from "../train/experiment.ts";
import { defaultPolicy, policyFor } from "./default-policy.ts";
import type { Context, Curve } from "./verdict.ts";

/** The context of a run of this Plan on this task. */
export const contextOf = (
  plan: Plan,
  task: Pick<Context, "chance" | "numClasses">,
  end: Pick<Context, "finished" | "divergedAt" | "outputs">,
): Context => {
  const policy = policyFor(plan);
  return {
    chance: task.chance,
    numClasses: task.numClasses,
    lossUnit: plan.training["loss"] === "nats-per-class" ? "nats/class" : "nats",
    ...(policy !== defaultPolicy && { policy }),
    ...end,
  };
};

/** Accuracy above chance: 0 is a guess, 1 is perfect, negative is worse than guessing. */
export const aboveChance = (accuracy: number, { chance }: Pick<Context, "chance">): number =>
  chance < 1 ? (accuracy - chance) / (1 - chance) : accuracy;

/** By what the published unit divides: the number of logits, which is 1 for the binary cross-entropy of a single one. */
const divisor = ({ outputs, numClasses }: Context): number => outputs ?? (numClasses === 2 ? 1 : numClasses);

/** Mean cross-entropy in nats per example. */
export const toNats = (loss: number, context: Context): number =>
  context.lossUnit === "nats/class" ? loss * divisor(context) : loss;

/**
 * The loss as the published tables print it: cross-entropy / p for a softmax over p classes; nats per example for the
 * binary cross-entropy of a single logit.
 */
export const publishedLoss = (loss: number, context: Context): number =>
  context.lossUnit === "nats/class" ? loss : loss / divisor(context);

/** Loss of a guess that gives every class the same probability, in nats. */
export const chanceLoss = ({ numClasses }: Context): number => log(Math.max(1, numClasses));

/** The evaluations a policy may look at: in order, one per step, up to the first that is not finite. */
export function curveOf(evals: readonly Eval[], context: Context): Curve {
  const ordered = inOrder(evals);
  const broken = ordered.findIndex((e, i) => isBroken(e, i > 0 ? ordered[i - 1] : undefined));
  const steps = [context.divergedAt, broken < 0 ? undefined : ordered[broken].step].filter((s) => s !== undefined);
  return {
    evals: broken < 0 ? ordered : ordered.slice(0, broken),
    context,
    divergedAt: steps.length > 0 ? Math.min(...steps) : null,
  };
}

/**
 * A run has diverged when its training loss or its weights are not finite, or when a test loss that was a number is one
 * no longer. An infinite test loss is only a very confident mistake; a test loss that is NaN from the start means that
 * there is no test data.
 */
function isBroken(e: Eval, before: Eval | undefined): boolean {
  if (!Number.isFinite(e.train.loss) || !Number.isFinite(e.normL2)) return true;
  return Number.isNaN(e.test.loss) && before !== undefined && !Number.isNaN(before.test.loss);
}

/** Ascending by step; of two evaluations of one step the later given counts. */
function inOrder(evals: readonly Eval[]): readonly Eval[] {
  const ascending = evals.every((e, i) => i === 0 || evals[i - 1].step < e.step);
  if (ascending) return evals;
  const byStep = new Map(evals.map((e) => [e.step, e]));
  return [...byStep.values()].sort((a, b) => a.step - b.step);
}
