import { float } from "../../options.ts";
import { censored, censorFields, definePolicy, firstStep, shifted } from "../policy.ts";
import { count, percent, steps } from "../words.ts";

/**
 * Training accuracy about 1 first, then the first step at which test accuracy reaches 95 %. Any delay at all is a grok;
 * test accuracy that is there already when the training data is fitted is not.
 */
export const muon = definePolicy({
  name: "muon",
  summary: "training accuracy about 1 first, then test accuracy 95 %",
  source: "Tveit et al., Muon Optimizer Accelerates Grokking (2025)",
  fields: {
    trainMin: float(0.99, "training accuracy that counts as about 1", { min: 0, max: 1 }),
    testMin: float(0.95, "test accuracy that counts as learned", { min: 0, max: 1 }),
    ...censorFields,
  },
  variants: (t) => shifted(t, ["trainMin", "testMin"]),
  judge(curve, t) {
    const fitStep = firstStep(curve, (e) => e.train.accuracy >= t.trainMin);
    const generalizeStep =
      fitStep === null ? null : firstStep(curve, (e) => e.step >= fitStep && e.test.accuracy >= t.testMin);
    const common = { className: null, fitStep, generalizeStep, settled: generalizeStep !== null };
    if (fitStep === null) {
      const reasons = [`training accuracy never ${percent(t.trainMin)}`];
      return censored(curve, t, { ...common, label: "fail", reasons });
    }
    const fitted = `training accuracy ${percent(t.trainMin)} at step ${steps(fitStep)}`;
    if (generalizeStep === null) {
      const reasons = [fitted, `test accuracy never ${percent(t.testMin)} from there on`];
      return censored(curve, t, { ...common, label: "memorize", reasons });
    }
    const delay = generalizeStep - fitStep;
    return {
      ...common,
      label: delay > 0 ? "grok" : "generalize",
      reasons: [fitted, `test accuracy ${percent(t.testMin)} at step ${steps(generalizeStep)}`],
      doubts: delay > 0 ? [`the rule asks for no least delay; here it is ${count(delay, "step")}`] : [],
    };
  },
});
