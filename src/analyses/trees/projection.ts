import type { Stream } from "../../rng.ts";
import type { Tree } from "../../tasks/language/parse.ts";
import { chartAt, type SpanChart } from "./chart.ts";
import { brackets, splitTree } from "./brackets.ts";

/** Value of splitting first … last after `at`: both parts' entries. */
const splitValue = (chart: SpanChart, first: number, at: number, last: number): number =>
  chartAt(chart, first, at) + chartAt(chart, at + 1, last);

/** From the whole sentence down, each node is split where its two parts have the greatest sum; the first of equals. As published. */
export function greedyTree(chart: SpanChart): Tree {
  return splitTree(0, chart.n - 1, (first, last) => {
    let best = first;
    for (let at = first + 1; at < last; at++) {
      if (splitValue(chart, first, at, last) > splitValue(chart, first, best, last)) best = at;
    }
    return best;
  });
}

/** The tree whose spans have the greatest sum of all binary trees, by dynamic programming; the first split of equals. */
export function exactTree(chart: SpanChart): Tree {
  const { n } = chart;
  const best = new Float64Array(n * n);
  const split = new Int32Array(n * n);
  for (let length = 2; length <= n; length++) {
    for (let first = 0; first + length <= n; first++) {
      const last = first + length - 1;
      let most = -Infinity;
      for (let at = first; at < last; at++) {
        const value = splitValue(chart, first, at, last) + best[first * n + at] + best[(at + 1) * n + last];
        if (value > most) {
          most = value;
          split[first * n + last] = at;
        }
      }
      best[first * n + last] = most;
    }
  }
  return splitTree(0, n - 1, (first, last) => split[first * n + last]);
}

/** Sum of the chart over all spans of a tree but its root: what `exactTree` makes greatest. */
export function treeValue(tree: Tree, chart: SpanChart): number {
  const leaves = Array.from({ length: chart.n }, (_, i) => chartAt(chart, i, i)).reduce((a, b) => a + b, 0);
  const inner = brackets(tree)
    .filter(([first, last]) => last - first + 1 < chart.n)
    .reduce((sum, [first, last]) => sum + chartAt(chart, first, last), 0);
  return chart.n === 1 ? 0 : leaves + inner;
}

/**
 * What a tree's splits are compared with:
 * - "split": at each of its nodes, the mean over all splits of that node
 * - "sampled": at each of its nodes one uniformly drawn split, as published: the same in expectation
 * - "tree": a tree drawn at random, each node split uniformly (the paper's formula), in closed form
 */
export type Comparison = "split" | "tree" | { readonly sampled: Stream };

/** How much more a tree is worth than chance: its tree score. */
export function treeScore(tree: Tree, chart: SpanChart, comparison: Comparison): number {
  if (comparison === "tree") return treeValue(tree, chart) - randomTreeValue(chart);
  const mean = (first: number, last: number): number => {
    let sum = 0;
    for (let at = first; at < last; at++) sum += splitValue(chart, first, at, last);
    return sum / (last - first);
  };
  let score = 0;
  const walk = (node: Tree): readonly [first: number, last: number] => {
    if (typeof node === "number") return [node, node];
    const [first, at] = walk(node[0]);
    const [, last] = walk(node[1]);
    const chance =
      comparison === "split"
        ? mean(first, last)
        : splitValue(chart, first, first + comparison.sampled.int(last - first), last);
    score += splitValue(chart, first, at, last) - chance;
    return [first, last];
  };
  walk(tree);
  return score;
}

/** Expected value of a tree whose nodes are split uniformly. */
export function randomTreeValue(chart: SpanChart): number {
  const { n } = chart;
  const expected = new Float64Array(n * n);
  for (let length = 2; length <= n; length++) {
    for (let first = 0; first + length <= n; first++) {
      const last = first + length - 1;
      let sum = 0;
      for (let at = first; at < last; at++) {
        sum += splitValue(chart, first, at, last) + expected[first * n + at] + expected[(at + 1) * n + last];
      }
      expected[first * n + last] = sum / (last - first);
    }
  }
  return expected[n - 1] ?? 0;
}
