import { UsageError } from "../options.ts";
import { erf, exp, log } from "../rng/functions.ts";
import { number } from "./words.ts";

/** One run: its hyperparameter, the time until the event, or how long it was watched without it. */
export interface TimedPoint {
  readonly x: number;
  readonly time: number;
  /** false: right-censored. */
  readonly observed: boolean;
}

/** time = scale · x^slope, or time = scale · e^(slope · x). */
export type LawForm = "power" | "exponential";

/** A law with its error. Plain JSON. */
export interface Law {
  readonly form: LawForm;
  /** Exponent of the power law, or rate of the exponential one. */
  readonly slope: number;
  /** Standard error of the slope, from the curvature of the likelihood. */
  readonly slopeError: number;
  /** Time at x = 1 (power) or x = 0 (exponential). */
  readonly scale: number;
  /** Standard error of ln(scale). */
  readonly logScaleError: number;
  /** Standard deviation of ln(time) around the law: the spread between seeds. */
  readonly sigma: number;
  readonly observed: number;
  readonly censored: number;
  /** To compare two forms fitted to the same points; the larger fits better. */
  readonly logLikelihood: number;
}

/**
 * The law that makes the times likeliest when their logarithms are spread normally around it, a run that was cut off
 * counting as "later than that" (a log-normal accelerated failure time, or Tobit, model). Its likelihood is concave in
 * slope/σ, intercept/σ and 1/σ (Olsen 1978), so Newton's method finds the one maximum.
 *
 * Points without a positive time (and for the power law without a positive x) have no logarithm and are left out.
 * @throws UsageError with fewer than three events, or all at one x
 */
export function fitLaw(points: readonly TimedPoint[], form: LawForm = "power"): Law {
  const used = points.filter(({ x, time }) => time > 0 && (form === "exponential" || x > 0));
  const rows = used.map(({ x, time, observed }) => ({ u: form === "power" ? log(x) : x, y: log(time), observed }));
  const events = rows.filter((row) => row.observed);
  if (events.length < 3) throw new UsageError(`law: ${events.length} runs had the event; a law needs at least three`);
  if (events.every((row) => row.u === events[0].u))
    throw new UsageError("law: every run that had the event has the same value; a law needs at least two");
  // Centered and scaled, so that Newton's matrix is well conditioned whatever the units.
  const center = mean(rows.map(({ u }) => u));
  const width = Math.sqrt(mean(rows.map(({ u }) => (u - center) * (u - center)))) || 1;
  const middle = mean(rows.map(({ y }) => y));
  const scaled = rows.map(({ u, y, observed }) => ({ u: (u - center) / width, y: y - middle, observed }));
  const { theta, covariance, logLikelihood } = maximize(scaled, startOf(scaled));
  const [a, b, h] = theta;
  // Back from (intercept/σ, slope/σ, 1/σ): the errors by the delta method.
  const slopeScaled = b / h;
  const slope = slopeScaled / width;
  const slopeGradient: Vector = [0, 1 / h, -b / (h * h)].map((g) => g / width) as unknown as Vector;
  const intercept = a / h + middle - slope * center;
  const shift = center / width;
  const interceptGradient: Vector = [1 / h, -shift / h, (-a + shift * b) / (h * h)];
  return {
    form,
    slope,
    slopeError: errorOf(slopeGradient, covariance),
    scale: exp(Math.max(-700, Math.min(700, intercept))),
    logScaleError: errorOf(interceptGradient, covariance),
    sigma: 1 / h,
    observed: events.length,
    censored: rows.length - events.length,
    logLikelihood,
  };
}

/** Time that the law gives at x: half the runs are through by then. */
export const lawAt = ({ form, slope, scale }: Law, x: number): number =>
  scale * exp(Math.max(-700, Math.min(700, slope * (form === "power" ? log(x) : x))));

/** `delay ≈ 1,200 · weightDecay^(-1.02 ± 0.07)` */
export function lawText({ form, slope, slopeError, scale }: Law, time: string, x: string): string {
  const digits = Math.max(0, Math.min(6, 2 - Math.floor(log(Math.max(slopeError, 1e-6)) / Math.LN10) - 1));
  const exponent = `${slope.toFixed(digits)} ± ${slopeError.toFixed(digits)}`;
  const front = `${time} ≈ ${number(Number(scale.toPrecision(3)))} · `;
  return front + (form === "power" ? `${x}^(${exponent})` : `e^((${exponent}) · ${x})`);
}

