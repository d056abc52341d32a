import { choice, data, int, UsageError } from "../options.ts";
import { dyckConstructions, dyckCorpus, dyckVocabulary, maxBracketTypes } from "./language/dyck-sentences.ts";
import { sizeFields } from "./language/fields.ts";
import { parseLines, readLines, withSets, type LineFormat } from "./language/lines.ts";
import { bare, nextTokenProbes, type Question } from "./language/probes.ts";
import type { Corpus, Sentences } from "./language/sentences.ts";
import { countOf, sequenceAt, sequenceInputs, type ScoredSet } from "./sequences.ts";
import { defineTask } from "./task.ts";

/** Brackets back at which a partner counts as distant. */
const far = 10;

/** A string in a vocabulary of `k` types. @throws UsageError where brackets do not match, or nest deeper than `m` */
function depthOf(tokens: readonly number[], k: number, m: number): number {
  const stack: number[] = [];
  let deepest = 0;
  tokens.forEach((t, i) => {
    if (t <= k) stack.push(t);
    else if (stack.pop() !== t - k) throw new UsageError(`bracket ${i + 1} closes what is not open`);
    deepest = Math.max(deepest, stack.length);
  });
  if (stack.length > 0) throw new UsageError(`${stack.length} brackets are never closed`);
  if (deepest > m) throw new UsageError(`depth ${deepest}; give at most ${m}`);
  return deepest;
}

function format(k: number, m: number): LineFormat {
  const vocabulary = dyckVocabulary(k);
  return {
    vocabulary,
    tab: false,
    end: "END",
    construction: (input) => depthOf(input.map(vocabulary.token), k, m) - 1,
  };
}
/** A file is read before the options are known: with every type there is. */
const anyFormat = format(maxBracketTypes, 1000);

/**
 * Strings of balanced brackets of k types, nested at most m deep: after a prefix, which bracket closes the one last
 * opened? Generalization strings have a part whose course of depths never occurs in training.
 *
 * Accuracy is the share of closing brackets, in the first strings until there are `closers` of them, whose type is the
 * likeliest of all closing types. (Hewitt et al. 2020; Murty, Sharma, Andreas and Manning 2023.)
 */
export const dyck = defineTask({
  name: "dyck",
  summary: "Balanced brackets of several types: which one closes next?",
  fields: {
    k: int(20, "types of brackets", { min: 2, max: maxBracketTypes }),
    m: int(10, "most brackets open at once", { min: 1, max: 100 }),
    minLength: int(4, "fewest brackets of a string", { min: 2, max: 100 }),
    ...sizeFields(200_000, 20_000, 20_000),
    closers: int(5000, "closing brackets to ask for; the string that reaches the number is the last", { min: 1 }),
    distance: choice(
      ["all", "distant"],
      "all",
      `closing brackets to ask for: all (as the released code does), or those whose partner is at least ${far} brackets back (as the paper says)`,
    ),
    lines: data(
      (content, filename) => readLines(content, filename, anyFormat),
      "sets of your own, as dyck.train, dyck.val and dyck.gen: a string on each line, brackets with spaces between them, END last or left out",
      { several: true },
    ),
  },
  examples: "drawn",
  inputs: "sequences",
  build: ({ lines, closers, distance, ...options }, random) => {
    const { k } = options;
    const drawn = dyckCorpus(options, random);
    const corpus = lines === "" ? drawn : fromFiles(lines, drawn, k, options.m);
    const score = (sentences: Sentences) => scored(sentences, k, closers, distance === "distant" ? far : 0);
    const inputs = sequenceInputs({
      words: corpus.words,
      train: bare(corpus.train),
      validation: score(corpus.validation),
      generalization: score(corpus.generalization),
    });
    return {
      name: "dyck",
      n: countOf(corpus.train),
      inputs,
      labels: new Int32Array(0),
      numClasses: inputs.vocabSize,
      chance: 1 / k,
    };
  },
});

/** The sets of files, in the numbers of a vocabulary of k types. */
function fromFiles(lines: string, drawn: Corpus, k: number, m: number): Corpus {
  const given = parseLines(lines, "task.lines", anyFormat, () => 0);
  const { construction } = format(k, m);
  const recoded = Object.entries(given).map(([name, set]) => {
    const tokens = set.tokens.map((t) => (t > maxBracketTypes ? t - maxBracketTypes + k : t));
    const tooMany = set.tokens.findIndex((t) => (t > maxBracketTypes ? t - maxBracketTypes : t) > k);
    if (tooMany >= 0) throw new UsageError(`task.lines: more types of brackets than task.k, which is ${k}`);
    const recodedSet = { ...set, tokens };
    const constructions = set.constructions.map((_, i) =>
      construction(
        Array.from(sequenceAt(recodedSet, i), (t) => drawn.words[t]),
        [],
      ),
    );
    return [name, { ...recodedSet, constructions }] as const;
  });
  return withSets({ ...drawn, constructions: dyckConstructions(m) }, Object.fromEntries(recoded), (tokens) =>
    tokens.join(),
  );
}

/** Closing brackets in the order of the strings, grouped by the distance of their partner. */
function scored(sentences: Sentences, k: number, most: number, least: number): ScoredSet {
  const questions: Question[] = [];
  for (let i = 0; i < countOf(sentences) && questions.length < most; i++) {
    const open: number[] = [];
    sequenceAt(sentences, i).forEach((t, position) => {
      if (t <= k) {
        open.push(position);
        return;
      }
      const back = position - (open.pop() ?? 0);
      if (back < least) return;
      questions.push({ sequence: i, position, answer: t, group: back >= far ? "distant" : "near" });
    });
  }
  if (questions.length === 0) {
    throw new UsageError(`task.distance: no string has a bracket whose partner is at least ${least} back; give all`);
  }
  const closing = Array.from({ length: k }, (_, type) => 1 + k + type);
  return { sequences: bare(sentences), probes: nextTokenProbes(questions, closing) };
}
