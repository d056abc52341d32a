import { float, int, UsageError, type Values } from "../options.ts";

/** When a half of the data counts as learned, and when as lost again. */
export const hysteresisFields = {
  enter: float(0.95, "chance-normalized accuracy from which a half counts as learned", { min: 0, max: 1 }),
  leave: float(0.8, "chance-normalized accuracy below which it can count as lost", { min: 0, max: 1 }),
  leaveLoss: float(0.75, "loss in nats above which it can count as lost while accuracy is below `enter`", { min: 0 }),
  dwellIn: int(3, "consecutive evaluations at or above `enter` that make it learned", { min: 1 }),
  dwellOut: int(5, "consecutive evaluations below `leave` that make it lost; fewer are a slingshot", { min: 1 }),
};
export type Hysteresis = Values<typeof hysteresisFields>;

export function checkHysteresis({ enter, leave }: Hysteresis): void {
  if (leave > enter)
    throw new UsageError(`leave: ${leave} is not allowed; give a number up to enter, which is ${enter}`);
}

/** One evaluation of one half: accuracy above chance (0 to 1) and loss in nats. */
export interface Point {
  readonly step: number;
  readonly accuracy: number;
  readonly loss: number;
}

/** A stretch of evaluations, by index, both ends included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The course of one half of the data through learned and lost. */
export interface Course {
  /** For each evaluation, whether the half counts as learned, told with hindsight: from the first of the dwell on. */
  readonly learned: readonly boolean[];
  /** Index of the first evaluation at which it counts as learned. */
  readonly firstIn: number | null;
  /** Index of the last evaluation at which it went from learned to lost. */
  readonly lastOut: number | null;
  /** Learned at the end. */
  readonly inside: boolean;
  /** Drops too short to count as lost, that came back. */
  readonly spikes: readonly Span[];
  /** At the end: evaluations in a row that have begun, not completed, a change. */
  readonly pending: number;
}

const isHigh = (p: Point, t: Hysteresis) => p.accuracy >= t.enter;
const isLow = (p: Point, t: Hysteresis) => p.accuracy < t.leave || (p.loss > t.leaveLoss && p.accuracy < t.enter);

/** Walk the state machine over the evaluations of one half. */
export function course(points: readonly Point[], t: Hysteresis): Course {
  const learned: boolean[] = [];
  const spikes: Span[] = [];
  let inside = false;
  let firstIn: number | null = null;
  let lastOut: number | null = null;
  let run = 0;
  for (const [i, point] of points.entries()) {
    if (inside ? isLow(point, t) : isHigh(point, t)) run++;
    else {
      if (inside && run > 0) spikes.push({ from: i - run, to: i - 1 });
      run = 0;
    }
    learned.push(inside);
    if (run < (inside ? t.dwellOut : t.dwellIn)) continue;
    const start = i - run + 1;
    inside = !inside;
    learned.fill(inside, start);
    if (inside) firstIn ??= start;
    else lastOut = start;
    run = 0;
  }
  return { learned, firstIn, lastOut, inside, spikes, pending: run };
}

/**
 * Whether the half counts as learned at the last evaluation, as `course` would say without hindsight. Reads backwards to
 * the latest change only, so that a live line can ask at every evaluation.
 */
export function learnedNow(n: number, point: (i: number) => Point, t: Hysteresis): boolean {
  let high = 0;
  let low = 0;
  for (let i = n - 1; i >= 0; i--) {
    const p = point(i);
    high = isHigh(p, t) ? high + 1 : 0;
    low = isLow(p, t) ? low + 1 : 0;
    if (high >= t.dwellIn) return true;
    if (low >= t.dwellOut) return false;
  }
  return false;
}

/** Whether the half has counted as learned at any evaluation so far. */
export function everLearned(n: number, point: (i: number) => Point, t: Hysteresis): boolean {
  let high = 0;
  for (let i = 0; i < n; i++) {
    high = isHigh(point(i), t) ? high + 1 : 0;
    if (high >= t.dwellIn) return true;
  }
  return false;
}

/** Stretches of both halves, overlapping ones counted once. */
export function countSpans(...lists: readonly (readonly Span[])[]): number {
  const spans = lists.flat().sort((a, b) => a.from - b.from);
  let end = -1;
  let count = 0;
  for (const span of spans) {
    if (span.from > end) count++;
    end = Math.max(end, span.to);
  }
  return count;
}
