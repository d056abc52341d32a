import { float } from "../../options.ts";
import { aboveChance } from "../curve.ts";
import { censored, censorFields, definePolicy, delayFields, delayRule, shifted } from "../policy.ts";
import type { Curve } from "../verdict.ts";
import { number, percent, steps } from "../words.ts";

/**
 * A half is learned at the first step within 1 % of the best accuracy of the run. The source fixes the step only; that
 * the best must be at least halfway from chance to perfect, and which delay is a grok, are groklab's.
 */
export const plateau = definePolicy({
  name: "plateau",
  summary: "first step within 1 % of the run's best accuracy",
  source: "Essential AI",
  fields: {
    within: float(0.01, "share of the best accuracy that may be missing", { min: 0, max: 1 }),
    learnedMin: float(0.5, "chance-normalized best accuracy that counts as learned at all", { min: 0, max: 1 }),
    ...delayFields,
    ...censorFields,
  },
  variants: (t) => shifted(t, ["learnedMin"]),
  judge(curve, t) {
    const train = topOf(curve, "train", t);
    const test = topOf(curve, "test", t);
    const fitStep = train.step;
    const generalizeStep = test.step;
    // A later evaluation can be better than the best so far, and move the step.
    const common = { className: null, fitStep, generalizeStep, settled: false };
    const reasons = [train.words, test.words];
    if (generalizeStep === null) {
      return censored(curve, t, { ...common, label: fitStep === null ? "fail" : "memorize", reasons });
    }
    if (fitStep === null) return { ...common, label: "generalize", reasons };
    const delay = delayRule(fitStep, generalizeStep, t);
    const label = delay.long ? "grok" : "generalize";
    return { ...common, label, reasons: [...reasons, delay.words], doubts: delay.doubts };
  },
});

function topOf({ evals, context }: Curve, half: "train" | "test", t: { within: number; learnedMin: number }) {
  const name = half === "train" ? "training" : half;
  const best = evals.reduce((top, e) => (e[half].accuracy > top ? e[half].accuracy : top), -Infinity);
  if (!(aboveChance(best, context) >= t.learnedMin)) {
    return {
      step: null,
      words: `best ${name} accuracy ${percent(best)}: less than ${number(t.learnedMin)} of the way from chance`,
    };
  }
  const step = evals.find((e) => e[half].accuracy >= best * (1 - t.within))!.step;
  return {
    step,
    words: `best ${name} accuracy ${percent(best)}, within ${percent(t.within)} of it at step ${steps(step)}`,
  };
}
