import { UsageError } from "../options.ts";
import type { Eval } from "../train/eval.ts";
import type { ClaimedRun, ClaimResult, Op, Claim, Series, Swing, Within } from "./claims.ts";
import { judge } from "./judge.ts";
import type { Verdict } from "./verdict.ts";
import { count, number, percent, steps } from "./words.ts";

export type Found = Pick<ClaimResult, "holds" | "found">;

type Kind = Claim["kind"];
type ClaimOf<K extends Kind> = Extract<Claim, { readonly kind: K }>;
/** How a kind of claim words itself (what it is about, what it expects of it) and what it looks for. */
interface Check<K extends Kind> {
  readonly words: (claim: ClaimOf<K>) => readonly [subject: string, expected: string];
  readonly check: (claim: ClaimOf<K>, run: ClaimedRun) => Found;
}

export const checks: { readonly [K in Kind]: Check<K> } = {
  verdictIs: {
    words: ({ labels, policy }) => [`the verdict${by(policy)}`, `is ${labels.join(" or ")}`],
    check: ({ labels, policy }, run) => {
      const { label, reasons } = verdictBy(policy, run);
      return { holds: labels.includes(label), found: [label, ...reasons.slice(0, 3)].join("; ") };
    },
  },
  classIs: {
    words: ({ className, policy }) => [`the class${by(policy)}`, `is ${className}`],
    check: ({ className, policy }, run) => {
      const verdict = verdictBy(policy, run);
      return { holds: verdict.className === className, found: verdict.className ?? `none (${verdict.label})` };
    },
  },
  stepBetween: {
    words: ({ of, from, to }) => [stepWords[of], `lies in ${steps(from)} to ${steps(to)}`],
    check: ({ of, from, to }, { verdict }) => {
      const step = verdict[of];
      return { holds: step !== null && step >= from && step <= to, found: step === null ? "never" : steps(step) };
    },
  },
  atLeast: {
    words: ({ of, value }) => [
      of === "delay" ? "the delay" : "the ratio of the two steps",
      `is at least ${number(value)}`,
    ],
    check: ({ of, value }, { verdict }) => {
      const found = verdict[of];
      return { holds: found !== null && found >= value, found: found === null ? "none" : number(found) };
    },
  },
  robust: {
    words: () => ["the label", "is the same on coarser grids and with neighboring thresholds"],
    check: (_, { verdict }) => ({
      holds: verdict.robust === true,
      found:
        verdict.robust === true
          ? "the same"
          : verdict.robust === null
            ? "the run is too short to tell"
            : verdict.reasons.filter((reason) => reason.startsWith("not robust")).join("; "),
    }),
  },
  phases: {
    words: ({ names }) => ["the run", `goes through ${names.join(", ")}`],
    check: ({ names }, { verdict }) => {
      let next = 0;
      for (const { name } of verdict.phases) if (name === names[next]) next++;
      const found = verdict.phases.map(({ name, from, to }) => `${name} ${steps(from)}-${steps(to)}`).join(", ");
      return { holds: next === names.length, found: found || "no phase" };
    },
  },
  valueAt: {
    words: ({ step, series, value, ...tolerance }) => [
      `${seriesWords(series)} at step ${steps(step)}`,
      "absolute" in tolerance
        ? `is ${digits(value)} to within ${number(tolerance.absolute)}`
        : `is ${digits(value)} to within ${percent(tolerance.within)}`,
    ],
    check: ({ step, series, value, ...tolerance }, { evals, plan }) => {
      const e = evals.find((candidate) => candidate.step === step);
      if (e === undefined) return { holds: false, found: notEvaluated(step, evals, plan) };
      const allowed = "absolute" in tolerance ? tolerance.absolute : tolerance.within * Math.abs(value);
      return { holds: Math.abs(valueOf(e, series) - value) <= allowed, found: digits(valueOf(e, series)) };
    },
  },
  compare: {
    words: ({ when, series, op, value, ...within }) => [
      seriesWords(series),
      `is ${whenWords[when]} ${opWords[op]} ${number(value)}${inSteps(within)}`,
    ],
    check: ({ when, series, op, value, ...within }, { evals }) => {
      const seen = when === "final" ? evals.slice(-1) : inside(evals, within);
      const good = seen.filter((e) => compares(valueOf(e, series), op, value));
      if (seen.length === 0) return nothing;
      if (when === "ever")
        return { holds: good.length > 0, found: at(good[0] ?? extremeOf(seen, series, up(op)), series) };
      const bad = seen.filter((e) => !good.includes(e));
      const found = bad[0] ?? extremeOf(seen, series, !up(op));
      return { holds: bad.length === 0, found: at(found, series) + more(bad.length, seen.length) };
    },
  },
  extreme: {
    words: ({ extreme, series, low, high }) => [
      `the ${extreme === "max" ? "largest" : "smallest"} ${seriesWords(series)}`,
      `lies in ${number(low)} to ${number(high)}`,
    ],
    check: ({ extreme, series, low, high }, { evals }) => {
      if (evals.length === 0) return nothing;
      const e = extremeOf(evals, series, extreme === "max");
      const value = valueOf(e, series);
      return { holds: value >= low && value <= high, found: at(e, series) };
    },
  },
  gapAlways: {
    words: ({ a, b, op, value, ...within }) => [
      `the gap between ${seriesWords(a)} and ${seriesWords(b)}`,
      `is always ${opWords[op]} ${number(value)}${inSteps(within)}`,
    ],
    check: ({ a, b, op, value, ...within }, { evals }) => {
      const gaps = inside(evals, within).map((e) => ({ step: e.step, gap: Math.abs(valueOf(e, a) - valueOf(e, b)) }));
      if (gaps.length === 0) return nothing;
      const bad = gaps.filter(({ gap }) => !compares(gap, op, value));
      const tightest = gaps.reduce((x, y) => ((up(op) ? y.gap < x.gap : y.gap > x.gap) ? y : x));
      const { step, gap } = bad[0] ?? tightest;
      return {
        holds: bad.length === 0,
        found: `${number(gap)} at step ${steps(step)}${more(bad.length, gaps.length)}`,
      };
    },
  },
  swings: {
    words: ({ series, pattern, factor }) => [
      seriesWords(series),
      `${pattern.map((swing) => `${swing}s`).join(", then ")} by a factor of ${number(factor)}`,
    ],
    check: ({ series, pattern, factor }, { evals }) => {
      const turns = turningPoints(evals, series, factor);
      let next = 0;
      for (const { swing } of turns) if (swing === pattern[next]) next++;
      const found = turns.map(
        ({ swing, from, to }) =>
          `${swing}s from ${number(from.value)} (step ${steps(from.step)}) to ${number(to.value)} (step ${steps(to.step)})`,
      );
      return {
        holds: next === pattern.length,
        found: found.join(", ") || `never moves by a factor of ${number(factor)}`,
      };
    },
  },
  firstReach: {
    words: ({ series, value, from, to }) => [
      `${seriesWords(series)} first ${down(series) ? "comes down" : "comes up"} to ${number(value)}`,
      `in steps ${steps(from)} to ${steps(to)}`,
    ],
    check: ({ series, value, from, to }, { evals }) => {
      const step = evals.find((e) => compares(valueOf(e, series), down(series) ? "<=" : ">=", value))?.step;
      if (step !== undefined) return { holds: step >= from && step <= to, found: `at step ${steps(step)}` };
      return evals.length === 0
        ? nothing
        : { holds: false, found: `never; ${at(extremeOf(evals, series, !down(series)), series)}` };
    },
  },
};

