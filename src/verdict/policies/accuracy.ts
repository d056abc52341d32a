import { float, type Values } from "../../options.ts";
import { aboveChance, chanceLoss, toNats } from "../curve.ts";
import { checkHysteresis, course, hysteresisFields, type Course, type Point } from "../hysteresis.ts";
import { censored, censorFields, definePolicy, delayFields, delayRule, shifted, type Outcome } from "../policy.ts";
import { lastQuarter, median } from "../trend.ts";
import type { Curve } from "../verdict.ts";
import { count, number, overChance, percent, steps } from "../words.ts";

const fields = {
  ...hysteresisFields,
  ...delayFields,
  testAtFitMax: float(0.5, "grok needs a normalized test accuracy below this at the fit step", { min: 0, max: 1 }),
  humpMin: float(1, "grok needs a test-loss peak above this many times the initial or the chance loss", { min: 0 }),
  partialMin: float(0.1, "normalized test accuracy from which a plateau is called semi-grok", { min: 0, max: 1 }),
  ...censorFields,
};
type Thresholds = Values<typeof fields>;

/**
 * Accuracy above chance, with hysteresis. A half is learned when it stays at or above `enter` for `dwellIn` evaluations,
 * and lost when it stays below `leave` (or above `leaveLoss`) for `dwellOut`; shorter drops are slingshots: in a
 * published study all seven apparent reversions lasted one evaluation. The label says what the run can do at its end;
 * the steps say when each half was first learned.
 */
export const accuracy = definePolicy({
  name: "accuracy",
  summary: "accuracy above chance with hysteresis, a delay, and the test-loss hump (the default)",
  source: "groklab; the thresholds are its own",
  fields,
  check: checkHysteresis,
  variants: (t) => shifted(t, ["enter", "leave", "testAtFitMax"]),
  judge(curve, t) {
    const { train, test } = courses(curve, t);
    return test.inside ? generalized(curve, t, train, test) : censored(curve, t, notGeneralized(curve, t, train, test));
  },
});

/** Both halves of a curve through the hysteresis. */
export function courses(curve: Curve, t: Values<typeof hysteresisFields>): { train: Course; test: Course } {
  return { train: course(points(curve, "train"), t), test: course(points(curve, "test"), t) };
}

const points = ({ evals, context }: Curve, half: "train" | "test"): readonly Point[] =>
  evals.map((e) => ({
    step: e.step,
    accuracy: aboveChance(e[half].accuracy, context),
    loss: toNats(e[half].loss, context),
  }));

function generalized(curve: Curve, t: Thresholds, train: Course, test: Course): Outcome {
  const { fitStep, generalizeStep } = stepsOf(curve, train, test);
  const common = { fitStep, generalizeStep, settled: false };
  const reached = [
    ...fitWords(curve, train),
    `test data learned at step ${steps(generalizeStep!)}${grid(curve, test)}`,
  ];
  const regained = test.lastOut !== null;
  const doubts = [
    ...(regained ? [`it was lost at step ${steps(curve.evals[test.lastOut].step)} and learned again`] : []),
    ...(train.inside || fitStep === null ? [] : ["the training data is no longer fitted at the end"]),
    ...(test.pending > 0
      ? [`the last ${count(test.pending, "evaluation")} of the test data lie below the threshold`]
      : []),
  ];
  if (fitStep === null) {
    return {
      ...common,
      label: "generalize",
      className: null,
      reasons: [...reached, "the training data was never fitted"],
      doubts,
    };
  }
  const delay = delayRule(fitStep, generalizeStep!, t);
  const atFit = aboveChance(curve.evals[train.firstIn!].test.accuracy, curve.context);
  const hump = humpOf(curve, train.firstIn!, test.firstIn!, t);
  const grokked = delay.long && atFit < t.testAtFitMax && hump.found;
  return {
    ...common,
    label: grokked ? "grok" : "generalize",
    className: regained ? "regained" : null,
    reasons: [
      ...reached,
      delay.words,
      `test accuracy at the fit step ${overChance(atFit)} (grok below ${percent(t.testAtFitMax)})`,
      hump.words,
    ],
    doubts: [...doubts, ...delay.doubts],
  };
}

