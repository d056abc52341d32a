import { sha256 } from "@noble/hashes/sha2.js";
import { zlibSync } from "fflate";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quick } from "../../../experiments/quick.ts";
import { FormatError } from "../../tensor/formats/format-error.ts";
import type { Eval } from "../../train/eval.ts";
import { plan } from "../../train/plan.ts";
import { decodeRecordings } from "./decode.ts";
import { encodeRecordings, hashLength, magic } from "./encode.ts";
import { decodeFloats, decodePlanes, decodeShorts, encodeFloats, encodePlanes, encodeShorts } from "./planes.ts";
import type { Recording } from "./recording.ts";
import { dequantize, maxLevel, quantize } from "./track.ts";

const evalAt = (step: number): Eval => ({
  step,
  train: { loss: 0.7 / (step + 1), accuracy: 1 / 3 },
  test: { loss: step === 20 ? NaN : 1e-7, accuracy: 0.5 },
  normL1: 1234.5678,
  normL2: 37.386533,
});
/** Two matrices of 3 x 2 that change smoothly, at three steps. */
const data = Float32Array.from({ length: 18 }, (_, i) => Math.sin(i % 6) * (1 + Math.floor(i / 6)) + 0.01 * i);
const recording: Recording = {
  plan: plan(quick.experiment),
  evals: [evalAt(0), evalAt(20), evalAt(1_000_000)],
  tracks: [{ name: "inputs.0", rows: 3, cols: 2, steps: [0, 20, 1_000_000], data }],
  verdict: {
    ...{ label: "grok", policy: "accuracy", className: "Train/Test Drop Together" },
    ...{ fitStep: 20, generalizeStep: 1_000_000, lastStep: null },
  },
  extremes: { minTrain: 1e-7, minTest: 0, maxRatio: null },
  weightsHash: `sha256:${"0".repeat(64)}`,
};

describe("planes", () => {
  it("give back whole numbers, floats and shorts of every kind", () => {
    const whole = [0, 7, 7, 4_294_967_295, 3, 1_000_000_000];
    expect([...decodePlanes(encodePlanes(whole))]).toEqual(whole);
    const floats = [0, -0, NaN, Infinity, -Infinity, 1e-45, 0.1, -3.5].map(Math.fround);
    expect([...decodeFloats(encodeFloats(floats))]).toEqual(floats);
    const shorts = Int16Array.of(0, -1, 1, 32767, -32768, 255, -256);
    expect(decodeShorts(encodeShorts(shorts))).toEqual(shorts);
  });
});

describe("a track", () => {
  it("errs by at most half a level of the matrix's largest entry, at every step", () => {
    const run = fc.record({
      levels: fc.constantFrom(15, 127, maxLevel),
      values: fc.array(fc.float({ noNaN: true, min: -1000, max: 1000 }), { minLength: 12, maxLength: 12 }),
      growth: fc.float({ noNaN: true, min: Math.fround(0.01), max: 100 }),
    });
    fc.assert(
      fc.property(run, ({ levels, values, growth }) => {
        const data = Float32Array.from(values, (value, i) => value * growth ** Math.floor(i / 4));
        const back = dequantize(quantize({ name: "w", rows: 2, cols: 2, steps: [0, 1, 2], data }, levels), 4);
        for (let frame = 0; frame < 3; frame++) {
          const part = [...data.subarray(4 * frame, 4 * frame + 4)];
          const largest = Math.max(...part.map(Math.abs));
          part.forEach((value, i) =>
            expect(Math.abs(back[4 * frame + i] - value)).toBeLessThanOrEqual((largest / levels / 2) * 1.0001 + 1e-40),
          );
        }
      }),
    );
  });

  it("cannot hold what is not finite", () => {
    const bad = { name: "w", rows: 1, cols: 1, steps: [5], data: Float32Array.of(NaN) };
    expect(() => quantize(bad)).toThrow("w: not a finite number at step 5");
  });
});

