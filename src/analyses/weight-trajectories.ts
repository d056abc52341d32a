import { float, ints } from "../options.ts";
import { defineAnalysis } from "./analysis.ts";
import type { BitNetwork } from "./bit-network.ts";
import type { Course } from "./course.ts";
import { digitCount, parity } from "./parity.ts";

export type Role = "digit" | "distraction" | "bias";

/** The input weights of a network on bits, from checkpoint to checkpoint. */
export interface TrajectoryRows {
  readonly digits: readonly number[];
  readonly steps: readonly number[];
  /** One line for each input weight, its values in the order of the steps. */
  readonly weights: readonly {
    readonly input: number;
    readonly neuron: number;
    readonly role: Role;
    readonly values: readonly number[];
  }[];
  /** Of all weights of a role, at each step. */
  readonly roles: readonly {
    readonly role: Role;
    readonly largest: readonly number[];
    readonly mean: readonly number[];
  }[];
  /**
   * The first checkpoint from which on no weight of a distracting digit is above `fallen`; null where one still is at
   * the end.
   */
  readonly lastDistraction: number | null;
  /** Largest distracting weight of the last checkpoint. */
  readonly distractionLeft: number;
  /** Share of the digits in the power of the digits' and distractions' weights, at each step. */
  readonly digitShare: readonly number[];
  /** Σ|w_t - w_0| over the input weights, at each step. */
  readonly moved: readonly number[];
}

/**
 * Weight trajectories by role, and the step at which the last distracting weight falls.
 *
 * Planted: weights that shrink to 0 at a known checkpoint are reported at that checkpoint; one that comes back is not
 * fallen before it is gone for good.
 */
export const weightTrajectories = defineAnalysis({
  name: "weight-trajectories",
  summary: "How the weights of digits, distractions and bias move, and when the last distraction falls.",
  source: "Pearce et al. 2023 (figure of weight trajectories); groklab docs/LOG.md (the bound of .05)",
  needs: "bit-course",
  fields: {
    fallen: float(0.05, "size below which a weight has fallen", { min: 0 }),
    digits: ints([], "the digits that count, from 0; none: those with influence at the last checkpoint", { min: 0 }),
  },
  run: (course, { fallen, digits: given }): TrajectoryRows => trajectoriesOf(course, fallen, given),
});

function trajectoriesOf(course: Course<BitNetwork>, fallen: number, given: readonly number[]): TrajectoryRows {
  const { moments } = course;
  const last = moments.at(-1);
  if (last === undefined) {
    const empty = { digits: [], steps: [], weights: [], roles: [], digitShare: [], moved: [] };
    return { ...empty, lastDistraction: null, distractionLeft: 0 };
  }
  const digits = given.length > 0 ? given : parity.run(last.network).digits;
  const { rows, cols } = last.network.input;
  const count = digitCount(last.network);
  const roleOf = (input: number): Role => (input >= count ? "bias" : digits.includes(input) ? "digit" : "distraction");
  const weights = Array.from({ length: rows * cols }, (_, at) => {
    const input = Math.floor(at / cols);
    const values = moments.map(({ network }) => network.input.data[at]);
    return { input, neuron: at % cols, role: roleOf(input), values };
  });
  const roles = (["digit", "distraction", "bias"] as const).map((role) => {
    const own = weights.filter((weight) => weight.role === role);
    const over = (t: number, fold: (sum: number, size: number) => number) =>
      own.reduce((sum, { values }) => fold(sum, Math.abs(values[t])), 0);
    return {
      role,
      largest: moments.map((_, t) => over(t, Math.max)),
      mean: moments.map((_, t) => over(t, (sum, size) => sum + size) / Math.max(1, own.length)),
    };
  });
  const distraction = roles[1].largest;
  const above = distraction.findLastIndex((size) => !(size <= fallen));
  const steps = moments.map(({ step }) => step);
  return {
    digits,
    steps,
    weights,
    roles,
    lastDistraction: above + 1 < steps.length ? steps[above + 1] : null,
    distractionLeft: distraction.at(-1) ?? 0,
    digitShare: moments.map((_, t) => {
      const power = (role: Role) => weights.reduce((sum, w) => (w.role === role ? sum + w.values[t] ** 2 : sum), 0);
      const own = power("digit");
      return own / (own + power("distraction"));
    }),
    moved: moments.map((_, t) => weights.reduce((sum, { values }) => sum + Math.abs(values[t] - values[0]), 0)),
  };
}
