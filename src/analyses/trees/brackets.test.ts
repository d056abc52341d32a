import { describe, expect, it } from "vitest";
import { random } from "../../rng.ts";
import { parse, type Tree } from "../../tasks/language/parse.ts";
import { questionCorpus, questionVocabulary } from "../../tasks/language/question-sentences.ts";
import { wordsAt, type Sentences } from "../../tasks/language/sentences.ts";
import { tenseCorpus, tenseVocabulary } from "../../tasks/language/tense-sentences.ts";
import { baselines, brackets, parseval, randomTree } from "./brackets.ts";

const sizes = { trainSize: 20_000, validationSize: 6000, generalizationSize: 10 };
const mix = { mix: "as-released", templates: 0, disambiguating: 0, disambiguatingRule: "linear" } as const;

/** Gold trees of the lines that `keep` a word. */
function golds(sentences: Sentences, words: readonly string[], keep?: string): Tree[] {
  return Array.from(sentences.constructions, (_, i) => wordsAt(sentences, i, words))
    .filter((line) => keep === undefined || line.includes(keep))
    .map((line) => parse(line.slice(0, line.indexOf("."))).tree);
}
const size = (tree: Tree): number => (typeof tree === "number" ? 1 : size(tree[0]) + size(tree[1]));

describe("baselines", () => {
  const stream = random(1).stream("trees");
  const score = (trees: readonly Tree[]) => {
    const against = (make: (n: number) => Tree) =>
      100 * parseval(trees.map((gold) => [make(size(gold)), gold] as const));
    return {
      right: against(baselines["right-branching"]),
      left: against(baselines["left-branching"]),
      balanced: against(baselines.balanced),
      random: against((n) => randomTree(n, stream)),
    };
  };

  /** In percent, within what 20,000 brackets allow and the mixes differ by. */
  const near = (found: number, published: number) =>
    expect([found, Math.abs(found - published) < 1.2]).toEqual([found, true]);

  it("reach the published F1 on question formation", () => {
    const corpus = questionCorpus({ ...sizes, ...mix, declaratives: "all" }, random(1));
    const found = score(golds(corpus.validation, questionVocabulary.words, "quest"));
    near(found.right, 66.2);
    near(found.left, 28.8);
    near(found.balanced, 55.9);
    near(found.random, 39.3);
  });

  it("reach the published F1 on tense inflection", () => {
    const corpus = tenseCorpus({ ...sizes, ...mix, identity: true }, random(1));
    const found = score(golds(corpus.validation, tenseVocabulary.words));
    near(found.right, 50.0);
    near(found.left, 36.6);
    near(found.balanced, 54.9);
    near(found.random, 41.2);
  });
});

describe("parseval", () => {
  it("is 1 for the same trees, counts brackets in common, and pools them over sentences", () => {
    const right = baselines["right-branching"];
    const left = baselines["left-branching"];
    expect(parseval([[right(5), right(5)]])).toBe(1);
    // Of four words both have the root alone.
    expect(parseval([[right(4), left(4)]])).toBeCloseTo(1 / 3);
    expect(parseval([[right(4), left(4)], [left(2), right(2)]])).toBeCloseTo(2 / 4); // prettier-ignore
    expect(parseval([[0, 0]])).toBeNaN();
  });

  it("sees n - 1 brackets in a tree of n words, the root's among them", () => {
    expect(brackets([[0, 1], [2, [3, 4]]])).toEqual([[0, 1], [3, 4], [2, 4], [0, 4]]); // prettier-ignore
  });
});
