import { describe, expect, it } from "vitest";
import { random } from "../../rng.ts";
import type { Tree } from "../../tasks/language/parse.ts";
import { baselines, randomTree } from "./brackets.ts";
import { chartAt, spanChart, type SpanChart } from "./chart.ts";
import { exactTree, greedyTree, randomTreeValue, treeScore, treeValue } from "./projection.ts";

const n = 7;
const d = 5;
const stream = random(1).stream("planted");
const inputs = Array.from({ length: n }, () => Array.from({ length: d }, () => stream.normal()));
const weight = Array.from({ length: n }, () => Array.from({ length: n }, () => stream.uniform()));

/** A causal network: the state of word t is a weighted sum of the visible words up to it, SOS always among them. */
function states(firstVisible: number, lastVisible = n - 1): Float64Array {
  const out = new Float64Array(n * d);
  for (let t = 0; t < n; t++)
    for (let c = 0; c < d; c++) {
      let sum = 0.3 * c;
      for (let s = firstVisible; s <= Math.min(t, lastVisible); s++) sum += weight[t][s] * inputs[s][c];
      out[t * d + c] = Math.tanh(sum);
    }
  return out;
}
const runs = Array.from({ length: n }, (_, first) => states(first));
const chart = spanChart(runs, d);

/** A chart whose entries are 1 for the spans of a tree and 0 for all others. */
function planted(tree: Tree, size: number): SpanChart {
  const values = new Float64Array(size * size);
  const walk = (node: Tree): readonly [number, number] => {
    const [first, last] = typeof node === "number" ? [node, node] : [walk(node[0])[0], walk(node[1])[1]];
    values[first * size + last] = 1;
    return [first, last];
  };
  walk(tree);
  return { n: size, values };
}

describe("the chart", () => {
  it("is 1 for every beginning of the sentence", () => {
    for (let last = 0; last < n; last++) expect(chartAt(chart, 0, last)).toBeCloseTo(1, 12);
    expect(chartAt(chart, 2, 4)).toBeLessThan(0.9999);
  });

  it("is what a run for every span gives, in which later words are hidden, too", () => {
    for (let first = 0; first < n; first++)
      for (let last = first; last < n; last++) {
        const sum = (of: Float64Array) =>
          Array.from({ length: d }, (_, c) =>
            Array.from({ length: last - first + 1 }, (_, t) => of[(first + t) * d + c]).reduce((a, b) => a + b),
          );
        const [a, b] = [sum(runs[0]), sum(states(first, last))];
        const dot = (x: number[], y: number[]) => x.reduce((total, v, c) => total + v * y[c], 0);
        expect(chartAt(chart, first, last)).toBeCloseTo(dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b)), 10);
      }
  });
});

describe("projection", () => {
  const trees = Array.from({ length: 20 }, (_, i) => randomTree(3 + (i % 9), random(i).stream("tree")));

  it("finds a planted tree, greedily and exactly", () => {
    for (const tree of trees) {
      const size = JSON.stringify(tree).match(/\d+/g)?.length ?? 0;
      expect(greedyTree(planted(tree, size))).toEqual(tree);
      expect(exactTree(planted(tree, size))).toEqual(tree);
    }
  });

  it("takes the first of equal splits", () => {
    const flat = { n: 5, values: new Float64Array(25).fill(0.5) };
    expect(greedyTree(flat)).toEqual(baselines["right-branching"](5));
  });

  it("is worth most when exact: no other tree is worth more, and the greedy one can be worth less", () => {
    const best = treeValue(exactTree(chart), chart);
    for (let i = 0; i < 300; i++) {
      expect(treeValue(randomTree(n, random(i).stream("t")), chart)).toBeLessThanOrEqual(best + 1e-12);
    }
    // Splitting off the first word is worth 1 and then nothing; splitting off the last is worth 0.9 and then 0.95 more.
    const misleading = { n: 4, values: new Float64Array(16) };
    for (const [first, last, value] of [[1, 3, 1], [0, 2, 0.9], [0, 1, 0.95]]) misleading.values[first * 4 + last] = value; // prettier-ignore
    expect(treeValue(greedyTree(misleading), misleading)).toBe(1);
    expect(treeValue(exactTree(misleading), misleading)).toBe(1.85);
  });
});

describe("the tree score", () => {
  const tree = greedyTree(chart);

  it("with drawn splits has the closed form as its mean", () => {
    const closed = treeScore(tree, chart, "split");
    const sampled = random(7).stream("splits");
    let sum = 0;
    for (let i = 0; i < 20_000; i++) sum += treeScore(tree, chart, { sampled });
    expect(sum / 20_000).toBeCloseTo(closed, 2);
    expect(closed).toBeGreaterThan(0);
  });

  it("against whole random trees has the closed form as its mean, too", () => {
    const source = random(8).stream("trees");
    let sum = 0;
    for (let i = 0; i < 20_000; i++) sum += treeValue(randomTree(n, source), chart);
    expect(sum / 20_000).toBeCloseTo(randomTreeValue(chart), 1);
    expect(treeScore(tree, chart, "tree")).toBeCloseTo(treeValue(tree, chart) - randomTreeValue(chart), 12);
  });

  it("is the same for the same stream, and 0 where every split is worth the same", () => {
    const draw = () => treeScore(tree, chart, { sampled: random(3).stream("splits") });
    expect(draw()).toBe(draw());
    const flat = { n: 6, values: new Float64Array(36).fill(0.7) };
    expect(treeScore(greedyTree(flat), flat, "split")).toBeCloseTo(0, 12);
  });
});
