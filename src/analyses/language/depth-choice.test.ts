import { describe, expect, it } from "vitest";
import { depthChoices, spearman } from "./depth-choice.ts";

const runs = [2, 4, 6].flatMap((depth) =>
  [0, 1, 2].map((seed) => ({
    depth,
    seed,
    generalization: (depth === 4 ? 0.7 : 0.2) + 0.1 * seed,
    measures: { tree: (depth === 4 ? 2 : 1) - 0.01 * seed, norm: depth, level: 1 },
  })),
);

describe("depthChoices", () => {
  it("tells a measure that picks the best depth from one that does not, and its ranks over seeds", () => {
    const [tree, norm] = depthChoices(runs);
    expect(tree).toMatchObject({ measure: "tree", picks: 4, best: 4, right: true });
    expect(norm).toMatchObject({ picks: 6, best: 4, right: false });
    expect(tree.acrossSeeds.map(({ depth }) => depth)).toEqual([2, 4, 6]);
    for (const { correlation } of tree.acrossSeeds) expect(correlation).toBeCloseTo(-1);
  });

  it("has nothing to say of no runs, nor across seeds of two", () => {
    expect(depthChoices([])).toEqual([]);
    expect(depthChoices(runs.filter(({ seed }) => seed < 2))[0].acrossSeeds).toEqual([]);
  });
});

describe("spearman", () => {
  it("is about ranks, and shares them between equals", () => {
    expect(spearman([1, 2, 3], [1, 10, 100])).toBeCloseTo(1);
    expect(spearman([1, 2, 3, 4], [4, 1, 3, 2])).toBeCloseTo(-0.4);
    expect(spearman([1, 1, 2], [1, 1, 5])).toBeCloseTo(1);
    expect(spearman([1, 1, 1], [1, 2, 3])).toBeNaN();
  });
});
