import { exp } from "../rng/functions.ts";
import { float, int, type Fields, type Values } from "../options.ts";
import type { Eval } from "../train/eval.ts";
import { falls, lastQuarter, logTrend, minPoints, rises, trend, type Trend } from "./trend.ts";
import type { Curve, Label } from "./verdict.ts";
import { aboveChance } from "./curve.ts";
import { count, number, percent, steps } from "./words.ts";

/** What a policy says of a curve, as if every planned step were done. `judge` adds the rest of the Verdict. */
export interface Outcome {
  readonly label: Exclude<Label, "diverged">;
  readonly className: string | null;
  readonly fitStep: number | null;
  readonly generalizeStep: number | null;
  readonly reasons: readonly string[];
  readonly doubts?: readonly string[];
  /** No evaluation that may follow, not even a divergence, can change the label. */
  readonly settled: boolean;
}

/** One way of deciding what a run did. */
export interface PolicyDefinition<F extends Fields = Fields> {
  readonly name: string;
  /** One sentence for lists. */
  readonly summary: string;
  readonly source: string;
  /** Thresholds, all of them numbers: they are written on the verdict. */
  readonly fields: F;
  /** Gets at least two evaluations. */
  readonly judge: (curve: Curve, thresholds: Values<F>) => Outcome;
  /** Neighboring thresholds under which a robust label stays the same. */
  readonly variants: (thresholds: Values<F>) => readonly Values<F>[];
  /** @throws UsageError when the thresholds contradict each other */
  readonly check?: (thresholds: Values<F>) => void;
}

/** Declare a policy. Keeps the fields' types for `judge`, forgets them for the registry. */
export function definePolicy<const F extends Fields>(definition: PolicyDefinition<F>): PolicyDefinition {
  return definition as unknown as PolicyDefinition;
}

/** Shift these accuracy thresholds together by +-.03, kept between 0 and 1. */
export const shifted = <T extends Readonly<Record<string, unknown>>>(t: T, names: readonly (keyof T)[]): readonly T[] =>
  [0.03, -0.03].map((by) => ({
    ...t,
    ...Object.fromEntries(names.map((name) => [name, Math.min(1, Math.max(0, (t[name] as number) + by))])),
  }));

/** Step of the first evaluation of which this holds. */
export const firstStep = (curve: Curve, holds: (e: Eval) => boolean): number | null =>
  curve.evals.find(holds)?.step ?? null;

/** When generalizing counts as delayed. */
export const delayFields = {
  delayMin: int(200, "fewest steps from fitting to generalizing that count as a delay", { min: 1 }),
  ratioMin: float(3, "smallest ratio of the two steps that counts as a delay", { min: 1 }),
};

/** Is the delay long enough? With the numbers in words, and a doubt where it is within a quarter of the border. */
export function delayRule(fit: number, generalized: number, t: Values<typeof delayFields>) {
  const delay = generalized - fit;
  // Fitted at step 0: the ratio has no bound, and the delay alone decides.
  const ratio = fit > 0 ? generalized / fit : Infinity;
  const words =
    `delay ${count(delay, "step")} (grok from ${steps(t.delayMin)}), ` +
    (fit > 0 ? `ratio ${number(ratio)} (grok from ${number(t.ratioMin)})` : "fitted at step 0, so no ratio");
  const near = (value: number, border: number) => value >= border / 1.25 && value < border * 1.25;
  const borderline = near(delay, t.delayMin) || near(ratio, t.ratioMin);
  return {
    long: delay >= t.delayMin && ratio >= t.ratioMin,
    words,
    doubts: borderline ? ["delay or ratio lies within a quarter of its threshold: a borderline case"] : [],
  };
}

/** When a run that has not generalized counts as still on its way. */
export const censorFields = {
  fallMin: float(0.01, "fall of ln(loss) over the last quarter of the run from which it still improves", { min: 0 }),
  riseMin: float(0.02, "rise of normalized accuracy over the last quarter from which it still improves", { min: 0 }),
};
export type Censoring = Values<typeof censorFields>;

/**
 * A run that still improves when its steps end has not shown that it never generalizes: `memorize` and `fail` become
 * `undecided` (right-censored: no transition by the last step). It still improves when, over the last quarter of its
 * steps (at least five evaluations), the test loss falls or the test accuracy rises; for `fail`, those of the training
 * data. Falling means: Theil-Sen slope of ln(loss) times the window at most -fallMin, and Kendall's tau at most -.5.
 */
export function censored(curve: Curve, t: Censoring, outcome: Outcome): Outcome {
  if (outcome.label !== "memorize" && outcome.label !== "fail") return outcome;
  const why = stillImproving(curve, t, outcome.label === "fail" ? "train" : "test");
  if (why === null) return outcome;
  return {
    ...outcome,
    label: "undecided",
    className: outcome.className ?? "censored",
    reasons: [...outcome.reasons, why],
  };
}

/** Why it cannot be called finished, in words; null when it is flat or getting worse. */
export function stillImproving({ evals, context }: Curve, t: Censoring, half: "train" | "test"): string | null {
  const window = evals.slice(lastQuarter(evals.map((e) => e.step)));
  const at = window.map((e) => e.step);
  const loss = logTrend(at, window.map((e) => e[half].loss)); // prettier-ignore
  const accuracy = trend(at, window.map((e) => aboveChance(e[half].accuracy, context))); // prettier-ignore
  if (loss === null && accuracy === null) {
    return evals.length < minPoints
      ? `only ${count(evals.length, "evaluation")}: too few to tell whether it still improves`
      : `no ${half} loss was measured`;
  }
  const moving = improvement(half, loss, accuracy, t);
  if (moving === null) return null;
  return `${moving} over the last quarter (from step ${steps(at[0])}): no transition by step ${steps(at[at.length - 1])}`;
}

function improvement(half: string, loss: Trend | null, accuracy: Trend | null, t: Censoring): string | null {
  const name = half === "train" ? "training" : half;
  if (falls(loss, t.fallMin)) return `${name} loss still falls, by ${percent(1 - exp(loss!.change))}`;
  if (rises(accuracy, t.riseMin)) return `${name} accuracy still rises, by ${percent(accuracy!.change)}`;
  return null;
}
