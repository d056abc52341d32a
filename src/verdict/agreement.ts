import { exp, log } from "../rng/functions.ts";
import { labels, type Label, type Verdict } from "./verdict.ts";

/** What several seeds of one experiment did. Plain JSON. */
export interface Agreement {
  readonly n: number;
  readonly counts: Readonly<Record<Label, number>>;
  /** The label that most seeds have; null without seeds and on a tie. */
  readonly majority: Label | null;
  /** Seeds that have it, of n. */
  readonly k: number;
  readonly share: number | null;
  /** Wilson interval of the share, at 95 %. */
  readonly interval: readonly [number, number] | null;
  /** Time to generalize, runs without it censored at their last step. */
  readonly generalizeStep: KaplanMeier;
}

/** One run in the clock of survival analysis. */
export interface Lifetime {
  /** Step of the event, or the last step seen without it. */
  readonly step: number;
  /** The event happened; false: right-censored. */
  readonly observed: boolean;
}

export interface KaplanMeier {
  /** After each event: share of runs that have not had it yet, runs still watched just before, events at this step. */
  readonly curve: readonly {
    readonly step: number;
    readonly survival: number;
    readonly atRisk: number;
    readonly events: number;
  }[];
  /** First step by which at least half have had the event; null when censoring leaves it open. */
  readonly median: number | null;
  /** 95 % interval of the median; an end that censoring leaves open is null. */
  readonly medianInterval: readonly [number | null, number | null];
}

/** 97.5 % point of the normal distribution. */
const z95 = 1.959963984540054;
/** One half, with room for the rounding of a product such as 3/4 x 2/3. */
const half = 0.5 + 1e-12;

/** Counts, majority with its Wilson interval, and the median time to generalize. */
export function agreement(verdicts: readonly Verdict[]): Agreement {
  const counts = Object.fromEntries(labels.map((label) => [label, 0])) as Record<Label, number>;
  for (const { label } of verdicts) counts[label]++;
  const n = verdicts.length;
  const k = Math.max(...Object.values(counts));
  const leaders = labels.filter((label) => counts[label] === k);
  return {
    n,
    counts,
    majority: n > 0 && leaders.length === 1 ? leaders[0] : null,
    k,
    share: n > 0 ? k / n : null,
    interval: n > 0 ? wilson(k, n) : null,
    generalizeStep: kaplanMeier(verdicts.flatMap(lifetime)),
  };
}

/** A run without an evaluation was never watched; one that diverged was watched up to its last finite evaluation. */
function lifetime({ generalizeStep, lastStep }: Verdict): readonly Lifetime[] {
  if (generalizeStep !== null) return [{ step: generalizeStep, observed: true }];
  return lastStep === null ? [] : [{ step: lastStep, observed: false }];
}

/**
 * Interval of a share k/n that stays inside 0 to 1 and is honest at 0 and n.
 * E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference, JASA 22 (1927).
 */
export function wilson(k: number, n: number, z = z95): readonly [number, number] {
  if (!(Number.isInteger(n) && n > 0 && k >= 0 && k <= n)) throw new RangeError(`wilson: ${k} of ${n} is no share`);
  const share = k / n;
  const scale = 1 + (z * z) / n;
  const center = (share + (z * z) / (2 * n)) / scale;
  const width = (z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n))) / scale;
  return [k === 0 ? 0 : center - width, k === n ? 1 : center + width];
}

/**
 * Share of runs still without the event, step by step, with censored runs counted for as long as they were watched.
 * The interval of the median inverts the log-log interval of the survival (Greenwood's variance).
 *
 * E. L. Kaplan and P. Meier, Nonparametric Estimation from Incomplete Observations, JASA 53 (1958);
 * R. Brookmeyer and J. Crowley, A Confidence Interval for the Median Survival Time, Biometrics 38 (1982).
 */
export function kaplanMeier(lifetimes: readonly Lifetime[]): KaplanMeier {
  const ordered = [...lifetimes].sort((a, b) => a.step - b.step);
  const curve: { step: number; survival: number; atRisk: number; events: number }[] = [];
  let survival = 1;
  let greenwood = 0;
  let median: number | null = null;
  let low: number | null = null;
  let high: number | null = null;
  for (let i = 0, next = 0; i < ordered.length; i = next) {
    const { step } = ordered[i];
    let events = 0;
    for (next = i; next < ordered.length && ordered[next].step === step; next++) if (ordered[next].observed) events++;
    if (events === 0) continue;
    // Censored at the very step of an event: still watched there.
    const atRisk = ordered.length - i;
    survival *= (atRisk - events) / atRisk;
    greenwood += atRisk > events ? events / (atRisk * (atRisk - events)) : 0;
    curve.push({ step, survival, atRisk, events });
    const [lower, upper] = logLogInterval(survival, greenwood);
    if (survival <= half) median ??= step;
    if (lower <= half) low ??= step;
    if (upper <= half) high ??= step;
  }
  return { curve, median, medianInterval: [low, high] };
}

/** First step by which this share of the runs has had the event; null when censoring leaves it open. */
export function quantile({ curve }: Pick<KaplanMeier, "curve">, share: number): number | null {
  return curve.find(({ survival }) => survival <= 1 - share + (half - 0.5))?.step ?? null;
}

/** 95 % interval of a survival share, symmetric on the scale of log(-log). */
function logLogInterval(survival: number, greenwood: number): readonly [number, number] {
  if (survival <= 0 || survival >= 1) return [survival, survival];
  const power = (exponent: number) => exp(Math.max(-700, exponent * log(survival)));
  const spread = exp((z95 * Math.sqrt(greenwood)) / -log(survival));
  return [power(spread), power(1 / spread)];
}
