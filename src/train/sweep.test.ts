import { describe, expect, it } from "vitest";
import type { Experiment } from "./experiment.ts";
import { plan, runId } from "./plan.ts";
import { expand, sweepId, type Sweep } from "./sweep.ts";
import { parseSeeds, withSeeds, withSettings } from "./sweep-changes.ts";

const base: Experiment = {
  task: { name: "modular-addition", p: 13 },
  model: { name: "factored", dModel: 8, dMlp: 4 },
  optimizer: { name: "adamw" },
};
const grid: Sweep = {
  base,
  axes: [
    { option: "weightDecay", values: [0.1, 1] },
    { option: "model.dMlp", values: [4, 8, 16] },
  ],
  seeds: [3, 0],
};

describe("expand", () => {
  it("makes every combination, the first axis slowest and the seed fastest", () => {
    const { runs, varying, duplicates } = expand(grid);
    const seen = runs.map(({ plan }) => [plan.optimizer["weightDecay"], plan.model["dMlp"], plan.seed]);
    expect(seen).toEqual([
      ...[0.1, 1].flatMap((wd) => [4, 8, 16].flatMap((width) => [3, 0].map((seed) => [wd, width, seed]))),
    ]);
    expect(duplicates).toBe(0);
    expect(varying).toEqual([
      { name: "optimizer.weightDecay", values: [0.1, 1] },
      { name: "model.dMlp", values: [4, 8, 16] },
    ]);
  });

  it("makes the Plans that the experiments have alone, with their ids and their place in the grid", () => {
    const { runs } = expand(grid);
    const alone = plan({
      ...base,
      model: { ...base.model, dMlp: 16 },
      optimizer: { name: "adamw", weightDecay: 0.1 },
      seed: 3,
    });
    expect(runs[4]).toEqual({
      id: runId(alone),
      plan: alone,
      setting: { "optimizer.weightDecay": 0.1, "model.dMlp": 16 },
    });
    for (const { id, plan } of runs) expect(id).toBe(runId(plan));
    expect(new Set(runs.map(({ id }) => id)).size).toBe(12);
  });

  it("is the same twice, and a bigger grid holds the runs of the smaller one", () => {
    const ids = (sweep: Sweep) => expand(sweep).runs.map(({ id }) => id);
    expect(ids(grid)).toEqual(ids(structuredClone(grid)));
    const bigger = ids({ ...grid, axes: [...grid.axes, { option: "p", values: [13, 17] }], seeds: [0, 1, 2, 3] });
    expect(ids(grid).filter((id) => !bigger.includes(id))).toEqual([]);
    expect(bigger).toHaveLength(48);
  });

  it("takes named points that set several options, another entry of a registry before its options", () => {
    const { runs, varying } = expand({
      base,
      axes: [
        {
          name: "rule",
          points: [
            { label: "L1", set: { l1: 1e-4, optimizer: "adam-l1" } },
            { label: "L2", set: { "optimizer.weightDecay": 0.5 } },
          ],
        },
      ],
      seeds: [0],
    });
    expect(runs.map(({ plan }) => plan.optimizer)).toMatchObject([
      { name: "adam-l1", l1: 1e-4 },
      { name: "adamw", weightDecay: 0.5 },
    ]);
    expect(runs.map(({ setting }) => setting)).toEqual([{ rule: "L1" }, { rule: "L2" }]);
    expect(varying).toEqual([{ name: "rule", values: ["L1", "L2"] }]);
  });

  it("makes one run of two equal Plans, and counts what it left out", () => {
    const { runs, duplicates } = expand({
      base,
      axes: [
        { option: "dMlp", values: [4, 4.0, 8] },
        {
          name: "decay",
          points: [
            { label: "default", set: {} },
            { label: "one", set: { weightDecay: 1 } },
          ],
        },
      ],
      seeds: [0, 0, 1],
    });
    expect(runs.map(({ setting, plan }) => [setting["model.dMlp"], setting["decay"], plan.seed])).toEqual([
      [4, "default", 0],
      [4, "default", 1],
      [8, "default", 0],
      [8, "default", 1],
    ]);
    expect(duplicates).toBe(8);
  });

  it("says which axes vary: not those of a single value", () => {
    const { varying } = expand({
      base,
      axes: [
        { option: "p", values: [13] },
        { option: "dMlp", values: [4, 4] },
        { option: "dModel", values: [8, 9] },
      ],
      seeds: [0],
    });
    expect(varying).toEqual([{ name: "model.dModel", values: [8, 9] }]);
  });

  it("without axes is the base with every seed", () => {
    expect(expand({ base, axes: [], seeds: [0, 1] }).runs.map(({ plan }) => plan)).toEqual([
      plan(base),
      plan({ ...base, seed: 1 }),
    ]);
  });

  it.each([
    [{ axes: [{ option: "weigthDecay", values: [1] }] }, /unknown option "weigthDecay".*did you mean "weightDecay"/],
    [{ axes: [{ option: "dMlp", values: [4, 0.5] }] }, /model\.dMlp: 0\.5 is not allowed; give a whole number/],
    [{ axes: [{ option: "dMlp", values: [] }] }, /axis model\.dMlp is empty; give at least one value/],
    [{ axes: [{ name: "rule", points: [] }] }, /axis rule is empty/],
    [{ seeds: [] }, /no seed; give at least one/],
    [{ seeds: [1.5] }, /sweep\.seeds: 1\.5 is not allowed/],
    [{ axes: [{ option: "seed", values: [1, 2] }] }, /seed is no axis; give sweep\.seeds/],
    [{ axes: [{ name: "a", points: [{ label: "x", set: { seed: 1 } }] }] }, /axis a sets seed/],
    [
      {
        axes: [
          { option: "dMlp", values: [4] },
          { option: "model.dMlp", values: [8] },
        ],
      },
      /two axes are called model\.dMlp/,
    ],
    [
      {
        axes: [
          { option: "dMlp", values: [4] },
          { name: "size", points: [{ label: "x", set: { dMlp: 8 } }] },
        ],
      },
      /the axes model\.dMlp and size both set model\.dMlp/,
    ],
    [
      { axes: [{ name: "size", points: [{ label: "x", set: { dMlp: 8, "model.dMlp": 9 } }] }] },
      /axis size sets model\.dMlp twice/,
    ],
    [
      {
        axes: [
          {
            name: "size",
            points: [
              { label: "x", set: {} },
              { label: "x", set: { p: 17 } },
            ],
          },
        ],
      },
      /axis size has two points of the same label/,
    ],
    [{ seeds: Array.from({ length: 200_000 }, (_, i) => i) }, /1200000 runs; at most 1000000/],
  ] as const)("refuses %j", (change, message) => {
    expect(() => expand({ ...grid, ...change })).toThrow(message);
  });
});

