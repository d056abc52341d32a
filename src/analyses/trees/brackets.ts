import type { Stream } from "../../rng.ts";
import type { Tree } from "../../tasks/language/parse.ts";

/** First and last leaf of a subtree. */
export type Span = readonly [first: number, last: number];

/** Spans of all internal nodes, the root's too. A binary tree over n words has n - 1. */
export function brackets(tree: Tree): Span[] {
  const out: Span[] = [];
  const walk = (node: Tree): Span => {
    if (typeof node === "number") return [node, node];
    const span: Span = [walk(node[0])[0], walk(node[1])[1]];
    out.push(span);
    return span;
  };
  walk(tree);
  return out;
}

/** A tree over the words first … last, each node split at the place that `choose` gives: its last word on the left. */
export function splitTree(first: number, last: number, choose: (first: number, last: number) => number): Tree {
  if (first === last) return first;
  const at = choose(first, last);
  return [splitTree(first, at, choose), splitTree(at + 1, last, choose)];
}

/** Trees that know nothing of the sentence but its length. */
export const baselines = {
  "right-branching": (n: number): Tree => splitTree(0, n - 1, (first) => first),
  "left-branching": (n: number): Tree => splitTree(0, n - 1, (_, last) => last - 1),
  /** The right half gets the extra word. */
  balanced: (n: number): Tree => splitTree(0, n - 1, (first, last) => first + Math.floor((last - first + 1) / 2) - 1),
} as const;

/** Each node split at a uniformly drawn place. */
export const randomTree = (n: number, stream: Stream): Tree =>
  splitTree(0, n - 1, (first, last) => first + stream.int(last - first));

/**
 * Agreement of trees with gold trees: brackets in common over brackets, pooled over sentences. Both trees of a sentence are
 * binary over the same words, so precision, recall and F1 are one number. Sentences of one word have no bracket.
 * @returns in 0 … 1; NaN where there is no bracket
 */
export function parseval(pairs: Iterable<readonly [found: Tree, gold: Tree]>): number {
  let common = 0;
  let total = 0;
  for (const [found, gold] of pairs) {
    const key = ([first, last]: Span): string => `${first},${last}`;
    const known = new Set(brackets(gold).map(key));
    const spans = brackets(found);
    common += spans.filter((span) => known.has(key(span))).length;
    total += spans.length;
  }
  return common / total;
}
