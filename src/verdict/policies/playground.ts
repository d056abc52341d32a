import { float } from "../../options.ts";
import { censored, censorFields, definePolicy, firstStep, shifted } from "../policy.ts";
import { percent, steps } from "../words.ts";

/** Where both accuracies stand at the end. There is no delay in it: immediate generalization counts as grokked too. */
export const playground = definePolicy({
  name: "playground",
  summary: "both accuracies high at the end, without any delay",
  source: "a public in-browser playground for grokking, its code",
  fields: {
    trainMin: float(0.95, "training accuracy above which the training data is learned", { min: 0, max: 1 }),
    testMin: float(0.9, "test accuracy above which it has grokked", { min: 0, max: 1 }),
    ...censorFields,
  },
  variants: (t) => shifted(t, ["trainMin", "testMin"]),
  judge(curve, t) {
    const last = curve.evals.at(-1)!;
    const common = {
      fitStep: firstStep(curve, (e) => e.train.accuracy > t.trainMin),
      generalizeStep: firstStep(curve, (e) => e.train.accuracy > t.trainMin && e.test.accuracy > t.testMin),
      reasons: [
        `at step ${steps(last.step)}: training accuracy ${percent(last.train.accuracy)} (above ${percent(t.trainMin)} needed), ` +
          `test accuracy ${percent(last.test.accuracy)} (above ${percent(t.testMin)} needed)`,
      ],
      settled: false,
    };
    if (!(last.train.accuracy > t.trainMin)) return censored(curve, t, { ...common, label: "fail", className: null });
    if (!(last.test.accuracy > t.testMin)) return censored(curve, t, { ...common, label: "memorize", className: null });
    const doubts = ["this rule asks for no delay: immediate generalization counts as grokked"];
    return { ...common, label: "grok", className: "grokked", doubts };
  },
});
