import { float, int } from "../../options.ts";
import { censored, censorFields, definePolicy, firstStep, shifted } from "../policy.ts";
import { count, percent, steps } from "../words.ts";

/**
 * Four phases from the first steps at which each accuracy reaches 90 %: confusion (train never), memorization (test
 * never), comprehension (less than 1,000 steps apart), grokking (more).
 */
export const liu = definePolicy({
  name: "liu",
  summary: "comprehension, grokking, memorization, confusion from the first steps at 90 % accuracy",
  source: "Liu et al., Towards Understanding Grokking: An Effective Theory of Representation Learning (2022)",
  fields: {
    theta: float(0.9, "accuracy that counts as learned, on either half", { min: 0, max: 1 }),
    delayMin: int(1000, "fewest steps between the halves that make it grokking", { min: 1 }),
    ...censorFields,
  },
  variants: (t) => shifted(t, ["theta"]),
  judge(curve, t) {
    const fitStep = firstStep(curve, (e) => e.train.accuracy >= t.theta);
    const generalizeStep = firstStep(curve, (e) => e.test.accuracy >= t.theta);
    const reached = (half: string, step: number | null) =>
      `${half} accuracy ${step === null ? "never reached" : `reached at step ${steps(step)}:`} ${percent(t.theta)}`;
    const common = { fitStep, generalizeStep, settled: fitStep !== null && generalizeStep !== null };
    const reasons = [reached("training", fitStep), reached("test", generalizeStep)];
    if (fitStep === null) return censored(curve, t, { ...common, label: "fail", className: "confusion", reasons });
    if (generalizeStep === null) {
      return censored(curve, t, { ...common, label: "memorize", className: "memorization", reasons });
    }
    const delay = generalizeStep - fitStep;
    const late = delay >= t.delayMin;
    return {
      ...common,
      label: late ? "grok" : "generalize",
      className: late ? "grokking" : "comprehension",
      reasons: [...reasons, `${count(delay, "step")} apart (grokking from ${steps(t.delayMin)})`],
    };
  },
});
