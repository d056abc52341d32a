import type { Eval, Score } from "../train/eval.ts";
import type { Mechanism } from "./mechanism.ts";

/** A run between two turning points of its test loss, and what the network computed with at the end of it. Plain JSON. */
export interface Stage {
  /** `generalizes`: its test loss falls. `memorizes`: it rises. */
  readonly trend: "generalizes" | "memorizes";
  readonly from: number;
  /** The turning point, or the last evaluation. */
  readonly to: number;
  /** The checkpoint nearest to it, which was explained. */
  readonly step: number;
  /** As evaluated at the turning point. */
  readonly train: Score;
  readonly test: Score;
  readonly mechanism: Pick<Mechanism, "label" | "sentence" | "parts" | "carried">;
  /** Accuracy on held-out examples of what was rebuilt from the mechanism; null where nothing was. */
  readonly rebuilt: number | null;
}

export interface StageRows {
  /** By which factor the test loss must turn around to make a stage. */
  readonly factor: number;
  readonly stages: readonly Stage[];
}

/** What a stage needs to know of a checkpoint. */
export type StageReading = Pick<Stage, "mechanism" | "rebuilt">;

/** A curve that turns around more often is asked for larger turns. */
const mostStages = 5;
const factors = [1.5, 3, 10, 100, 1000, 1e6] as const;

/**
 * The stages of a run: its test loss falls by a rule and rises by heart, whatever its accuracy does meanwhile. The mechanism
 * is read at the turning points, so that a network that generalizes, memorizes and generalizes again is told as that
 * (Pearce et al. 2023 show two such runs). A turn is one by a factor of 1.5, or by the next larger one for which there are
 * at most five stages.
 *
 * Planted: a curve that falls, rises and falls has three stages; ripples below the factor make none.
 */
export function stagesOf(
  evals: readonly Eval[],
  checkpoints: readonly number[],
  read: (checkpoint: number) => StageReading,
): StageRows {
  const last = checkpoints[checkpoints.length - 1] ?? 0;
  const known = evals.filter(({ step, test }) => step <= last && Number.isFinite(test.loss) && test.loss > 0);
  const turns = factors.map((factor) => ({ factor, points: turningPoints(known, factor) }));
  const { factor, points } = turns.find(({ points }) => points.length <= mostStages + 1) ?? turns[turns.length - 1];
  const stages = points.slice(1).flatMap((end, i): readonly Stage[] => {
    const begin = points[i];
    const at = nearest(checkpoints, end.step);
    if (at === undefined) return [];
    const trend = end.test.loss < begin.test.loss ? "generalizes" : "memorizes";
    const { train, test } = end;
    return [{ trend, from: begin.step, to: end.step, step: checkpoints[at], train, test, ...read(at) }];
  });
  return { factor, stages };
}

/** The first evaluation, those at which the test loss turns around by the factor, and the last one. */
function turningPoints(evals: readonly Eval[], factor: number): readonly Eval[] {
  if (evals.length < 2) return [];
  const points = [evals[0]];
  let [low, high] = [evals[0], evals[0]];
  let rising: boolean | undefined;
  for (const point of evals) {
    const { loss } = point.test;
    if (loss < low.test.loss) low = point;
    if (loss > high.test.loss) high = point;
    if (rising !== false && loss * factor <= high.test.loss) {
      // The first direction begins with the run, whatever ripple came before it.
      if (rising) points.push(high);
      [rising, low] = [false, point];
      high = point;
    } else if (rising !== true && loss >= factor * low.test.loss) {
      if (rising === false) points.push(low);
      [rising, high] = [true, point];
      low = point;
    }
  }
  const last = evals[evals.length - 1];
  return points[points.length - 1] === last ? points : [...points, last];
}

/** Place of the checkpoint nearest to a step, the earlier of two. */
function nearest(checkpoints: readonly number[], step: number): number | undefined {
  if (checkpoints.length === 0) return undefined;
  return checkpoints.reduce(
    (best, one, i) => (Math.abs(one - step) < Math.abs(checkpoints[best] - step) ? i : best),
    0,
  );
}
