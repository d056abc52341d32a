export { agreement, kaplanMeier, quantile, wilson } from "./agreement.ts";
export type { Agreement, KaplanMeier, Lifetime } from "./agreement.ts";
export * as claim from "./claims.ts";
export { checkClaims, type ClaimResult, type Claim } from "./claims.ts";
export { contextOf } from "./curve.ts";
export { pairClasses, pairClassOf, type Extremes, type PairClass } from "./extremes.ts";
export { defaultPolicy, policyFor } from "./default-policy.ts";
export { canStillChange, judge, type Overrides } from "./judge.ts";
export { fitLaw, lawAt, lawText, type Law, type LawForm, type TimedPoint } from "./law.ts";
export { phaseNow, type Phase, type PhaseName } from "./phases.ts";
export { definePolicy, type Outcome, type PolicyDefinition } from "./policy.ts";
export { policies } from "./policies/index.ts";
export { lifetimeOf, spreadOf, type Spread, type Timed } from "./spread.ts";
export { runsInCells } from "./sweep-cells.ts";
export * as sweepClaim from "./sweep-claims.ts";
export { checkSweepClaims, claimedPolicies, type SweepClaim } from "./sweep-claims.ts";
export { countsIn, findVaried, settingLabel, sweepCounts, sweepLayout, sweepTable, type SettingCounts, type SettingRow, type SweepLayout, type SweepTable, type SweptRun, type Varied } from "./sweep-table.ts"; // prettier-ignore
export { timedPoints } from "./timed-points.ts";
export { labels, type Context, type Curve, type Label, type Verdict } from "./verdict.ts";
