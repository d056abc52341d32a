import { describe, expect, it } from "vitest";
import type { Experiment } from "./experiment.ts";
import { canonicalJson, plan, runGroup, runId, withOption, withOptions } from "./plan.ts";

const experiment: Experiment = {
  task: { name: "modular-addition", p: 13 },
  model: { name: "factored", dModel: 8, dMlp: 4 },
  optimizer: { name: "adamw" },
};
const broken = (change: object) => () => plan({ ...experiment, ...change });

describe("plan", () => {
  it("writes out every default, and planning a plan changes nothing", () => {
    const full = plan(experiment);
    expect(full.optimizer).toMatchObject({ name: "adamw", learningRate: 1e-3, beta1: 0.9, weightDecay: 1 });
    expect(full.training).toMatchObject({ precision: "float32", loss: "nats", batchSize: 0 });
    expect(full.seed).toBe(0);
    expect(plan(full)).toEqual(full);
  });

  it("names what is wrong, what is allowed and the nearest name", () => {
    expect(broken({ task: { name: "modular-adition" } })).toThrow(
      /unknown task "modular-adition".*did you mean "modular-addition"\?/,
    );
    expect(broken({ task: { name: "modular-addition", q: 3 } })).toThrow(/task\.q: unknown; known: p/);
    expect(broken({ model: { name: "factored", dMlp: 0.5 } })).toThrow(
      /model\.dMlp: 0\.5 is not allowed; give a whole number/,
    );
    expect(broken({ optimizer: "adamw" })).toThrow(/optimizer: give an object with a name/);
    expect(broken({ trainng: {} })).toThrow(/experiment\.trainng: unknown.*did you mean "training"\?/);
    expect(broken({ seed: -1 })).toThrow(/seed: -1 is not allowed/);
    expect(broken({ training: { name: "x" } })).toThrow(/training\.name: unknown/);
    expect(broken({ model: { name: "bit-mlp" } })).toThrow(/takes bits, but task modular-addition gives tokens/);
    expect(() => plan(JSON.parse('{"__proto__": {}}') as Experiment)).toThrow(/unknown|give an object/);
    expect(() => plan([] as unknown as Experiment)).toThrow(/give an object/);
  });
});

describe("runId", () => {
  it("is the same for the same Plan, whatever the order of its options", () => {
    const other: Experiment = { ...experiment, model: { name: "factored", dMlp: 4, dModel: 8 }, seed: 3 };
    expect(runId(plan(other))).toBe(runId(plan({ ...experiment, seed: 3 })));
    expect(runId(plan(other))).toMatch(/^modular-addition-factored-[0-9a-f]{10}-s3$/);
  });

  it("shares its group over seeds, and with no other Plan", () => {
    expect(runGroup(plan({ ...experiment, seed: 1 }))).toBe(runGroup(plan({ ...experiment, seed: 2 })));
    expect(runGroup(plan(withOption(experiment, "weightDecay", "0.3")))).not.toBe(runGroup(plan(experiment)));
  });
});

describe("withOption", () => {
  it("finds an option by its name alone or with its section", () => {
    expect(withOption(experiment, "weightDecay", "0.5").optimizer).toEqual({ name: "adamw", weightDecay: 0.5 });
    expect(withOption(experiment, "task.p", "17").task).toEqual({ name: "modular-addition", p: 17 });
    expect(withOption(experiment, "seed", "9").seed).toBe(9);
    expect(withOption(experiment, "optimizer", "sgd").optimizer).toEqual({ name: "sgd" });
  });

  it("suggests the nearest option", () => {
    expect(() => withOption(experiment, "weigthDecay", "1")).toThrow(/did you mean "weightDecay"\?/);
    expect(() => withOption(experiment, "optimizer.lerningRate", "1")).toThrow(
      /did you mean "optimizer.learningRate"\?/,
    );
    expect(() => withOption(experiment, "model", "factord")).toThrow(/did you mean "factored"\?/);
    expect(() => withOption(experiment, "p", "many")).toThrow(/task\.p: "many" is not allowed/);
  });
});

describe("withOptions", () => {
  it("changes entries of registries first, so that no option given with them is lost", () => {
    const changed = withOptions(experiment, [
      ["learningRate", "0.5"],
      ["optimizer", "sgd"],
      ["seed", "4"],
    ]);
    expect(changed.optimizer).toEqual({ name: "sgd", learningRate: 0.5 });
    expect(changed.seed).toBe(4);
  });

  it("leaves the split of a task that draws its own halves behind", () => {
    const published = { ...experiment, split: { trainFraction: 0.3 } };
    const changed = withOptions(published, [
      ["model", "bit-mlp"],
      ["task", "sparse-parity"],
    ]);
    expect(plan(changed)).toMatchObject({ task: { name: "sparse-parity" }, split: {} });
  });

  it("takes the last of two values", () => {
    const twice = [
      ["p", "17"],
      ["p", "19"],
    ] as const;
    expect(withOptions(experiment, twice).task).toEqual({ name: "modular-addition", p: 19 });
  });
});

describe("canonicalJson", () => {
  it("sorts keys at every depth and leaves lists in order", () => {
    expect(canonicalJson({ b: [2, 1], a: { d: 1, c: "x" } })).toBe('{"a":{"c":"x","d":1},"b":[2,1]}');
  });
});
