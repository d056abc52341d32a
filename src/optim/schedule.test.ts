import { describe, expect, it } from "vitest";
import { resolve } from "../options.ts";
import { learningRateAt, scheduleFields } from "./schedule.ts";

const rates = (given: Record<string, unknown>, counts: readonly number[], steps = 100): number[] => {
  const options = resolve(scheduleFields, { learningRate: 2, ...given }, "optimizer");
  return counts.map((count) => learningRateAt(options, count, steps));
};

describe("learningRateAt", () => {
  it("is the same at every update when constant", () => {
    expect(rates({}, [1, 50, 100, 1000])).toEqual([2, 2, 2, 2]);
  });

  it("rises in a straight line to the peak at the last update of the warm-up", () => {
    expect(rates({ warmupSteps: 4 }, [1, 2, 3, 4, 5])).toEqual([0.5, 1, 1.5, 2, 2]);
  });

  it("falls in a straight line from there to the final rate at the last step, and stays", () => {
    const given = { schedule: "linear", warmupSteps: 20, finalLearningRate: 1 };
    expect(rates(given, [20, 40, 60, 100, 120])).toEqual([2, 1.75, 1.5, 1, 1]);
  });

  it("falls along half a cosine", () => {
    const [start, third, middle, end, after] = rates({ schedule: "cosine", warmupSteps: 10 }, [10, 40, 55, 100, 200]);
    expect([start, end, after]).toEqual([2, 0, 0]);
    expect(third).toBeCloseTo(1.5, 14);
    expect(middle).toBeCloseTo(1, 14);
  });

  it("ends its decay where it is told, also past the end of the run", () => {
    expect(rates({ schedule: "linear", decaySteps: 200 }, [1, 100, 200])).toEqual([1.99, 1, 0]);
    expect(rates({ schedule: "linear", warmupSteps: 10, decaySteps: 5 }, [10, 11])).toEqual([2, 0]);
  });
});
