import { expect, it } from "vitest";
import { thinned, writtenDown } from "./thinned.ts";
import type { TrajectoryRows } from "./weight-trajectories.ts";

const count = 251;
const values = Array.from({ length: count }, (_, i) => Math.sqrt(i + 1));
const rows: TrajectoryRows = {
  digits: [0],
  steps: values.map((_, i) => 16 * i),
  weights: [{ input: 0, neuron: 1, role: "digit", values }],
  roles: [{ role: "digit", largest: values, mean: values }],
  lastDistraction: 16 * 137,
  distractionLeft: 0,
  digitShare: values,
  moved: values,
};

it("thinned trajectories say what was left out, and keep the ends and the fall", () => {
  const few = thinned(rows, 50);
  expect(few.thinned).toEqual({ checkpoints: 251, kept: few.steps.length, digits: 4 });
  expect(few.steps.length).toBeLessThanOrEqual(50);
  expect([few.steps[0], few.steps.at(-1)]).toEqual([0, 4000]);
  expect(few.steps).toContain(16 * 137);
  const at = few.steps.indexOf(16 * 137);
  for (const kept of [few.weights[0].values, few.roles[0].largest, few.roles[0].mean, few.digitShare, few.moved]) {
    expect(kept).toHaveLength(few.steps.length);
    expect(kept[at]).toBe(11.75);
  }
});

it("short ones stay whole", () => {
  expect(thinned({ ...rows, steps: [0, 16, 32] }).steps).toEqual([0, 16, 32]);
});

it("what has no trajectories stays as it is", () => {
  const other = { kind: "modular" };
  expect(writtenDown(other)).toBe(other);
});
