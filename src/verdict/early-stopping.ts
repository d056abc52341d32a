import type { Eval } from "../train/eval.ts";

/** A rule by which somebody who looks at in-domain data alone would stop. Indices count evaluations; -1: it never stops. */
export interface StopRule {
  readonly name: string;
  readonly stopAt: (evals: readonly Eval[]) => number;
}

/** The first evaluation whose in-domain accuracy is at least so much. */
export const accuracyAtLeast = (least: number): StopRule => ({
  name: `in-domain accuracy >= ${Math.round(least * 1e4) / 100} %`,
  stopAt: (evals) => evals.findIndex(({ train }) => train.accuracy >= least),
});

/** The last of so many evaluations in a row without a lower in-domain loss. */
export const lossPatience = (patience: number): StopRule => ({
  name: `in-domain loss no lower for ${patience} evaluations`,
  stopAt: (evals) => {
    let best = Infinity;
    let since = 0;
    return evals.findIndex(({ train }) => {
      since = train.loss < best ? 0 : since + 1;
      best = Math.min(best, train.loss);
      return since >= patience;
    });
  },
});

/** Never before the run's end. */
export const trainOn: StopRule = { name: "train on to the end", stopAt: (evals) => evals.length - 1 };

/** Accuracies as in the published comparison, two rules of practice, and the end. */
export const stopRules: readonly StopRule[] = [
  ...[0.95, 0.99, 0.995, 1].map(accuracyAtLeast),
  lossPatience(3),
  lossPatience(10),
  trainOn,
];

/** What a rule would have reported of runs that differ in their seed. */
export interface EarlyStop {
  readonly rule: string;
  readonly runs: number;
  /** Runs that the rule stopped. The columns below are over these alone; null where there is none. */
  readonly stopped: number;
  /** Mean step of the stop. */
  readonly step: number | null;
  /** Generalization accuracy at the stop. */
  readonly mean: number | null;
  readonly median: number | null;
  readonly min: number | null;
  readonly max: number | null;
}

/**
 * The table of early stopping against training on: for each rule, where it stops and how good the network is there on the
 * generalization set.
 */
export function earlyStopTable(
  runs: readonly (readonly Eval[])[],
  rules: readonly StopRule[] = stopRules,
): readonly EarlyStop[] {
  return rules.map(({ name, stopAt }) => {
    const stops = runs.flatMap((evals) => {
      const at = stopAt(evals);
      return at < 0 ? [] : [evals[at]];
    });
    const values = stops.map(({ test }) => test.accuracy).sort((a, b) => a - b);
    const mean = (of: readonly number[]): number => of.reduce((a, b) => a + b, 0) / of.length;
    const middle = values.length / 2;
    const columns =
      values.length === 0
        ? { step: null, mean: null, median: null, min: null, max: null }
        : {
            step: mean(stops.map(({ step }) => step)),
            mean: mean(values),
            median: (values[Math.ceil(middle) - 1] + values[Math.floor(middle)]) / 2,
            min: values[0],
            max: values[values.length - 1],
          };
    return { rule: name, runs: runs.length, stopped: stops.length, ...columns };
  });
}
