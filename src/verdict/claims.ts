import { suggestion, UsageError } from "../options.ts";
import type { Eval } from "../train/eval.ts";
import type { Plan } from "../train/experiment.ts";
import { checks, type Found } from "./claim-checks.ts";
import type { PhaseName } from "./phases.ts";
import type { Context, Label, Verdict } from "./verdict.ts";

/**
 * What an experiment expects of its run, as data: each function here makes one claim, a plain object that says in words
 * what it claims and what it found. Values are in the run's own unit (`training.loss`); steps are evaluated steps.
 */
export type Claim =
  | { readonly kind: "verdictIs"; readonly labels: readonly Label[]; readonly policy?: string }
  | { readonly kind: "classIs"; readonly className: string; readonly policy?: string }
  | ({ readonly kind: "stepBetween"; readonly of: VerdictStep } & StepRange)
  | { readonly kind: "atLeast"; readonly of: "delay" | "ratio"; readonly value: number }
  | { readonly kind: "robust" }
  | { readonly kind: "phases"; readonly names: readonly PhaseName[] }
  | ({ readonly kind: "valueAt"; readonly step: number; readonly series: Series; readonly value: number } & Tolerance)
  | ({
      readonly kind: "compare";
      readonly when: When;
      readonly series: Series;
      readonly op: Op;
      readonly value: number;
    } & Within)
  | ({ readonly kind: "extreme"; readonly extreme: "max" | "min"; readonly series: Series } & ValueRange)
  | ({
      readonly kind: "gapAlways";
      readonly a: Series;
      readonly b: Series;
      readonly op: Op;
      readonly value: number;
    } & Within)
  | { readonly kind: "swings"; readonly series: Series; readonly pattern: readonly Swing[]; readonly factor: number }
  | ({ readonly kind: "firstReach"; readonly series: Series; readonly value: number } & StepRange);

/** What an Eval measures. */
export const seriesNames = ["train.loss", "train.accuracy", "test.loss", "test.accuracy", "normL1", "normL2"] as const;
export type Series = (typeof seriesNames)[number] | `measures.${string}`;
export type VerdictStep = "fitStep" | "generalizeStep" | "delay";
export type Op = "<" | "<=" | ">" | ">=";
export type When = "ever" | "always" | "final";
export type Swing = "fall" | "rise";
/** Relative to the claimed value, or in its unit. */
export type Tolerance = { readonly within: number } | { readonly absolute: number };
export interface StepRange {
  readonly from: number;
  readonly to: number;
}
export interface ValueRange {
  readonly low: number;
  readonly high: number;
}
/** Steps looked at, both included; all of them by default. */
export interface Within {
  readonly from?: number;
  readonly to?: number;
}

export interface ClaimResult {
  /** The claim in words. */
  readonly claim: string;
  readonly holds: boolean;
  readonly found: string;
  readonly expected: string;
}

export interface ClaimedRun {
  readonly verdict: Verdict;
  readonly evals: readonly Eval[];
  readonly plan?: Plan | undefined;
  /** Needed only where a claim names another policy than the verdict's. */
  readonly context?: Context | undefined;
}

/** Check each claim against a run, in order. @throws UsageError for a claim of an unknown kind */
export function checkClaims(claims: readonly Claim[], run: ClaimedRun): ClaimResult[] {
  return claims.map((claim) => {
    if (!Object.hasOwn(checks, claim.kind)) {
      const known = Object.keys(checks);
      throw new UsageError(`unknown claim "${claim.kind}"; known: ${known.join(", ")}${suggestion(claim.kind, known)}`);
    }
    const { words, check } = checks[claim.kind] as unknown as {
      words: (claim: Claim) => readonly [subject: string, expected: string];
      check: (claim: Claim, run: ClaimedRun) => Found;
    };
    const [subject, expected] = words(claim);
    return { claim: `${subject} ${expected}`, expected, ...check(claim, run) };
  });
}

/** The label, or one of several; of the run's own policy unless another is named. */
export const verdictIs = (label: Label | readonly Label[], options: { readonly policy?: string } = {}): Claim => ({
  kind: "verdictIs",
  labels: typeof label === "string" ? [label] : label,
  ...options,
});
/** The policy's own word, e.g. `classIs("Grokking", { policy: "pair" })`. */
export const classIs = (className: string, options: { readonly policy?: string } = {}): Claim => ({
  kind: "classIs",
  className,
  ...options,
});
export const stepBetween = (of: VerdictStep, from: number, to: number): Claim => ({
  kind: "stepBetween",
  of,
  ...ordered({ from, to }, from, to),
});
export const ratioAtLeast = (value: number): Claim => ({ kind: "atLeast", of: "ratio", value });
export const delayAtLeast = (value: number): Claim => ({ kind: "atLeast", of: "delay", value });
/** The label holds on coarser grids and with neighboring thresholds. */
export const isRobust = (): Claim => ({ kind: "robust" });
/** These phases come in this order; others may lie between them. */
export const phasesInOrder = (...names: readonly PhaseName[]): Claim => ({ kind: "phases", names });

/** A value at an evaluated step, e.g. `valueAt(1000, "test.loss", 1.41, { within: 0.05 })`. */
export const valueAt = (step: number, series: Series, value: number, tolerance: Tolerance): Claim => ({
  kind: "valueAt",
  step,
  series,
  value,
  ...tolerance,
});
const compare =
  (when: When, op: Op) =>
  (series: Series, value: number, steps: Within = {}): Claim => ({
    kind: "compare",
    when,
    series,
    op,
    value,
    ...steps,
  });
export const everAbove = compare("ever", ">");
export const everBelow = compare("ever", "<");
export const alwaysAtLeast = compare("always", ">=");
export const alwaysAtMost = compare("always", "<=");
export const finalAbove = compare("final", ">");
export const finalBelow = compare("final", "<");
export const maxBetween = (series: Series, low: number, high: number): Claim => ({
  kind: "extreme",
  extreme: "max",
  series,
  ...ordered({ low, high }, low, high),
});
export const minBetween = (series: Series, low: number, high: number): Claim => ({
  kind: "extreme",
  extreme: "min",
  series,
  ...ordered({ low, high }, low, high),
});
/** The absolute difference of two series, at every evaluation. */
export const gapAlways = (a: Series, b: Series, op: Op, value: number, steps: Within = {}): Claim => ({
  kind: "gapAlways",
  a,
  b,
  op,
  value,
  ...steps,
});

const swings =
  (...pattern: readonly Swing[]) =>
  (series: Series, { factor }: { readonly factor: number }): Claim => {
    if (!(factor > 1)) throw new UsageError(`factor: ${factor} is not allowed; give a number above 1`);
    return { kind: "swings", series, pattern, factor };
  };
/** Falls by this factor somewhere, and rises by it later. */
export const fallsThenRises = swings("fall", "rise");
export const risesThenFalls = swings("rise", "fall");
export const fallsThenRisesThenFalls = swings("fall", "rise", "fall");

/** First evaluated step at the value: losses come down to it, everything else comes up to it. */
export const firstReach = (series: Series, value: number, from: number, to: number): Claim => ({
  kind: "firstReach",
  series,
  value,
  ...ordered({ from, to }, from, to),
});

function ordered<T>(range: T, low: number, high: number): T {
  if (low <= high) return range;
  throw new UsageError(`a range from ${low} to ${high} holds nothing; give the smaller end first`);
}