describe("sweepId", () => {
  it("is the same for the same sweep, whatever the order of its keys", () => {
    const { base, axes, seeds } = grid;
    expect(sweepId("mine", grid)).toBe(sweepId("mine", { seeds, axes, base }));
    expect(sweepId("mine", grid)).toMatch(/^mine-[0-9a-f]{10}$/);
    expect(sweepId("mine", { ...grid, seeds: [0] })).not.toBe(sweepId("mine", grid));
  });
});

describe("parseSeeds", () => {
  it.each([
    ["0-8", [0, 1, 2, 3, 4, 5, 6, 7, 8]],
    ["7", [7]],
    ["0,2,5-9", [0, 2, 5, 6, 7, 8, 9]],
    [" 3 , 1 - 2, 3 ", [3, 1, 2]],
  ])("reads %j", (text, seeds) => {
    expect(parseSeeds(text)).toEqual(seeds);
  });

  it.each(["", "8-0", "a", "1,,2", "-3", "1.5", "0-99999999999999999999"])("refuses %j", (text) => {
    expect(() => parseSeeds(text)).toThrow(/--seeds: ".*" is not allowed; give whole numbers and ranges/);
  });

  it("refuses a slip of the pen", () => {
    expect(() => parseSeeds("0-99999999")).toThrow(/too many/);
  });
});

describe("withSettings", () => {
  it("gives an axis other values in its place, adds an axis for several values, changes the base for one", () => {
    const changed = withSettings(grid, [
      ["dMlp", "32, 64"],
      ["trainFraction", "0.3,0.5"],
      ["p", "17"],
    ]);
    expect(changed.axes).toEqual([
      { option: "weightDecay", values: [0.1, 1] },
      { option: "model.dMlp", values: [32, 64] },
      { option: "split.trainFraction", values: [0.3, 0.5] },
    ]);
    expect(changed.base.task).toEqual({ name: "modular-addition", p: 17 });
    expect(withSeeds(changed, [9]).seeds).toEqual([9]);
  });

  it("changes entries of a registry first, and keeps a list option whole", () => {
    const changed = withSettings({ ...grid, axes: [] }, [
      ["l1", "1e-4,1e-5"],
      ["optimizer", "adam-l1"],
      ["evalAt", "1,2,3"],
    ]);
    expect(changed.axes).toEqual([{ option: "optimizer.l1", values: [1e-4, 1e-5] }]);
    expect(changed.base).toMatchObject({ optimizer: { name: "adam-l1" }, training: { evalAt: [1, 2, 3] } });
  });

  it.each([
    ["dMpl", "3", /unknown option "dMpl".*did you mean "dMlp"/],
    ["dMlp", "3,x", /model\.dMlp: "x" is not allowed/],
    ["dMlp", "3,,4", /an empty value/],
    ["seed", "1,2", /give --seeds/],
  ])("refuses %s=%s", (key, text, message) => {
    expect(() => withSettings(grid, [[key, text]])).toThrow(message);
  });

  it("refuses an option that named points set", () => {
    const pointed: Sweep = { ...grid, axes: [{ name: "size", points: [{ label: "x", set: { dMlp: 8 } }] }] };
    expect(() => withSettings(pointed, [["model.dMlp", "3"]])).toThrow(/points of axis size set it already/);
  });
});
