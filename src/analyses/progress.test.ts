import { describe, expect, it } from "vitest";
import { chartsOf } from "./charts.ts";
import { circuit } from "./circuit.ts";
import type { Course } from "./course.ts";
import type { Network } from "./network.ts";
import { progress } from "./progress.ts";
import { rebuild } from "./rebuild.ts";
import { heldOutSums } from "./sum-part.ts";
import { adder, memorizer, unstructured } from "./testing/planted.ts";

const groups = [
  { frequency: 3, neurons: 5, rotation: 0.3, amplitude: 2 },
  { frequency: 8, neurons: 5, rotation: 0.9, amplitude: 2 },
];
const knows = adder(23, groups, "relu");

/** A run of these networks, 100 steps apart. */
const courseOf = (networks: readonly Network[], generalizeStep: number | null = null): Course => ({
  evals: [],
  fitStep: 0,
  generalizeStep,
  precision: "float64",
  moments: networks.map((network, i) => ({ step: 100 * i, network, norms: { W: { l1: 10 - i, l2: 5 - i / 2 } } })),
});

describe("progress measures", () => {
  it("of planted waves are at their ends", () => {
    const { rows, keyFrequencies } = progress.run(courseOf([knows]));
    expect(keyFrequencies).toEqual([3, 8]);
    const [row] = rows;
    expect(row).toMatchObject({ activeFrequencies: 2, fittingNeurons: 10, heldOutSums: 1, restrictedAccuracy: 1 });
    expect(row.phaseDefect).toBeLessThan(1e-9);
    expect(row.participationInput).toBeCloseTo(1, 9);
    expect(row.giniInput).toBeGreaterThan(0.8);
    expect(row.excludedLoss).toBeGreaterThan(row.trainLoss + 1);
    expect([row.normL1, row.normL2]).toEqual([10, 5]);
  });

  it("of a network that memorizes stay at chance, though it knows its training pairs", () => {
    const [row] = progress.run(courseOf([memorizer(23, 4)])).rows;
    expect(row.trainAccuracy).toBe(1);
    expect(row.fittingNeurons).toBe(0);
    expect(row.heldOutSums).toBeLessThan(0.2);
  });

  it("count an example without gradient where the label's probability rounds to 1", () => {
    const data = (factor: number) => ({ ...knows.output, data: knows.output.data.map((x) => x * factor) });
    const shares = [0.01, 1, 1e3].map((factor) => {
      const course = courseOf([{ ...knows, output: data(factor) }]);
      return progress.run({ ...course, precision: "float32" }).rows[0].zeroGradient;
    });
    expect(shares[0]).toBe(0);
    expect(shares[2]).toBeGreaterThan(0.9);
    expect(shares[1]).toBeLessThan(shares[2]);
  });

  it("restricted to every frequency are those of the part that knows the sum alone", () => {
    const rebuilt = rebuild(knows, circuit.run(knows));
    expect(heldOutSums(rebuilt)).toBe(1);
    expect(chartsOf(23)).toHaveLength(6);
  });
});

describe("leads", () => {
  const blank = unstructured(23, 10, 1);

  it("are counted from the third checkpoint in a row, without looking ahead", () => {
    const { leads } = progress.run(courseOf([blank, blank, blank, knows, knows, knows, knows], 900));
    const lead = leads.find(({ measure }) => measure === "Gini, input");
    expect(lead).toMatchObject({ step: 500, lead: 400, hindsight: false });
    expect(lead?.ratio).toBeCloseTo(5 / 9, 12);
  });

  it("are not announced by one checkpoint alone", () => {
    const { leads } = progress.run(courseOf([blank, knows, blank, knows, knows, blank], 900));
    expect(leads.find(({ measure }) => measure === "Gini, input")?.step).toBeNull();
  });

  it("of weights that do not move are announced by no rule about movement", () => {
    const course = courseOf([blank, blank, blank, blank, blank], 400);
    const still = course.moments.map((moment) => ({ ...moment, norms: { W: { l1: 1, l2: 1 } } }));
    const moving = ["L1 norm", "L2 norm", "logit scale", "test loss", "excluded loss"];
    const { leads } = progress.run({ ...course, moments: still });
    expect(leads.filter(({ measure }) => moving.includes(measure)).map(({ step }) => step)).toEqual(
      Array(5).fill(null),
    );
  });
});

it("a course without checkpoints has no rows", () => {
  expect(progress.run(courseOf([]))).toEqual({ keyFrequencies: [], rows: [], leads: [] });
});
