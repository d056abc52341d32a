import { highestFrequency } from "./fourier.ts";
import type { Course } from "./course.ts";
import type { ProgressRow } from "./progress.ts";

/** When a measure would have announced that the run generalizes. Steps of checkpoints. */
export interface Lead {
  readonly measure: string;
  /** The rule in words; fixed in the code, the same for every run. */
  readonly rule: string;
  /** The checkpoint at which it had held three times in a row, knowing nothing of what came later; null: never. */
  readonly step: number | null;
  /** Value there. */
  readonly value: number | null;
  /** generalizeStep - step; negative where it came too late; null where one of the two is missing. */
  readonly lead: number | null;
  /** step / generalizeStep. */
  readonly ratio: number | null;
  /** It looks back with what the last checkpoint knows, so nobody could have used it during the run. */
  readonly hindsight: boolean;
}

interface Rule {
  readonly measure: string;
  readonly rule: string;
  readonly hindsight?: true;
  readonly value: (row: ProgressRow) => number;
  /** @param earlier this checkpoint and those before it, from the fit on */
  readonly holds: (value: number, earlier: readonly number[], row: ProgressRow, p: number) => boolean;
}

const atLeast = (bound: number) => (value: number) => value >= bound;
const fallenTo = (share: number) => (value: number, earlier: readonly number[]) =>
  value <= share * Math.max(...earlier);
const risenTo = (factor: number) => (value: number, earlier: readonly number[]) =>
  value >= factor * Math.min(...earlier);

/** Fixed before any run was looked at; the last two are what a watcher of the curves has anyway. */
const rules: readonly Rule[] = [
  {
    measure: "restricted accuracy",
    rule: "at least .5",
    hindsight: true,
    value: (row) => row.restrictedAccuracy,
    holds: atLeast(0.5),
  },
  {
    measure: "excluded loss",
    rule: "twice its smallest since the fit",
    hindsight: true,
    value: (row) => row.excludedLoss,
    holds: risenTo(2),
  },
  { measure: "held-out sums", rule: "at least .5", value: (row) => row.heldOutSums, holds: atLeast(0.5) },
  { measure: "Gini, input", rule: "at least .5", value: (row) => row.giniInput, holds: atLeast(0.5) },
  { measure: "Gini, output", rule: "at least .5", value: (row) => row.giniOutput, holds: atLeast(0.5) },
  {
    measure: "participation, input",
    rule: "at least .25",
    value: (row) => row.participationInput,
    holds: atLeast(0.25),
  },
  {
    measure: "participation, output",
    rule: "at least .25",
    value: (row) => row.participationOutput,
    holds: atLeast(0.25),
  },
  {
    measure: "active frequencies",
    rule: "at most half of all",
    value: (row) => row.activeFrequencies,
    holds: (value, _, __, p) => value <= highestFrequency(p) / 2,
  },
  {
    measure: "phase defect",
    rule: "at most 45 degrees",
    value: (row) => row.phaseDefect,
    holds: (value) => value <= 45,
  },
  { measure: "L1 norm", rule: "fallen to .9 of its largest", value: (row) => row.normL1, holds: fallenTo(0.9) },
  { measure: "L2 norm", rule: "fallen to .9 of its largest", value: (row) => row.normL2, holds: fallenTo(0.9) },
  { measure: "logit scale", rule: "fallen to .9 of its largest", value: (row) => row.logitScale, holds: fallenTo(0.9) },
  { measure: "zero gradients", rule: "at least .5", value: (row) => row.zeroGradient, holds: atLeast(0.5) },
  { measure: "test loss", rule: "fallen to .9 of its largest", value: (row) => row.testLoss, holds: fallenTo(0.9) },
  {
    measure: "test accuracy",
    rule: "a tenth of the way from chance to 1",
    value: (row) => row.testAccuracy,
    holds: (value, _, __, p) => value >= 1 / p + 0.1 * (1 - 1 / p),
  },
];

/** How often in a row a rule must hold: one checkpoint may be a spike. */
const dwell = 3;

/** Rules are asked from the fit on, checkpoint by checkpoint, each knowing only those before it. */
export function leadsOf(rows: readonly ProgressRow[], { fitStep, generalizeStep, moments }: Course): readonly Lead[] {
  const asked = rows.filter(({ step }) => step >= (fitStep ?? 0));
  const p = moments[0]?.network.p ?? 2;
  return rules.map(({ measure, rule, hindsight = false, value, holds }) => {
    const values = asked.map(value);
    let inRow = 0;
    const at = asked.findIndex((row, i) => {
      inRow = holds(values[i], values.slice(0, i + 1), row, p) ? inRow + 1 : 0;
      return inRow === dwell;
    });
    const step = at < 0 ? null : asked[at].step;
    return {
      measure,
      rule,
      hindsight,
      step,
      value: at < 0 ? null : values[at],
      lead: step === null || generalizeStep === null ? null : generalizeStep - step,
      ratio: step === null || generalizeStep === null || generalizeStep === 0 ? null : step / generalizeStep,
    };
  });
}
