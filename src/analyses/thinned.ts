import type { BitExplanation } from "./explain-bits.ts";
import type { TrajectoryRows } from "./weight-trajectories.ts";

/** Trajectories at some of the checkpoints, and which. Plain JSON. */
export interface ThinnedTrajectories extends TrajectoryRows {
  readonly thinned: {
    readonly checkpoints: number;
    readonly kept: number;
    /** Significant digits that are left of each value. */
    readonly digits: number;
  };
}

/**
 * The weights of 32 neurons at 250 checkpoints are megabytes of digits that nobody reads: kept are the first and the last
 * checkpoint, that of the last distraction's fall, and others at equal distances in between.
 */
export function thinned(rows: TrajectoryRows, most = 100, digits = 4): ThinnedTrajectories {
  const { steps } = rows;
  const stride = Math.max(1, Math.ceil((steps.length - 1) / Math.max(1, most - 2)));
  const kept = [...steps.keys()].filter((i) => i % stride === 0 || i === steps.length - 1 || steps[i] === rows.lastDistraction); // prettier-ignore
  const some = (values: readonly number[]): readonly number[] => kept.map((i) => Number(values[i].toPrecision(digits)));
  return {
    ...rows,
    thinned: { checkpoints: steps.length, kept: kept.length, digits },
    steps: kept.map((i) => steps[i]),
    weights: rows.weights.map((weight) => ({ ...weight, values: some(weight.values) })),
    roles: rows.roles.map(({ role, largest, mean }) => ({ role, largest: some(largest), mean: some(mean) })),
    digitShare: some(rows.digitShare),
    moved: some(rows.moved),
  };
}

/** An explanation as it is written down: its trajectories thinned. Others come back as they are. */
export const writtenDown = <E extends { readonly kind: string }>(explanation: E): E => {
  const { trajectories } = explanation as unknown as Partial<BitExplanation>;
  return trajectories ? { ...explanation, trajectories: thinned(trajectories) } : explanation;
};
