import type { Eval } from "../../../../../src/train/eval.ts";

/** What the text says of a run, counted from its curves. Losses in the unit of the evaluations. */
export interface Facts {
  readonly steps: number;
  /** First step at which every training example was right. */
  readonly fitted: number | undefined;
  /** First step with this share of the test examples right. */
  readonly half: number | undefined;
  readonly most: number | undefined;
  readonly all: number | undefined;
  readonly peak: { readonly step: number; readonly loss: number };
  readonly lowest: { readonly step: number; readonly loss: number };
  readonly last: Eval;
  /** The test accuracy when the training data was first fitted; of the last step where it never was. */
  readonly testWhenFitted: number;
  /** Mean of the test accuracy from there until half of it was right. */
  readonly plateau: number;
  readonly largestNorm: number;
  /** Largest difference of train and test accuracy at any step. */
  readonly widestGap: number;
}

/** @param evals at least one */
export function factsOf(evals: readonly Eval[]): Facts {
  const last = evals[evals.length - 1];
  const first = (holds: (e: Eval) => boolean): number | undefined => evals.find(holds)?.step;
  const fitted = first((e) => e.train.accuracy >= 1);
  const half = first((e) => e.test.accuracy >= 0.5);
  const finite = evals.filter((e) => Number.isFinite(e.test.loss));
  const by = (better: (a: number, b: number) => boolean): { step: number; loss: number } => {
    const best = finite.reduce((a, e) => (better(e.test.loss, a.test.loss) ? e : a), finite[0] ?? last);
    return { step: best.step, loss: best.test.loss };
  };
  const waiting = evals.filter((e) => e.step >= (fitted ?? Infinity) && e.step < (half ?? Infinity));
  const atFit = evals.find((e) => e.step === fitted) ?? last;
  return {
    steps: last.step,
    fitted,
    half,
    most: first((e) => e.test.accuracy >= 0.95),
    all: first((e) => e.test.accuracy >= 1),
    peak: by((a, b) => a > b),
    lowest: by((a, b) => a < b),
    last,
    testWhenFitted: atFit.test.accuracy,
    plateau: waiting.reduce((sum, e) => sum + e.test.accuracy, 0) / Math.max(1, waiting.length),
    largestNorm: evals.reduce((most, e) => Math.max(most, e.normL2), 0),
    widestGap: evals.reduce((most, e) => Math.max(most, Math.abs(e.train.accuracy - e.test.accuracy)), 0),
  };
}

/** `40,100`; a dash where there is no such step. */
export const steps = (step: number | undefined): string => (step === undefined ? "–" : step.toLocaleString("en"));

/** `5.2 %`, with two digits that count. */
export function share(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return "–";
  const percent = 100 * value;
  if (percent === 0 || percent === 100) return `${percent} %`;
  return `${Number(percent.toPrecision(percent > 99 ? 4 : 2))} %`;
}

const superscript = "⁰¹²³⁴⁵⁶⁷⁸⁹";
/** Three digits: `0.0312`, `8.9 · 10⁻⁵`. */
export function number(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-3 && size < 1e5)) return String(Number(value.toPrecision(3)));
  const [digits, exponent] = value.toExponential(1).split("e");
  const power = [...String(Math.abs(Number(exponent)))].map((digit) => superscript[Number(digit)]).join("");
  return `${digits.replace(".0", "")} · 10${Number(exponent) < 0 ? "⁻" : ""}${power}`;
}
