import { choice, float, int, type Values } from "../options.ts";
import { cos, read, scope, tensor } from "../tensor/index.ts";

/** Learning rate and its course, the same for every optimiser. */
export const scheduleFields = {
  learningRate: float(1e-3, "peak learning rate", { min: 0, exclusiveMin: true, max: 1e3 }),
  schedule: choice(["constant", "linear", "cosine"], "constant", "course of the learning rate after the warm-up"),
  warmupSteps: int(0, "updates over which the rate rises in a straight line; the first update has rate / warmupSteps", {
    min: 0,
  }),
  decaySteps: int(0, "update at which linear or cosine decay ends; 0: the last step of the run", { min: 0 }),
  finalLearningRate: float(0, "rate that linear and cosine decay end at", { min: 0 }),
};
export type ScheduleOptions = Values<typeof scheduleFields>;

/**
 * Learning rate of update `count` (from 1) of a run of `steps` updates. The last update of the warm-up has the peak rate;
 * with decay the rate falls from there to `finalLearningRate` at update `decaySteps`, and stays. Without a warm-up the
 * peak would be that of update 0.
 */
export function learningRateAt(options: ScheduleOptions, count: number, steps: number): number {
  const { learningRate: peak, finalLearningRate: final, warmupSteps: warmup } = options;
  if (count <= warmup) return (peak * count) / warmup;
  if (options.schedule === "constant") return peak;
  const end = options.decaySteps > 0 ? options.decaySteps : steps;
  const done = end <= warmup ? 1 : Math.min(1, (count - warmup) / (end - warmup));
  const left = options.schedule === "linear" ? 1 - done : (1 + cosine(Math.PI * done)) / 2;
  return final + (peak - final) * left;
}

/** The engine's cosine: JavaScript's own differs between engines in the last digit. */
function cosine(angle: number): number {
  return scope(() => read(cos(tensor([angle], [1], "float64")))[0]);
}
