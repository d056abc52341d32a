import { float } from "../../options.ts";
import { publishedLoss } from "../curve.ts";
import { extremesOf, pairClasses, pairClassOf } from "../extremes.ts";
import { censorFields, definePolicy, firstStep, stillImproving } from "../policy.ts";
import { number } from "../words.ts";

const fields = {
  m: float(1e-5, "loss that counts as learned, in the published unit", { min: 0, exclusiveMin: true }),
  r: float(5e4, "test/train loss ratio from which it is grokking", { min: 0, exclusiveMin: true }),
};

/**
 * The published four-way class, by losses alone. With minima and the largest ratio test/train over all evaluations:
 * minTrain > m: High Train Loss; else minTest > m: High Test Loss; else maxRatio < r: Train/Test Drop Together; else
 * Grokking. The order of the rules matters. There is no delay in it, a network that generalizes and later forgets counts
 * as generalizing, and a finished run is never undecided: it is kept as published, so that tables can be compared.
 */
export const pair = definePolicy({
  name: "pair",
  summary: "published four-way class from the smallest losses and the largest test/train ratio",
  source: 'PAIR explorable "Do Machine Learning Models Memorize or Generalize?" (Google, 2023), its visualization code',
  fields,
  variants: (t) => [2, 1 / 2].flatMap((by) => [{ ...t, m: t.m * by }, { ...t, r: t.r * by }]), // prettier-ignore
  judge(curve, { m, r }) {
    const { evals, context } = curve;
    const extremes = extremesOf(evals, context);
    const [minTrain, minTest, maxRatio] = [extremes.minTrain, extremes.minTest, extremes.maxRatio].map(
      (value) => value ?? Infinity,
    );
    const className = pairClassOf(extremes, { m, r });
    const label = pairClasses[className];
    const half = label === "fail" ? "train" : "test";
    const moving = label === "memorize" || label === "fail" ? stillImproving(curve, defaults, half) : null;
    return {
      label,
      className,
      fitStep: firstStep(curve, (e) => publishedLoss(e.train.loss, context) <= m),
      generalizeStep: firstStep(curve, (e) => publishedLoss(e.test.loss, context) <= m),
      reasons: [
        `published class "${className}"`,
        `smallest train loss ${number(minTrain)}, smallest test loss ${number(minTest)} (learned up to ${number(m)}; published unit)`,
        `largest test/train ratio ${number(maxRatio)} (grokking from ${number(r)})`,
      ],
      doubts: moving ? [`${moving}; the published rule does not look at that`] : [],
      // Minima only fall and the maximum only rises: a run leaves every class but the last.
      settled: className === "Grokking",
    };
  },
});

const defaults = { fallMin: censorFields.fallMin.default, riseMin: censorFields.riseMin.default };
