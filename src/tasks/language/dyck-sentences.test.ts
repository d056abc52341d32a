import { expect, it } from "vitest";
import { random } from "../../rng.ts";
import { countOf, sequenceAt, type Sequences } from "../sequences.ts";
import { dyckCorpus, dyckVocabulary, type DyckOptions } from "./dyck-sentences.ts";

const k = 20;
const published: DyckOptions = {
  ...{ k, m: 10, minLength: 4 },
  ...{ trainSize: 200_000, validationSize: 20_000, generalizationSize: 20_000 },
};
const corpus = dyckCorpus(published, random(1));
const strings = (set: Sequences) => Array.from({ length: countOf(set) }, (_, i) => sequenceAt(set, i));
const lengths = (set: Sequences) => strings(set).map((tokens) => tokens.length);
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const near = (value: number, expected: number, share: number) =>
  expect([value, Math.abs(value / expected - 1) < share]).toEqual([value, true]);

/** The courses of depth of the segments: cut where nothing is open. */
function segments(tokens: Int32Array): string[] {
  const out: string[] = [];
  let course = "";
  let depth = 0;
  for (const token of tokens) {
    depth += token <= k ? 1 : -1;
    course += token <= k ? "(" : ")";
    if (depth === 0) {
      out.push(course);
      course = "";
    }
  }
  return out;
}

const known = new Set(strings(corpus.train).flatMap(segments));

it("has 40 words after the pad word, opening brackets first", () => {
  const { words } = dyckVocabulary(20);
  expect(words.length).toBe(41);
  expect([words[1], words[20], words[21], words[40]]).toEqual(["(a", "(t", "a)", "t)"]);
});

it("draws training strings of the published statistics", () => {
  near(mean(lengths(corpus.train)), 50, 0.03);
  near(known.size, 92_444, 0.03);
  expect(lengths(corpus.train).reduce((a, b) => Math.min(a, b))).toBe(4);
});

it("matches every bracket with its own type, at most 10 deep", () => {
  for (const tokens of [...strings(corpus.train).slice(0, 3000), ...strings(corpus.generalization).slice(0, 500)]) {
    const stack: number[] = [];
    for (const token of tokens) {
      if (token <= k) stack.push(token);
      else expect(stack.pop()).toBe(token - k);
      expect(stack.length).toBeLessThanOrEqual(10);
    }
    expect(stack).toEqual([]);
  }
});

it("validates on strings of known structure, generalizes to strings with an unknown segment", () => {
  const unseen = (tokens: Int32Array) => segments(tokens).some((segment) => !known.has(segment));
  expect(strings(corpus.validation).some(unseen)).toBe(false);
  expect(strings(corpus.generalization).every(unseen)).toBe(true);
  const trained = new Set(strings(corpus.train).map((tokens) => tokens.join()));
  expect(strings(corpus.validation).some((tokens) => trained.has(tokens.join()))).toBe(false);
});

it("has validation and generalization strings of the published lengths and depths", () => {
  near(mean(lengths(corpus.validation)), 13.27, 0.03);
  near(mean(strings(corpus.validation).map((tokens) => segments(tokens).length)), 2.57, 0.03);
  near(mean(lengths(corpus.generalization)), 116.5, 0.03);
  const depths = new Array<number>(10).fill(0);
  for (const construction of corpus.validation.constructions) depths[construction]++;
  [1274, 6255, 6032, 3775, 1805, 659].forEach((released, depth) => near(depths[depth], released, 0.1));
  near(Array.from(corpus.generalization.constructions).filter((d) => d === 9).length / 20_000, 0.6, 0.03);
});

it("refuses what cannot fill up", () => {
  const flat = { ...published, m: 1, trainSize: 50, validationSize: 10, generalizationSize: 10 };
  expect(() => dyckCorpus(flat, random(1))).toThrow(/task\.generalizationSize: with depth 1 nearly every structure/);
});
