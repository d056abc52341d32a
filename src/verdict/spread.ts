import { kaplanMeier, quantile, type Lifetime } from "./agreement.ts";
import type { Verdict } from "./verdict.ts";

/** What is needed of a verdict to count it over seeds. */
export type Counted = Pick<Verdict, "label" | "className" | "fitStep" | "generalizeStep" | "lastStep">;
/** What can be timed over seeds. */
export type Timed = "fitStep" | "generalizeStep" | "delay";

/**
 * Middle and spread of a time over seeds, runs cut off before the event counted for as long as they were watched
 * (Kaplan-Meier): a quantile is null where censoring leaves it open.
 */
export interface Spread {
  readonly median: number | null;
  readonly q25: number | null;
  readonly q75: number | null;
  /** 95 % interval of the median. */
  readonly medianInterval: readonly [number | null, number | null];
  /** Runs that had the event. */
  readonly observed: number;
  /** Runs that were watched and did not have it. */
  readonly censored: number;
}

export function spreadOf(lifetimes: readonly Lifetime[]): Spread {
  const estimate = kaplanMeier(lifetimes);
  const observed = lifetimes.filter((life) => life.observed).length;
  return {
    median: estimate.median,
    q25: quantile(estimate, 0.25),
    q75: quantile(estimate, 0.75),
    medianInterval: estimate.medianInterval,
    observed,
    censored: lifetimes.length - observed,
  };
}

/**
 * One verdict in the clock of this time; undefined for a run that was never watched. The clock of the delay starts when
 * the training data is fitted: a run that never fitted it has no delay to wait for and is left out.
 */
export function lifetimeOf({ fitStep, generalizeStep, lastStep }: Counted, of: Timed): Lifetime | undefined {
  if (of !== "delay") {
    const step = of === "fitStep" ? fitStep : generalizeStep;
    if (step !== null) return { step, observed: true };
    return lastStep === null ? undefined : { step: lastStep, observed: false };
  }
  if (fitStep === null) return undefined;
  if (generalizeStep !== null) return { step: generalizeStep - fitStep, observed: true };
  return lastStep === null ? undefined : { step: lastStep - fitStep, observed: false };
}