type Vector = readonly [number, number, number];
type Matrix3 = readonly [Vector, Vector, Vector];
interface Row {
  readonly u: number;
  readonly y: number;
  readonly observed: boolean;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Least squares over all rows as if none were censored: any start will do, this one is near. */
function startOf(rows: readonly Row[]): Vector {
  const meanU = mean(rows.map(({ u }) => u));
  const meanY = mean(rows.map(({ y }) => y));
  const uu = mean(rows.map(({ u }) => (u - meanU) * (u - meanU)));
  const uy = mean(rows.map(({ u, y }) => (u - meanU) * (y - meanY)));
  const b = uu > 0 ? uy / uu : 0;
  const a = meanY - b * meanU;
  const residual = mean(rows.map(({ u, y }) => (y - a - b * u) * (y - a - b * u)));
  // Times on the line to the last digit have no spread; this much stands for it.
  const sigma = Math.max(Math.sqrt(residual), 1e-6);
  return [a / sigma, b / sigma, 1 / sigma];
}

function maximize(rows: readonly Row[], start: Vector) {
  let theta = start;
  let at = likelihood(rows, theta);
  for (let round = 0; round < 200; round++) {
    const step = times(inverse(at.curvature), at.gradient);
    let size = 1;
    let next = at;
    let moved = theta;
    for (; size > 1e-12; size /= 2) {
      moved = theta.map((value, i) => value + size * step[i]) as unknown as Vector;
      if (!(moved[2] > 0) || moved[2] > 1e7) continue;
      next = likelihood(rows, moved);
      if (next.value >= at.value) break;
    }
    const gained = next.value - at.value;
    if (size <= 1e-12 || !(gained > 1e-12 * (1 + Math.abs(at.value)))) break;
    theta = moved;
    at = next;
  }
  return { theta, covariance: inverse(at.curvature), logLikelihood: at.value };
}

/** Value, gradient and minus the second derivatives in (intercept/σ, slope/σ, 1/σ). */
function likelihood(rows: readonly Row[], [a, b, h]: Vector) {
  let value = 0;
  const gradient = [0, 0, 0];
  const curvature = [[0, 0, 0], [0, 0, 0], [0, 0, 0]]; // prettier-ignore
  for (const { u, y, observed } of rows) {
    const z = h * y - a - b * u;
    const direction = [1, u, -y];
    const slope = observed ? z : hazard(z);
    const bend = observed ? 1 : slope * (slope - z);
    value += observed ? log(h) - halfLogTwoPi - (z * z) / 2 : logTail(z);
    for (let i = 0; i < 3; i++) {
      gradient[i] += slope * direction[i];
      for (let j = 0; j < 3; j++) curvature[i][j] += bend * direction[i] * direction[j];
    }
    if (observed) {
      gradient[2] += 1 / h;
      curvature[2][2] += 1 / (h * h);
    }
  }
  return { value, gradient: gradient as unknown as Vector, curvature: curvature as unknown as Matrix3 };
}

const halfLogTwoPi = 0.9189385332046727;

/** Density over tail of the standard normal; for large z by the continued fraction of the tail (DLMF 7.9.1). */
function hazard(z: number): number {
  if (z > 5) {
    let fraction = z;
    for (let n = 60; n >= 1; n--) fraction = z + n / fraction;
    return fraction;
  }
  if (z < -37) return 0;
  return exp(-(z * z) / 2 - halfLogTwoPi) / tail(z);
}

const tail = (z: number): number => (1 - erf(z * Math.SQRT1_2)) / 2;
const logTail = (z: number): number => (z > 5 ? -(z * z) / 2 - halfLogTwoPi - log(hazard(z)) : log(tail(z)));

function inverse([[a, b, c], [d, e, f], [g, h, i]]: Matrix3): Matrix3 {
  const [A, B, C] = [e * i - f * h, c * h - b * i, b * f - c * e];
  const determinant = a * A + d * B + g * C;
  const scaled = (row: readonly number[]) => row.map((value) => value / determinant) as unknown as Vector;
  return [
    scaled([A, B, C]),
    scaled([f * g - d * i, a * i - c * g, c * d - a * f]),
    scaled([d * h - e * g, b * g - a * h, a * e - b * d]),
  ];
}

const times = (matrix: Matrix3, vector: Vector): Vector =>
  matrix.map((row) => row[0] * vector[0] + row[1] * vector[1] + row[2] * vector[2]) as unknown as Vector;

const errorOf = (gradient: Vector, covariance: Matrix3): number => {
  const along = times(covariance, gradient);
  return Math.sqrt(Math.max(0, gradient[0] * along[0] + gradient[1] * along[1] + gradient[2] * along[2]));
};
