import { named, resolve } from "../options.ts";
import type { Eval } from "../train/eval.ts";
import { curveOf } from "./curve.ts";
import { defaultPolicy } from "./default-policy.ts";
import { extremesOf } from "./extremes.ts";
import { countSpans, hysteresisFields, type Hysteresis } from "./hysteresis.ts";
import { phasesOf } from "./phases.ts";
import type { Outcome, PolicyDefinition } from "./policy.ts";
import { courses } from "./policies/accuracy.ts";
import { policies } from "./policies/index.ts";
import { robustness } from "./robust.ts";
import type { Context, Curve, Label, Verdict } from "./verdict.ts";
import { steps } from "./words.ts";

/** Thresholds that differ from a policy's defaults. */
export type Overrides = Readonly<Record<string, unknown>>;

/**
 * What a run did.
 *
 * Rules that hold for every policy, around its own: a divergence decides unless the label was settled before it; without
 * two evaluations nothing is decided; and while planned steps are missing there is no `memorize` and no `fail`, because
 * those say something about all steps.
 *
 * @param policy by default that of the context, which for language models is another one
 * @param evals one per evaluated step; out of order and twice the same step is mended, the later one counts
 * @throws UsageError for an unknown policy or threshold, with the nearest name
 */
export function judge(
  evals: readonly Eval[],
  context: Context,
  policy: string = context.policy ?? defaultPolicy,
  overrides: Overrides = {},
): Verdict {
  const { definition, thresholds } = chosen(policy, overrides);
  const curve = curveOf(evals, context);
  const outcome = outcomeOf(definition, curve, thresholds);
  const label = labelOf(outcome, curve);
  const hysteresis = hysteresisOf(thresholds);
  const { train, test } = courses(curve, hysteresis);
  const { robust, differing } =
    label === "diverged" || curve.evals.length < 2
      ? { robust: null, differing: [] }
      : robustness(definition, curve, thresholds, label, (other) => labelOf(other, curve));
  const { fitStep, generalizeStep } = outcome;
  const both = fitStep !== null && generalizeStep !== null;
  return {
    label,
    policy: definition.name,
    className: outcome.className ?? (label === "undecided" && outcome.label !== "undecided" ? "censored" : null),
    thresholds,
    fitStep,
    generalizeStep,
    delay: both ? generalizeStep - fitStep : null,
    ratio: both && fitStep > 0 ? generalizeStep / fitStep : null,
    lastStep: curve.evals.at(-1)?.step ?? null,
    divergedAt: curve.divergedAt,
    reasons: [
      ...endWords(curve, label, outcome),
      ...outcome.reasons,
      ...(outcome.doubts ?? []),
      ...differing.map((d) => `not robust: ${d}`),
    ],
    robust,
    phases: phasesOf(curve, train, test, hysteresis),
    slingshots: countSpans(train.spikes, test.spikes),
    ...(curve.evals.length > 0 && { extremes: extremesOf(curve.evals, context) }),
  };
}

/**
 * Whether more steps can change the label. False for a run that is over, and for `pair`, `liu`, `power`, `muon` and
 * `crossing` once the first steps or extreme losses that decide can move no more; the other policies look at the end of the run, so
 * their labels can change until then.
 */
export function canStillChange(
  evals: readonly Eval[],
  context: Context,
  policy: string = context.policy ?? defaultPolicy,
  overrides: Overrides = {},
): boolean {
  const { definition, thresholds } = chosen(policy, overrides);
  const curve = curveOf(evals, context);
  if (context.finished || curve.divergedAt !== null) return false;
  return !outcomeOf(definition, curve, thresholds).settled;
}

function chosen(policy: string, overrides: Overrides) {
  const definition: PolicyDefinition = named(policies, policy, "policy");
  const thresholds = resolve(definition.fields, overrides, policy) as Readonly<Record<string, number>>;
  definition.check?.(thresholds);
  return { definition, thresholds };
}

function outcomeOf(policy: PolicyDefinition, curve: Curve, thresholds: Readonly<Record<string, number>>): Outcome {
  if (curve.evals.length >= 2) return policy.judge(curve, thresholds);
  const found = curve.evals.length === 0 ? "no evaluation" : "a single evaluation";
  return {
    label: "undecided",
    className: null,
    fitStep: null,
    generalizeStep: null,
    reasons: [`${found}: a verdict needs at least two`],
    settled: false,
  };
}

function labelOf(outcome: Outcome, { context, divergedAt }: Curve): Label {
  if (divergedAt !== null && !outcome.settled) return "diverged";
  const needsTheEnd = outcome.label === "memorize" || outcome.label === "fail";
  return needsTheEnd && !context.finished ? "undecided" : outcome.label;
}

/** What the end of the run says, where it matters for the label. */
function endWords({ evals, context, divergedAt }: Curve, label: Label, outcome: Outcome): readonly string[] {
  if (divergedAt !== null) return [`a loss or weight was not finite at step ${steps(divergedAt)}`];
  if (context.finished || evals.length === 0) return [];
  const last = steps(evals.at(-1)!.step);
  if (label !== outcome.label)
    return [`so far ${outcome.label}; not every planned step was done (last evaluated: ${last})`];
  return [`not every planned step was done (last evaluated: ${last})`];
}

/** Phases and slingshots use one hysteresis whatever the policy: its own where it declares one, else the default. */
function hysteresisOf(thresholds: Readonly<Record<string, number>>): Hysteresis {
  const entries = Object.entries(hysteresisFields).map(([name, field]) => [name, thresholds[name] ?? field.default]);
  return Object.fromEntries(entries) as Hysteresis;
}
