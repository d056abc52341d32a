import { float, int, type Values } from "../../options.ts";
import { censored, censorFields, definePolicy, delayFields, delayRule, firstStep, shifted, type Outcome } from "../policy.ts"; // prettier-ignore
import { trajectory, type Trajectory } from "../trajectory.ts";
import { lastQuarter } from "../trend.ts";
import type { Curve } from "../verdict.ts";
import { count, number, percent, steps } from "../words.ts";

const fields = {
  fitMin: float(0.95, "in-domain accuracy that counts as learned", { min: 0, max: 1 }),
  crossMin: float(0.8, "accuracy on the generalization set that counts as reached, at any reading", { min: 0, max: 1 }),
  ...delayFields,
  lowMax: float(0.5, "grok needs a reading below this from fitting to crossing", { min: 0, max: 1 }),
  stableMin: float(0.9, "share of readings at or above `crossMin` after the crossing that is stable", {
    min: 0,
    max: 1,
  }),
  stableReadings: int(5, "fewest readings from the crossing on that can be called stable or unstable", { min: 2 }),
  ...censorFields,
};
type Thresholds = Values<typeof fields>;

/**
 * What a curve that swings reached, and whether it stayed there. Generalization of language models goes up and down
 * between 0 and 1 for as long as they are trained, so that the last reading is one draw of many: the published count is
 * of seeds that reach 80 % at some reading. The label says that; `stable`, `unstable` and `lost` say what came after.
 * Accuracies are as measured, not above chance: so are the published ones.
 *
 * There is no hump of the loss to ask for: it is the loss of all tokens, most of which no rule decides.
 */
export const crossing = definePolicy({
  name: "crossing",
  summary:
    "generalization accuracy 80 % at some reading, and the share of readings that stay there (for language models)",
  source:
    "Murty et al., Grokking of Hierarchical Structure in Vanilla Transformers (2023): seeds that eventually cross 80 %",
  fields,
  variants: (t) => shifted(t, ["crossMin", "lowMax"]),
  judge(curve, t) {
    const fitStep = firstStep(curve, (e) => e.train.accuracy >= t.fitMin);
    const path = trajectory(curve.evals, { threshold: t.crossMin });
    const crossed = path.firstCrossing;
    const fitted = fitStep === null ? `in-domain accuracy never ${percent(t.fitMin)}` : `in-domain accuracy ${percent(t.fitMin)} at step ${steps(fitStep)}`; // prettier-ignore
    if (crossed !== null) return reached(curve, t, path, { crossed, fitStep, fitted });
    const best = path.readings > 0 ? `, ${percent(path.max)} at best` : "";
    return censored(curve, t, {
      label: fitStep === null ? "fail" : "memorize",
      className: null,
      fitStep,
      generalizeStep: null,
      reasons: [fitted, `generalization accuracy never ${percent(t.crossMin)}${best}`],
      settled: false,
    });
  },
});

interface Crossing {
  readonly crossed: number;
  readonly fitStep: number | null;
  readonly fitted: string;
}

/** A crossing stays one whatever follows, so the label is settled; how stable it is can change until the end. */
function reached(curve: Curve, t: Thresholds, path: Trajectory, { crossed, fitStep, fitted }: Crossing): Outcome {
  const after = stability(curve, t, path);
  const common = { className: after.word, fitStep, generalizeStep: crossed, settled: true };
  const reasons = [fitted, `generalization accuracy ${percent(t.crossMin)} at step ${steps(crossed)}`];
  if (fitStep === null || fitStep >= crossed) {
    // What is fitted after the crossing can only be a shorter delay.
    return { ...common, label: "generalize", reasons: [...reasons, after.words], doubts: after.doubts };
  }
  const delay = delayRule(fitStep, crossed, t);
  const between = curve.evals.filter(({ step }) => step >= fitStep && step <= crossed).map(({ test }) => test.accuracy);
  const low = between.filter((value) => !Number.isNaN(value)).reduce((a, b) => Math.min(a, b));
  return {
    ...common,
    label: delay.long && low < t.lowMax ? "grok" : "generalize",
    reasons: [
      ...reasons,
      delay.words,
      `${percent(low)} at its lowest in between (grok below ${percent(t.lowMax)})`,
      after.words,
    ],
    doubts: [...delay.doubts, ...after.doubts],
  };
}

/** What came after the crossing. */
function stability({ evals }: Curve, t: Thresholds, path: Trajectory) {
  const readings = evals.filter((e) => e.step >= path.firstCrossing! && !Number.isNaN(e.test.accuracy));
  const share = path.shareAbove!;
  const late = evals.slice(lastQuarter(evals.map(({ step }) => step)));
  const words =
    `${percent(share)} of ${count(readings.length, "reading")} from there on (stable from ${percent(t.stableMin)}), ` +
    `the last ${percent(path.final)}; ups and downs add up to ${number(path.totalVariation)}`;
  if (readings.length < t.stableReadings) {
    const doubt = `only ${count(readings.length, "reading")} since the crossing: too few to call it stable`;
    return { word: null, words, doubts: [doubt] };
  }
  if (!late.some((e) => e.test.accuracy >= t.crossMin)) {
    const doubt = `no reading of the last quarter is at ${percent(t.crossMin)}: what it found, it lost`;
    return { word: "lost", words, doubts: [doubt] };
  }
  return { word: share >= t.stableMin ? "stable" : "unstable", words, doubts: [] };
}
