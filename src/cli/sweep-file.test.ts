import { describe, expect, it } from "vitest";
import { expand } from "../train/sweep.ts";
import { readSweep } from "./sweep-file.ts";

const whole = `# Weight decay against width, under two penalties
base:
  task: { name: sparse-parity, n: 8, k: 2, trainSize: 40, testSize: 40 }
  model: { name: bit-mlp, dMlp: 8 }
  optimizer: { name: adamw, learningRate: 1e-2 }
set:
  training.steps: 200
axes:
  trainSize: [30, 40]
  rule:
    L2: { weightDecay: 0.1 }
    L1: { optimizer: adam-l1, l1: 1e-4, learningRate: 0.02 }
seeds: 0,2-3
policy: pair
`;

describe("a sweep's file", () => {
  it("gives base, changes of it, axes of values and of named points, seeds and policy", () => {
    const { name, sweep, policy } = readSweep(whole, "some/decay.yaml");
    expect({ name, policy }).toEqual({ name: "decay", policy: "pair" });
    expect(sweep.base.training).toEqual({ steps: 200 });
    expect(sweep.seeds).toEqual([0, 2, 3]);
    const { runs } = expand(sweep);
    expect(runs).toHaveLength(12);
    expect(runs.at(-1)).toMatchObject({
      setting: { "task.trainSize": 40, rule: "L1" },
      plan: { optimizer: { name: "adam-l1", l1: 1e-4, learningRate: 0.02 }, seed: 3 },
    });
  });

  it("is the same as JSON, and as the Sweep itself", () => {
    const { sweep } = readSweep(whole, "a.yaml");
    const again = readSweep(JSON.stringify(sweep, undefined, "\t"), "a.json").sweep;
    expect(expand(again)).toEqual(expand(sweep));
    const { base, axes, seeds } = sweep;
    expect(readSweep(JSON.stringify({ seeds, axes, base }), "a.json").sweep).toEqual(sweep);
  });

  it("may name an experiment as its base, and leave seeds out", () => {
    const { sweep } = readSweep("base: quick\naxes:\n  weightDecay: [0.01, 0.1]\n", "a.yml");
    expect(sweep.base.task.name).toBe("sparse-parity");
    expect(sweep.seeds).toEqual([0]);
    expect(expand(sweep).runs).toHaveLength(2);
  });

  const base = "base: quick\n";
  it.each([
    ["", "line 1, column 1: give base, set, axes, seeds"],
    ["base: quick\naxes: [", /line 2, column \d+: Flow sequence/],
    ["base: quick\nbase: quick\n", /line 2, column 1: Map keys must be unique/],
    [
      `${base}axis: {}\n`,
      `line 2, column 1: axis: unknown; known: base, set, axes, seeds, policy; did you mean "axes"?`,
    ],
    ["base: quik\n", /line 1, column 1: unknown experiment "quik".*did you mean "quick"/],
    ["axes: {}\n", "line 1, column 1: base: give the name of an experiment, or its task, model and optimizer"],
    [
      "base:\n  task: { name: sparse-parity }\n  model:\n    name: bit-mlp\n    dMpl: 3\n  optimizer: { name: adamw }\n",
      /line 5, column 5: model\.dMpl: unknown.*did you mean "dMlp"/,
    ],
    [`${base}set:\n  steps: 100\n  weightDecay: -1\n`, /line 4, column 3: optimizer\.weightDecay: -1 is not allowed/],
    [`${base}axes:\n  weigthDecay: [1]\n`, /line 3, column 3: unknown option "weigthDecay"/],
    [`${base}axes:\n  dMlp: [8, 0.5]\n`, /line 3, column 3: model\.dMlp: 0\.5 is not allowed/],
    [`${base}axes:\n  dMlp: []\n`, /line 3, column 3: sweep: axis model\.dMlp is empty/],
    [`${base}axes:\n  dMlp: 8\n`, "line 3, column 3: dMlp: give a list of values, or named points"],
    [`${base}axes:\n  rule:\n    L1: 3\n`, "line 4, column 5: point L1: give options with their values"],
    [`${base}axes:\n  a: { x: { dMlp: 8 } }\n  dMlp: [4]\n`, /line 2, column 1: .*both set model\.dMlp/],
    [`${base}seeds: 8-0\n`, /line 2, column 1: seeds: "8-0" is not allowed/],
    [`${base}seeds: [0, 1.5]\n`, /sweep\.seeds: 1\.5 is not allowed/],
    [`${base}policy: pear\n`, /line 2, column 1: unknown policy "pear".*did you mean "pair"/],
    [`{"base": "quick", "axes": [{"option": "dMlp", "vals": [1]}]}`, /column 47: "vals": unknown in an axis/],
  ])("%j is refused with its place", (text, message) => {
    const read = () => readSweep(text, "mine.yaml");
    expect(read).toThrow(typeof message === "string" ? `mine.yaml, ${message}` : message);
    expect(read).toThrow(/^mine\.yaml, line \d+, column \d+: /);
  });
});
