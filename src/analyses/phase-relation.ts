import { mean } from "./concentration.ts";
import type { Neuron } from "./circuit.ts";
import { wrap } from "./fourier.ts";

/** How the phases of the neurons of one frequency stand to each other. Angles in radians. */
export interface PhaseRelation {
  /** From each neuron's input phase to the next one's, closing the circle: they add up to 2π. Empty for one neuron. */
  readonly gaps: readonly number[];
  /** Largest difference of a gap from 2π / n. */
  readonly gapError: number;
  /** |mean of e^{imφ}| over the input phases φ, for m = 1 … 4: 0 where evenly spaced, 1 at m = n. */
  readonly evenness: readonly number[];
  /** Mean and largest |output phase - sum of the input phases|. */
  readonly meanDefect: number;
  readonly maxDefect: number;
  /** Place of each neuron, taken in order of its input phase, in the order of the output phases, from the first's. */
  readonly outputOrder: readonly number[];
  /**
   * By how many places the output phase moves on from one neuron to the next, where it is the same for all: 2 where the
   * output phase is twice the input phase, so that edges in input order draw a star. Null where it differs.
   */
  readonly starStep: number | null;
  /**
   * How often the output phases go round the circle while the input phases go round once, however even they are: 2 for
   * doubled phases.
   */
  readonly winding: number;
}

/** @param neurons in order of their input phase */
export function relationOf(neurons: readonly Neuron[]): PhaseRelation {
  const phases = neurons.map(({ a }) => a.phase);
  const n = phases.length;
  const gaps =
    n < 2 ? [] : phases.map((phase, i) => (i + 1 < n ? phases[i + 1] - phase : phases[0] + 2 * Math.PI - phase));
  const defects = neurons.map(({ defect }) => Math.abs(defect));
  const outputOrder = placesFromFirst(neurons.map(({ output }) => output.phase));
  return {
    gaps,
    gapError: gaps.reduce((worst, gap) => Math.max(worst, Math.abs(gap - (2 * Math.PI) / n)), 0),
    evenness: [1, 2, 3, 4].map((m) => {
      const cos = mean(phases.map((phase) => Math.cos(m * phase)));
      const sin = mean(phases.map((phase) => Math.sin(m * phase)));
      return Math.hypot(cos, sin);
    }),
    meanDefect: mean(defects),
    maxDefect: Math.max(0, ...defects),
    outputOrder,
    starStep: stepOf(outputOrder),
    winding: windingOf(neurons.map(({ output }) => output.phase)),
  };
}

/** Rank of each angle, counted upwards from the first one's place on the circle. */
function placesFromFirst(angles: readonly number[]): readonly number[] {
  if (angles.length === 0) return [];
  const turned = angles.map((angle) => {
    const from = wrap(angle - angles[0]);
    return from < 0 ? from + 2 * Math.PI : from;
  });
  const order = turned.map((_, i) => i).sort((i, j) => turned[i] - turned[j] || i - j);
  const places = new Array<number>(angles.length);
  order.forEach((i, place) => (places[i] = place));
  return places;
}

/** Turns made on the way from each angle forwards to the next, and from the last back to the first. */
function windingOf(angles: readonly number[]): number {
  const turns = angles.map((angle, i) => {
    const forwards = wrap(angles[(i + 1) % angles.length] - angle) / (2 * Math.PI);
    return forwards < 0 ? forwards + 1 : forwards;
  });
  return Math.round(turns.reduce((sum, turn) => sum + turn, 0));
}

function stepOf(places: readonly number[]): number | null {
  const n = places.length;
  if (n < 2) return null;
  const step = places[1];
  return places.every((place, i) => place === (i * step) % n) ? step : null;
}