function notGeneralized(curve: Curve, t: Thresholds, train: Course, test: Course): Outcome {
  const common = { ...stepsOf(curve, train, test), settled: false };
  const lost = test.lastOut === null ? null : curve.evals[test.lastOut].step;
  const forgot =
    lost === null
      ? []
      : [`test data learned at step ${steps(common.generalizeStep!)}, lost again at step ${steps(lost)}`];
  const reasons = [...fitWords(curve, train), ...forgot];
  if (test.pending > 0) {
    const found = `test data above the threshold for the last ${count(test.pending, "evaluation")} only (${t.dwellIn} needed)`;
    return { ...common, label: "undecided", className: "censored", reasons: [...reasons, found] };
  }
  if (!train.inside) {
    if (train.firstIn === null && train.pending > 0) {
      const found = `training data above the threshold for the last ${count(train.pending, "evaluation")} only`;
      return { ...common, label: "undecided", className: "censored", reasons: [found] };
    }
    const collapsed = train.lastOut !== null;
    const words = collapsed ? [`training data lost again at step ${steps(curve.evals[train.lastOut].step)}`] : [];
    return { ...common, label: "fail", className: collapsed ? "collapse" : null, reasons: [...reasons, ...words] };
  }
  if (curve.evals.every((e) => Number.isNaN(e.test.accuracy))) {
    return { ...common, label: "undecided", className: null, reasons: [...reasons, "no test accuracy was measured"] };
  }
  const end = median(lateTestAccuracy(curve));
  const best = bestAboveChance(curve, "test");
  return {
    ...common,
    label: "memorize",
    className: lost !== null ? "ungrok" : end >= t.partialMin ? "semi-grok" : null,
    reasons: [...reasons, `test accuracy ${overChance(end)} over the last quarter, ${overChance(best)} at best`],
  };
}

/** One by one: a long run has more evaluations than a call has room for arguments. */
const bestAboveChance = ({ evals, context }: Curve, half: "train" | "test"): number =>
  evals.reduce((best, e) => Math.max(best, aboveChance(e[half].accuracy, context)), -Infinity);

const lateTestAccuracy = ({ evals, context }: Curve): readonly number[] =>
  evals.slice(lastQuarter(evals.map((e) => e.step))).map((e) => aboveChance(e.test.accuracy, context));

const stepsOf = ({ evals }: Curve, train: Course, test: Course) => ({
  fitStep: train.firstIn === null ? null : evals[train.firstIn].step,
  generalizeStep: test.firstIn === null ? null : evals[test.firstIn].step,
});

function fitWords(curve: Curve, train: Course): readonly string[] {
  if (train.firstIn !== null) {
    return [`training data fitted at step ${steps(curve.evals[train.firstIn].step)}${grid(curve, train)}`];
  }
  const best = bestAboveChance(curve, "train");
  return [`training data never fitted (accuracy ${overChance(best)} at best)`];
}

/** A step is known to within one interval of the evaluations. */
function grid({ evals }: Curve, { firstIn }: Course): string {
  return firstIn === 0 ? " (the first evaluated)" : ` (${steps(evals[firstIn! - 1].step)} not yet)`;
}

/**
 * The hump: between fitting and generalizing the test loss stands above what the untrained network, or a guess, has.
 * It tells memorization from a test accuracy that is merely late.
 */
function humpOf({ evals, context }: Curve, fit: number, generalize: number, t: Thresholds) {
  const between = evals.slice(fit, Math.max(fit, generalize) + 1).filter((e) => !Number.isNaN(e.test.loss));
  const peak = between.reduce((a, b) => (b.test.loss > a.test.loss ? b : a), between[0] ?? evals[fit]);
  const height = toNats(peak.test.loss, context);
  const initial = toNats(evals[0].test.loss, context);
  const chance = chanceLoss(context);
  const found = height > t.humpMin * Math.min(initial, chance);
  const where = `test loss from fit to generalization at most ${number(height)} nats (step ${steps(peak.step)})`;
  return {
    found,
    words: `${where}, ${found ? "above" : "not above"} the initial ${number(initial)} or the chance loss ${number(chance)}`,
  };
}
