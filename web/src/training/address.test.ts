import { describe, expect, it } from "vitest";
import { experiments } from "../../../experiments/index.ts";
import { plan, withOption } from "../../../src/train/plan.ts";
import { fromParams, toParams } from "./address.ts";
import { forkAt, lineageId, stretches, unforked } from "./lineage.ts";

const quick = plan(experiments[0].experiment);
const slower = plan(withOption(quick, "learningRate", "0.001"));

describe("a link", () => {
  it.each(experiments)("holds the whole Plan of $name", ({ experiment }) => {
    const lineage = unforked(plan(experiment));
    expect(fromParams(new URLSearchParams(toParams(lineage).toString()))).toEqual(lineage);
  });

  it("holds what changed on the way, in order", () => {
    const forked = forkAt(forkAt(unforked(quick), 100, slower), 2000, plan(withOption(slower, "steps", "20000")));
    const params = new URLSearchParams(toParams(forked).toString());
    expect(params.getAll("fork")).toEqual(["100;optimizer.learningRate=0.001", "2000;training.steps=20000"]);
    expect(fromParams(params)).toEqual(forked);
  });

  it("holds every option, so that a new default changes no link", () => {
    expect(toParams(unforked(quick)).get("warmupSteps")).toBe("0");
    expect(toParams(unforked(quick)).get("seed")).toBe("0");
  });

  it.each([
    ["p=3.5", 'task.p: "3.5" is not allowed'],
    ["weihgtDecay=1", 'did you mean "weightDecay"?'],
    ["task=modular-adition", 'did you mean "modular-addition"?'],
    ["fork=x", "needs a step after 0"],
    ["fork=100;seed=3", "a fork keeps the seed"],
    ["fork=100;task.p=11", "task.p: cannot change while a network is trained"],
    ["fork=100;precision=float64", "training.precision: cannot change"],
    ["fork=200;learningRate=1&fork=100;learningRate=2", "needs a step after 200"],
    ["fork=99999999;learningRate=1", "lies after the end"],
    [Array.from({ length: 51 }, (_, i) => `fork=${i + 1}`).join("&"), "at most 50"],
  ])("that is wrong is refused with what is wrong: %s", (query, message) => {
    expect(() => fromParams(new URLSearchParams(query))).toThrow(message);
  });
});

describe("a lineage", () => {
  it("without a fork has the id of its run, with one another", () => {
    const forked = forkAt(unforked(quick), 100, slower);
    expect(lineageId(unforked(quick))).toMatch(/^sparse-parity-bit-mlp-[0-9a-f]{10}-s0$/);
    expect(lineageId(forked)).toMatch(/^sparse-parity-bit-mlp-fork[0-9a-f]{10}-s0$/);
    expect(lineageId(forkAt(unforked(quick), 101, slower))).not.toBe(lineageId(forked));
  });

  it("falls into stretches, of which those before a step are done", () => {
    const forked = forkAt(unforked(quick), 100, slower);
    const spans = (after?: number) => stretches(forked, after).map(({ from, to, isLast }) => [from, to, isLast]);
    expect(spans()).toEqual([[0, 100, false], [100, 10_000, true]]); // prettier-ignore
    expect(spans(60)).toEqual([[60, 100, false], [100, 10_000, true]]); // prettier-ignore
    expect(spans(100)).toEqual([[100, 10_000, true]]);
    expect(spans(10_000)).toEqual([[10_000, 10_000, true]]);
  });

  it("forgets what lies behind the step at which it is forked again", () => {
    const forked = forkAt(forkAt(unforked(quick), 100, slower), 50, slower);
    expect(forked.forks.map(({ at }) => at)).toEqual([50]);
    expect(forkAt(forked, 0, slower)).toEqual(unforked(slower));
  });
});
