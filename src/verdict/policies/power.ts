import { float } from "../../options.ts";
import { censored, censorFields, definePolicy, delayFields, delayRule, firstStep, shifted } from "../policy.ts";
import { percent, steps } from "../words.ts";

/**
 * Generalized at the first step with 99 % test accuracy. The source only counts steps; whether they make a delay is
 * decided by groklab's `delayMin` and `ratioMin` against the first step with 99 % training accuracy.
 */
export const power = definePolicy({
  name: "power",
  summary: "first step with 99 % test accuracy",
  source: "Power et al., Grokking: Generalization Beyond Overfitting on Small Algorithmic Datasets (2022)",
  fields: {
    theta: float(0.99, "accuracy that counts as learned, on either half", { min: 0, max: 1 }),
    ...delayFields,
    ...censorFields,
  },
  variants: (t) => shifted(t, ["theta"]),
  judge(curve, t) {
    const fitStep = firstStep(curve, (e) => e.train.accuracy >= t.theta);
    const generalizeStep = firstStep(curve, (e) => e.test.accuracy >= t.theta);
    // Once the test data is there, a training accuracy still missing can only come later: never a delay.
    const common = { className: null, fitStep, generalizeStep, settled: generalizeStep !== null };
    const at = percent(t.theta);
    const fitted =
      fitStep === null ? `training accuracy never ${at}` : `training accuracy ${at} at step ${steps(fitStep)}`;
    if (generalizeStep === null) {
      const label = fitStep === null ? "fail" : "memorize";
      return censored(curve, t, { ...common, label, reasons: [fitted, `test accuracy never ${at}`] });
    }
    const reasons = [fitted, `test accuracy ${at} at step ${steps(generalizeStep)}`];
    if (fitStep === null) return { ...common, label: "generalize", reasons };
    const delay = delayRule(fitStep, generalizeStep, t);
    const label = delay.long ? "grok" : "generalize";
    return { ...common, label, reasons: [...reasons, delay.words], doubts: delay.doubts };
  },
});
