import { describe, expect, it } from "vitest";
import type { Eval } from "../train/eval.ts";
import { overlaidCurves } from "./overlaid-curves.ts";

const at = (step: number, accuracy: number, loss = 1 / (1 + step)): Eval => ({
  step,
  train: { loss, accuracy: 1 },
  test: { loss, accuracy },
  normL1: 1,
  normL2: 1,
});
const runs = [
  { id: "a-s0", name: "seed <0>", evals: [at(0, 0), at(10, 0.5), at(100, 1)] },
  { id: "a-s1", name: "seed 1", evals: [at(0, 0), at(10, NaN), at(50, 0.25)] },
  { id: "a-s2", name: "not begun", evals: [] },
];

describe("overlaidCurves", () => {
  it("draws each run in a color of its own, twice in each panel, and says where it ends", () => {
    const svg = overlaidCurves(runs);
    expect(svg).toContain("seed &lt;0&gt;: test accuracy 100% at step 100; seed 1: test accuracy 25% at step 50.");
    expect(svg.match(/data-run="a-s0"/g)).toHaveLength(4);
    expect(svg.match(/data-run="a-s1"/g)).toHaveLength(4);
    expect(svg).not.toContain("not begun");
    expect(svg).not.toContain("NaN");
  });

  it("begins a logarithmic axis at the first evaluation after step 0", () => {
    const svg = overlaidCurves(runs, { xScale: "log", measures: ["loss"], halves: ["test"] });
    expect(svg).toContain('data-x-domain="10,100"');
    expect(svg).toContain('data-x-scale="log"');
    expect(svg.match(/data-run="a-s0"/g)).toHaveLength(1);
  });

  it("marks where a run was forked, in every panel, and names it once", () => {
    const marks = [{ step: 40, label: "fork" }, { step: 400, label: "beyond" }]; // prettier-ignore
    const svg = overlaidCurves(runs, { marks });
    expect(svg.match(/stroke-dasharray="3 3"/g)).toHaveLength(2);
    expect(svg.match(/>fork</g)).toHaveLength(1);
    expect(svg).toContain("fork at step 40.");
    expect(svg).not.toContain("beyond");
    expect(overlaidCurves(runs, { marks: [] })).toBe(overlaidCurves(runs));
  });

  it("is empty without runs, and survives a single evaluation at step 0", () => {
    expect(overlaidCurves([])).toContain("No evaluations yet");
    expect(overlaidCurves([{ ...runs[0], evals: [at(0, 0.1)] }], { xScale: "log" })).not.toContain("NaN");
  });
});
