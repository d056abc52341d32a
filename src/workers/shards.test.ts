import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expand, type SweepRun } from "../train/sweep.ts";
import { planCost } from "./plan-cost.ts";
import { divide, mayHoldRuns, shardSegment } from "./shards.ts";

const { runs } = expand({
  base: {
    task: { name: "sparse-parity", n: 8, k: 2, trainSize: 40, testSize: 40 },
    model: { name: "bit-mlp", dMlp: 8 },
    optimizer: { name: "adamw" },
    training: { steps: 100, evalEvery: 10, checkpointEvery: 0 },
  },
  axes: [
    { option: "steps", values: [100, 1000] },
    { option: "dMlp", values: [4, 8, 32] },
  ],
  seeds: [0, 1, 2, 3, 4],
});
const ids = (part: readonly SweepRun[]) => part.map(({ id }) => id);

describe("the division of a sweep", () => {
  it("gives every run to one part, in the order of the sweep, the same whatever order the runs are in", () => {
    const parts = divide(runs, 4);
    expect(parts.flatMap(ids).sort()).toEqual(ids(runs).sort());
    for (const part of parts) expect(ids(part)).toEqual(ids(runs).filter((id) => ids(part).includes(id)));
    const again = divide([...runs].reverse(), 4);
    expect(again.map((part) => ids(part).sort())).toEqual(parts.map((part) => ids(part).sort()));
  });

  it("is even: no part is heavier than another by more than its lightest run", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 30, maxLength: 30 }), fc.integer({ min: 1, max: 12 }), (costs, n) => {
        const cost = new Map(runs.map(({ id }, i) => [id, costs[i]]));
        const parts = divide(runs, n, ({ id }) => cost.get(id)!);
        const loads = parts.map((part) => part.reduce((sum, { id }) => sum + cost.get(id)!, 0));
        const lightest = Math.min(...parts[loads.indexOf(Math.max(...loads))].map(({ id }) => cost.get(id)!));
        expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(lightest);
      }),
    ); // prettier-ignore
  });

  it("divides a hundred thousand runs into a thousand parts at once", () => {
    const many = Array.from({ length: 100_000 }, (_, i) => ({ ...runs[0], id: `a-s${i}` }));
    const parts = divide(many, 1000, () => 1);
    expect(parts.every(({ length }) => length === 100)).toBe(true);
  });

  it("knows which segments cannot hold runs of a part", () => {
    const reads = mayHoldRuns("mine-1", { index: 1, of: 4 });
    const segments = [shardSegment("mine-1", { index: 2, of: 4 }), "mine-1.2-of-8", "other-1.1-of-4"];
    expect(segments.map(reads)).toEqual([false, true, true]);
  });
});

describe("the cost of a plan", () => {
  it("grows with steps, width and data, and not with the seed or the weight decay", () => {
    const of = (change: object, optimizer: object = {}) => {
      const [{ plan }] = runs;
      const { task, model, training } = plan;
      return planCost({ ...plan, ...{ task: { ...task, ...change }, model: { ...model, ...change } }, training: { ...training, ...change }, optimizer: { ...plan.optimizer, ...optimizer } }); // prettier-ignore
    };
    const base = of({});
    expect(of({ steps: 200 }) / base).toBeCloseTo(2, 0);
    expect(of({ dMlp: 8 }) / base).toBeCloseTo(2, 0);
    expect(of({ trainSize: 400 }) / base).toBeGreaterThan(5);
    expect(planCost({ ...runs[0].plan, seed: 7 })).toBe(base);
    expect(of({}, { weightDecay: 3 })).toBe(base);
  });

  it("of languages is told without building one, and of what cannot be trained is nothing", () => {
    const language = expand({
      base: { task: { name: "question-formation" }, model: { name: "transformer" }, optimizer: { name: "adamw" } },
      axes: [{ option: "nLayers", values: [2, 4] }],
      seeds: [0],
    }).runs;
    const [two, four] = language.map(({ plan }) => planCost(plan));
    expect(four / two).toBe(2);
    expect(planCost({ ...runs[0].plan, training: { ...runs[0].plan.training, loss: "nats-per-class" } })).toBe(0);
  });
});
