import type { Eval } from "../train/eval.ts";
import { aboveChance, toNats } from "./curve.ts";
import { everLearned, hysteresisFields, learnedNow, type Course, type Hysteresis } from "./hysteresis.ts";
import { falls, logTrend, minPoints, rises, spread, trend } from "./trend.ts";
import type { Context, Curve } from "./verdict.ts";

/**
 * What a run is doing.
 * - `initial`: the training data is not learned yet: accuracy within .1 of chance
 * - `memorizing`: training accuracy rises, test accuracy lags behind it by half or more
 * - `learning`: both rise together
 * - `memorized`: training data fitted, test data not learned and not moving
 * - `generalizing`: training data fitted, test loss falling or test accuracy rising
 * - `generalized`: test data learned
 * - `forgetting`: training data fitted, test accuracy falling
 * - `collapsed`: the training data was fitted and is no longer
 * - `diverged`: not finite any more
 */
export type PhaseName =
  | "initial"
  | "memorizing"
  | "learning"
  | "memorized"
  | "generalizing"
  | "generalized"
  | "forgetting"
  | "collapsed"
  | "diverged";

/** A phase and the evaluated steps it covers, both included. */
export interface Phase {
  readonly name: PhaseName;
  readonly from: number;
  readonly to: number;
}

/** Accuracy above chance that counts as near it, and the change over the trailing window that counts as movement. */
const nearChance = 0.1;
const movement = 0.02;

const defaultHysteresis = Object.fromEntries(
  Object.entries(hysteresisFields).map(([name, field]) => [name, field.default]),
) as Hysteresis;

/**
 * The phase at the last evaluation, knowing only what came before: for the live line. Evaluations in order of step.
 * Reads back to the latest change of state only, so it may be asked at each evaluation. `initial` before the first.
 */
export function phaseNow(evals: readonly Eval[], context: Context, t: Hysteresis = defaultHysteresis): PhaseName {
  const last = evals.at(-1);
  if (last === undefined) return context.divergedAt === undefined ? "initial" : "diverged";
  if (context.divergedAt !== undefined || !Number.isFinite(last.train.loss)) return "diverged";
  const half = (name: "train" | "test") => (i: number) => ({
    step: evals[i].step,
    accuracy: aboveChance(evals[i][name].accuracy, context),
    loss: toNats(evals[i][name].loss, context),
  });
  const trained = learnedNow(evals.length, half("train"), t);
  return classify(evals, evals.length - 1, context, t, {
    trained,
    generalized: learnedNow(evals.length, half("test"), t),
    wasTrained: trained || everLearned(evals.length, half("train"), t),
  });
}

/** The phases of a whole run, told with hindsight, so that they begin at the fit and generalize steps of its verdict. */
export function phasesOf(curve: Curve, train: Course, test: Course, t: Hysteresis): readonly Phase[] {
  const { evals, context } = curve;
  const names = evals.map((_, i) =>
    classify(evals, i, context, t, {
      trained: train.learned[i],
      generalized: test.learned[i],
      wasTrained: train.firstIn !== null && i >= train.firstIn,
    }),
  );
  const phases = withoutFlicker(segments(names)).map(({ name, from, to }) => ({
    name,
    from: evals[from].step,
    to: evals[to].step,
  }));
  if (curve.divergedAt !== null) phases.push({ name: "diverged", from: curve.divergedAt, to: curve.divergedAt });
  return phases;
}

interface State {
  readonly trained: boolean;
  readonly generalized: boolean;
  readonly wasTrained: boolean;
}

function classify(evals: readonly Eval[], i: number, context: Context, t: Hysteresis, state: State): PhaseName {
  if (state.generalized) return "generalized";
  const train = aboveChance(evals[i].train.accuracy, context);
  const test = aboveChance(evals[i].test.accuracy, context);
  if (!state.trained) {
    if (state.wasTrained) return "collapsed";
    if (train < nearChance) return "initial";
    return test >= train / 2 ? "learning" : "memorizing";
  }
  // The trailing tenth of the run so far, thinned to a dozen points: enough for a direction, and cheap. Where the
  // training data is lost for a moment, the test data says nothing.
  const size = Math.min(i + 1, Math.max(minPoints, Math.ceil((i + 1) / 10)));
  const window = spread(size, 12)
    .map((at) => evals[i + 1 - size + at])
    .filter((e) => aboveChance(e.train.accuracy, context) >= t.leave);
  const at = window.map((e) => e.step);
  const accuracy = trend(at, window.map((e) => aboveChance(e.test.accuracy, context))); // prettier-ignore
  if (rises(accuracy, movement)) return "generalizing";
  if (test >= nearChance && falls(accuracy, movement)) return "forgetting";
  return falls(logTrend(at, window.map((e) => e.test.loss)), movement) ? "generalizing" : "memorized"; // prettier-ignore
}

interface Segment {
  readonly name: PhaseName;
  readonly from: number;
  readonly to: number;
}

function segments(names: readonly PhaseName[]): Segment[] {
  const found: Segment[] = [];
  for (const [i, name] of names.entries()) {
    const before = found.at(-1);
    if (before?.name === name) found[found.length - 1] = { ...before, to: i };
    else found.push({ name, from: i, to: i });
  }
  return found;
}

/** Phases told from a trend flip for an evaluation or two; such a flip between two stretches of one phase is no phase. */
function withoutFlicker(found: readonly Segment[]): Segment[] {
  const kept: Segment[] = [];
  for (const segment of found) {
    const middle = kept.at(-1);
    const before = kept.at(-2);
    if (middle && before?.name === segment.name && trending.has(middle.name) && middle.to - middle.from < 2) {
      kept.splice(-2, 2, { ...before, to: segment.to });
    } else kept.push(segment);
  }
  return kept;
}
const trending: ReadonlySet<PhaseName> = new Set<PhaseName>(["memorized", "generalizing", "forgetting"]);