const nothing: Found = { holds: false, found: "no evaluation" };
const stepWords = {
  fitStep: "the fit step",
  generalizeStep: "the generalize step",
  delay: "the delay in steps",
} as const;
const opWords = { "<": "below", "<=": "at most", ">": "above", ">=": "at least" } as const;
const whenWords = { ever: "at some step", always: "always", final: "at the end" } as const;
const by = (policy: string | undefined) => (policy === undefined ? "" : ` by the ${policy} policy`);
const down = (series: Series) => series.endsWith(".loss");
const up = (op: Op) => op.startsWith(">");

function verdictBy(policy: string | undefined, { verdict, evals, context }: ClaimedRun): Verdict {
  if (policy === undefined || policy === verdict.policy) return verdict;
  if (context !== undefined) return judge(evals, context, policy);
  throw new UsageError(
    `a claim about policy "${policy}" needs the run's context; the verdict at hand is by "${verdict.policy}"`,
  );
}

/** What a claim or a condition compares. */
export function valueOf(e: Eval, series: Series): number {
  switch (series) {
    case "train.loss":
      return e.train.loss;
    case "train.accuracy":
      return e.train.accuracy;
    case "test.loss":
      return e.test.loss;
    case "test.accuracy":
      return e.test.accuracy;
    case "normL1":
    case "normL2":
      return e[series];
    default:
      return e.measures?.[series.slice("measures.".length)] ?? NaN;
  }
}

