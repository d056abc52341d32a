import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fiveNeurons } from "../../experiments/five-neurons.ts";
import { modularAddition } from "../../experiments/modular-addition.ts";
import { sparseParity } from "../../experiments/sparse-parity.ts";
import { explainBits } from "../../src/analyses/explain-bits.ts";
import { explainNetwork } from "../../src/analyses/explain-network.ts";
import { subjectOf } from "../../src/analyses/subject.ts";
import { decodeNpz } from "../../src/tensor/formats/npz.ts";
import type { Experiment } from "../../src/train/experiment.ts";
import { plan } from "../../src/train/plan.ts";

// Made by scripts/trained-fixtures.mjs: weights of the declared runs at their last step, multiplied out.
function trained(name: string, experiment: Experiment) {
  const arrays = decodeNpz(readFileSync(join(import.meta.dirname, `${name}.npz`)));
  return { arrays, subject: subjectOf(plan(experiment)) };
}
const degrees = (angle: number): number => (180 / Math.PI) * angle;

describe("the main run", () => {
  const { arrays, subject } = trained("modular-addition", modularAddition.experiment);
  if (subject.kind !== "network") throw new Error("it adds");
  const explained = explainNetwork(subject.read(arrays));

  it("is a Fourier circuit whose frequencies need each other", () => {
    const { mechanism, logits, interference, circuit } = explained;
    expect(mechanism).toMatchObject({ label: "fourier-circuit", parts: [1, 15, 23], carried: 1 });
    for (const { r2 } of logits.frequencies) expect(r2).toBeGreaterThan(0.95);
    const alone = interference.frequencies.map(({ kept }) => kept.test.accuracy);
    expect(alone.reduce((sum, accuracy) => sum + accuracy, 0)).toBeLessThan(0.7);
    expect(interference.circuit.test.accuracy).toBe(1);
    expect(circuit.unfit).toEqual([]);
    for (const { maxDefect, winding } of circuit.groups) {
      expect(degrees(maxDefect)).toBeLessThan(7);
      expect(winding).toBe(2);
    }
  });

  it("is rebuilt from its waves, and its confidence by second waves in antiphase", () => {
    const { rebuild, harmonics } = explained;
    expect(rebuild.rebuilt.test.accuracy).toBe(1);
    for (const { alignment } of harmonics.frequencies) expect(alignment).toBeLessThan(-0.95);
    expect(harmonics.waves.test.loss).toBeGreaterThan(0.01);
    expect(harmonics.withHarmonics.test.loss).toBeLessThan(1.5 * rebuild.network.test.loss);
  });
});

describe("the five neurons", () => {
  const { arrays, subject } = trained("five-neurons", fiveNeurons.experiment);
  if (subject.kind !== "network") throw new Error("they add");
  const { mechanism, circuit } = explainNetwork(subject.read(arrays));

  it("stand a fifth of the circle apart, and point to twice the angle", () => {
    expect(mechanism.parts).toEqual([1]);
    const [group] = circuit.groups;
    expect(degrees(group.gapError)).toBeLessThan(4);
    expect(degrees(group.maxDefect)).toBeLessThan(5);
    expect(group.starStep).toBe(2);
  });

  it("have the published norms", () => {
    const neurons = [...circuit.groups[0].neurons].sort((x, y) => x.index - y.index);
    expect(neurons.map(({ a }) => Number(a.norm.toFixed(1)))).toEqual([140.5, 140.5, 140.5, 137.8, 170.9]);
    expect(neurons.map(({ output }) => Math.round(output.norm))).toEqual([146, 154, 148, 156, 128]);
  });
});

describe("the parity run", () => {
  const { arrays, subject } = trained("sparse-parity", sparseParity.experiment);
  if (subject.kind !== "bits") throw new Error("it reads bits");
  const { mechanism, parity } = explainBits(subject.read(arrays));

  it("answers by the first three digits, with four neurons of the known form", () => {
    expect(mechanism).toMatchObject({ label: "parity", parts: [0, 1, 2], carried: 1 });
    expect(parity.subnetwork.size).toBe(4);
    const needed = parity.neurons.filter(({ survives }) => survives);
    expect(needed.every(({ known }) => known)).toBe(true);
    for (const { balanceL1 } of needed) expect(Math.abs(balanceL1 - 1)).toBeLessThan(0.2);
  });
});
