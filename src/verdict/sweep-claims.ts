import { suggestion, UsageError, type Value } from "../options.ts";
import { sweepChecks } from "./sweep-claim-checks.ts";
import type { ClaimResult } from "./claims.ts";
import type { LawForm } from "./law.ts";
import type { Timed } from "./spread.ts";
import type { SweptRun } from "./sweep-table.ts";
import type { Label } from "./verdict.ts";

/**
 * Cells of a sweep: for the named hyperparameters (full or short names, or `seed`) the values that are meant; all others
 * are free. `{}` is the whole sweep.
 */
export type Cells = Readonly<Record<string, Value | readonly Value[]>>;

/** Runs with this label, or with one of several; or with a policy's own word. */
export type What = Label | readonly Label[] | { readonly className: string };

interface Counted {
  readonly what: What;
  readonly cells: Cells;
  /** Rule of the verdicts counted; the sweep's own by default. */
  readonly policy?: string;
}

/** What can be ranked over settings: the larger share, or the shorter median time, is the better one. */
export type Ranked = "generalized" | Timed;

/**
 * What a sweep expects, as data: each function here makes one claim over the table of its runs, a plain object that says
 * in words what it claims and what it found. Every claim also fails where one of its runs has no verdict yet.
 */
export type SweepClaim =
  | ({ readonly kind: "share"; readonly low: number; readonly high: number } & Counted)
  | ({ readonly kind: "total"; readonly from: number; readonly to: number } & Counted)
  | ({ readonly kind: "agree"; readonly k: number; readonly exceptions: number } & Counted)
  | { readonly kind: "best"; readonly of: Ranked; readonly axis: string; readonly value: Value; readonly cells: Cells }
  | {
      readonly kind: "order";
      readonly of: Ranked;
      readonly axis: string;
      readonly values: readonly Value[];
      readonly cells: Cells;
    }
  | {
      readonly kind: "median";
      readonly of: Timed;
      readonly from: number;
      readonly to: number;
      readonly cells: Cells;
    }
  | {
      readonly kind: "law";
      readonly of: Timed;
      readonly axis: string;
      readonly form: LawForm;
      readonly low: number;
      readonly high: number;
      readonly cells: Cells;
    };

/** A sweep to be checked. */
export interface ClaimedSweep {
  /** Every run the sweep has, trained or not, with its place on the axes. */
  readonly runs: readonly SweptRun[];
  /** The same runs with verdicts of another policy; needed only where a claim names one. */
  readonly judgedBy?: ((policy: string) => readonly SweptRun[]) | undefined;
}

/** Check each claim against the runs, in order. @throws UsageError for a claim of an unknown kind or hyperparameter */
export function checkSweepClaims(claims: readonly SweepClaim[], sweep: ClaimedSweep): ClaimResult[] {
  return claims.map((claim) => {
    const known = Object.keys(sweepChecks);
    if (!Object.hasOwn(sweepChecks, claim.kind))
      throw new UsageError(`unknown claim "${claim.kind}"; known: ${known.join(", ")}${suggestion(claim.kind, known)}`);
    const { words, check } = sweepChecks[claim.kind] as unknown as {
      words: (claim: SweepClaim) => readonly [subject: string, expected: string];
      check: (claim: SweepClaim, sweep: ClaimedSweep) => Pick<ClaimResult, "holds" | "found">;
    };
    const [subject, expected] = words(claim);
    return { claim: `${subject} ${expected}`, expected, ...check(claim, sweep) };
  });
}

/** Policies, besides the sweep's own, whose verdicts the claims need. */
export const claimedPolicies = (claims: readonly SweepClaim[]): readonly string[] => [
  ...new Set(claims.flatMap((claim) => ("policy" in claim && claim.policy !== undefined ? [claim.policy] : []))),
];

interface Options {
  readonly policy?: string;
}

/** Of the runs in these cells, the share from `low` to `high` is this. */
export const shareBetween = (
  what: What,
  cells: Cells,
  low: number,
  high: number,
  options: Options = {},
): SweepClaim => ({
  kind: "share",
  what,
  cells,
  ...ordered({ low, high }, low, high),
  ...options,
});

/** So many runs in these cells are this. */
export const totalBetween = (
  what: What,
  cells: Cells,
  from: number,
  to: number,
  options: Options = {},
): SweepClaim => ({
  kind: "total",
  what,
  cells,
  ...ordered({ from, to }, from, to),
  ...options,
});

/** In each setting of these cells, at least k of the seeds are this; `exceptions` settings may differ. */
export const agree = (
  what: What,
  cells: Cells,
  k: number,
  options: Options & { readonly exceptions?: number } = {},
): SweepClaim => ({ kind: "agree", what, cells, k, exceptions: 0, ...options });

/** Of the values on this axis, this one is best: generalizes most often, or soonest. */
export const bestIs = (of: Ranked, axis: string, value: Value, cells: Cells = {}): SweepClaim => ({
  kind: "best",
  of,
  axis,
  value,
  cells,
});

/** The values on this axis, from the best to the worst; ties count as in order. */
export const inOrder = (of: Ranked, axis: string, values: readonly Value[], cells: Cells = {}): SweepClaim => ({
  kind: "order",
  of,
  axis,
  values,
  cells,
});

/** Median over the runs of these cells, those cut off counted as censored. */
export const medianBetween = (of: Timed, cells: Cells, from: number, to: number): SweepClaim => ({
  kind: "median",
  of,
  cells,
  ...ordered({ from, to }, from, to),
});

/** The time follows a law in this hyperparameter whose exponent (or rate) lies in this range, its error included. */
export const lawBetween = (
  of: Timed,
  axis: string,
  low: number,
  high: number,
  { form = "power", cells = {} }: { readonly form?: LawForm; readonly cells?: Cells } = {},
): SweepClaim => ({ kind: "law", of, axis, form, cells, ...ordered({ low, high }, low, high) });

function ordered<T>(range: T, low: number, high: number): T {
  if (low <= high) return range;
  throw new UsageError(`a range from ${low} to ${high} holds nothing; give the smaller end first`);
}