/** False against a value that is not a number. */
export function compares(value: number, op: Op, bound: number): boolean {
  if (op === "<") return value < bound;
  if (op === "<=") return value <= bound;
  return op === ">" ? value > bound : value >= bound;
}

function seriesWords(series: Series): string {
  if (series.startsWith("norm")) return series === "normL1" ? "the L1 norm" : "the L2 norm";
  if (series.startsWith("measures.")) return series.slice("measures.".length);
  const [half, what] = series.split(".");
  return `${half === "train" ? "training" : "test"} ${what}`;
}

/** Nine digits: claims about published values turn on them. */
const digits = (value: number) => (Number.isFinite(value) ? String(Number(value.toPrecision(9))) : number(value));
const at = (e: Eval, series: Series) => `${number(valueOf(e, series))} at step ${steps(e.step)}`;
const more = (bad: number, all: number) =>
  bad === 0 ? "" : ` (not so at ${steps(bad)} of ${count(all, "evaluation")})`;

function inside(evals: readonly Eval[], { from = -Infinity, to = Infinity }: Within): readonly Eval[] {
  return evals.filter((e) => e.step >= from && e.step <= to);
}

function inSteps({ from, to }: Within): string {
  if (from === undefined && to === undefined) return "";
  if (to === undefined) return ` from step ${steps(from!)} on`;
  return from === undefined ? ` up to step ${steps(to)}` : ` in steps ${steps(from)} to ${steps(to)}`;
}

/** The evaluation with the largest or smallest value; one that is not a number only where all are. */
function extremeOf(evals: readonly Eval[], series: Series, largest: boolean): Eval {
  return evals.reduce((best, e) => {
    const [old, value] = [valueOf(best, series), valueOf(e, series)];
    return Number.isNaN(old) || (largest ? value > old : value < old) ? e : best;
  });
}

function notEvaluated(step: number, evals: readonly Eval[], plan: ClaimedRun["plan"]): string {
  const planned = plan?.training["steps"];
  if (typeof planned === "number" && step > planned) return `not evaluated: the plan ends at step ${steps(planned)}`;
  const before = evals.filter((e) => e.step < step).at(-1);
  const after = evals.find((e) => e.step > step);
  const near = [before, after].flatMap((e) => (e ? [steps(e.step)] : [])).join(" and ");
  return near ? `not evaluated; nearest evaluated steps: ${near}` : "no evaluation";
}

interface Turn {
  readonly swing: Swing;
  readonly from: { readonly step: number; readonly value: number };
  readonly to: { readonly step: number; readonly value: number };
}

/**
 * The swings of a series of at least this factor, alternating. A swing is seen as soon as the series has moved by the
 * factor from the extreme since the last one, so that no order of swings that exists is missed. Not-numbers are skipped.
 */
export function turningPoints(evals: readonly Eval[], series: Series, factor: number): readonly Turn[] {
  const turns: Turn[] = [];
  let low: Turn["from"] | null = null;
  let high: Turn["from"] | null = null;
  for (const e of evals) {
    const point = { step: e.step, value: valueOf(e, series) };
    if (Number.isNaN(point.value)) continue;
    const last = turns.at(-1);
    if (last?.swing === "rise" && point.value >= last.to.value)
      turns[turns.length - 1] = { ...last, to: (high = point) };
    else if (last?.swing === "fall" && point.value <= last.to.value)
      turns[turns.length - 1] = { ...last, to: (low = point) };
    else if (last?.swing !== "rise" && low !== null && point.value >= low.value * factor && point.value > low.value) {
      turns.push({ swing: "rise", from: low, to: (high = point) });
    } else if (
      last?.swing !== "fall" &&
      high !== null &&
      point.value * factor <= high.value &&
      point.value < high.value
    ) {
      turns.push({ swing: "fall", from: high, to: (low = point) });
    } else if (last === undefined) {
      low = low === null || point.value < low.value ? point : low;
      high = high === null || point.value > high.value ? point : high;
    }
  }
  return turns;
}