describe("a file of recordings", () => {
  it("gives back plan, curves to 7 digits, matrices to half a level, verdict and hash", () => {
    const [back] = decodeRecordings(encodeRecordings([recording]));
    const { evals, tracks, ...rest } = recording;
    expect({ ...back, evals: [], tracks: [] }).toEqual({ ...rest, evals: [], tracks: [] });
    const rounded = evals.map(({ step, train, test, normL1, normL2 }) => ({
      step,
      train: { loss: Math.fround(train.loss), accuracy: Math.fround(train.accuracy) },
      test: { loss: Math.fround(test.loss), accuracy: Math.fround(test.accuracy) },
      normL1: Math.fround(normL1),
      normL2: Math.fround(normL2),
    }));
    expect(back.evals).toEqual(rounded);
    expect(back.tracks[0].steps).toEqual(tracks[0].steps);
    back.tracks[0].data.forEach((value, i) => expect(Math.abs(value - data[i])).toBeLessThan(4 / maxLevel / 2));
  });

  it("holds many seeds of one plan, and keeps the plan once", () => {
    const seeds = Array.from({ length: 50 }, (_, seed) => ({ ...recording, plan: { ...recording.plan, seed } }));
    const file = encodeRecordings(seeds);
    expect(decodeRecordings(file).map((run) => run.plan.seed)).toEqual(seeds.map((run) => run.plan.seed));
    expect(file.length).toBeLessThan(50 * 250);
  });

  it("keeps further measures, and which evaluations lack them", () => {
    const evals = [evalAt(0), { ...evalAt(20), measures: { "test.accuracy.none/orc": 0.25 } }];
    const [back] = decodeRecordings(encodeRecordings([{ ...recording, evals }]));
    expect(back.evals.map((e) => e.measures)).toEqual([undefined, { "test.accuracy.none/orc": 0.25 }]);
  });

  it("is the same bytes each time", () => {
    expect(encodeRecordings([recording])).toEqual(encodeRecordings([recording]));
  });
});

describe("a file from anywhere", () => {
  const good = encodeRecordings([recording]);
  /** A whole file around an altered body, with the right hash. */
  const forged = (body: Uint8Array, announced = body.length): Uint8Array => {
    const content = new Uint8Array([...new Uint8Array(new Uint32Array([announced]).buffer), ...zlibSync(body)]);
    return new Uint8Array([...magic, ...sha256(content).subarray(0, hashLength), ...content]);
  };
  const withHeader = (header: unknown, numbers = 0): Uint8Array => {
    const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
    return forged(
      new Uint8Array([...new Uint8Array(new Uint32Array([text.length]).buffer), ...text, ...new Uint8Array(numbers)]),
    );
  };
  const { seed: _, ...bare } = recording.plan;
  const run = { plan: 0, seed: 0, evals: 0, measures: [] as unknown[], tracks: [] as unknown[] };
  const track = { name: "w", rows: 1, cols: 1, steps: [0] };

  it("is refused where a byte has changed or is missing", () => {
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bad = good.slice();
        bad[at] ^= change;
        expect(() => decodeRecordings(bad)).toThrow(FormatError);
        expect(() => decodeRecordings(good.subarray(0, at))).toThrow(FormatError);
      }),
      { numRuns: 200 },
    );
  });

  it("cannot inflate to more than it announces, nor announce more than is allowed", () => {
    expect(() => decodeRecordings(forged(new Uint8Array(1_000_000), 100))).toThrow("does not inflate to the 100 bytes");
    expect(() => decodeRecordings(forged(new Uint8Array(10), 4_000_000_000))).toThrow("at most 96000000");
  });

  it("is read where header and numbers agree", () => {
    expect(decodeRecordings(withHeader({ plans: [bare], runs: [{ ...run, tracks: [track] }] }, 6))).toHaveLength(1);
  });

  it.each<[string, unknown]>([
    ["is not JSON", "{"],
    ["no plans and runs", []],
    ["more plans than runs", { plans: [bare, bare], runs: [run] }],
    ["cannot be trained", { plans: [{ ...bare, task: { name: "<script>" } }], runs: [run] }],
    ["not written out in full", { plans: [{ ...bare, training: { steps: 5 } }], runs: [run] }],
    ["cannot be trained", { plans: [{ ...bare, extra: 1 }], runs: [run] }],
    ["names no plan and seed", { plans: [bare], runs: [{ ...run, plan: 1 }] }],
    ["names no plan and seed", { plans: [bare], runs: [{ ...run, seed: -1 }] }],
    ["number of evaluations", { plans: [bare], runs: [{ ...run, evals: 1e9 }] }],
    ["at most 256 measures", { plans: [bare], runs: [{ ...run, measures: ["<b>"] }] }],
    ["at most 1000000 entries", { plans: [bare], runs: [{ ...run, tracks: [{ ...track, rows: 1e6, cols: 1e6 }] }] }],
    ["has no name", { plans: [bare], runs: [{ ...run, tracks: [{ ...track, name: "<b>" }] }] }],
    ["do not ascend", { plans: [bare], runs: [{ ...run, tracks: [{ ...track, steps: [3, 3] }] }] }],
    ["is none", { plans: [bare], runs: [{ ...run, verdict: { label: "<b>", policy: "accuracy" } }] }],
    ["of at least 0", { plans: [bare], runs: [{ ...run, extremes: { minTrain: "<b>" } }] }],
    ["is none", { plans: [bare], runs: [{ ...run, weightsHash: "sha256:<b>" }] }],
    ["bytes instead of", { plans: [bare], runs: [{ ...run, evals: 3 }] }],
  ])("is refused where its header %s", (message, header) => {
    expect(() => decodeRecordings(withHeader(header))).toThrow(FormatError);
    expect(() => decodeRecordings(withHeader(header))).toThrow(message);
  });
});
