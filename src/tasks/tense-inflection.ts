import { bool, choice, data, UsageError } from "../options.ts";
import { templates } from "./language/clause.ts";
import { subjectOf, templateOfWords } from "./language/constructions.ts";
import { disambiguatingField, mixField, sizeFields, templatesField } from "./language/fields.ts";
import { tenseRules } from "./language/heuristics.ts";
import { partOfSpeech, presentVerbs } from "./language/lexicon.ts";
import { parseLines, readLines, withSets, type LineFormat } from "./language/lines.ts";
import { parse } from "./language/parse.ts";
import { bare, grouped, nextTokenProbes, type Question } from "./language/probes.ts";
import { wordsAt, type Corpus, type Sentences } from "./language/sentences.ts";
import { agreementRules, tenseCorpus, tenseVocabulary } from "./language/tense-sentences.ts";
import { presentVerb } from "./language/verbs.ts";
import { sequenceInputs, sequencesOf, type ScoredSet } from "./sequences.ts";
import { defineTask } from "./task.ts";

const { token, words } = tenseVocabulary;
const tags = ["PAST", "PRESENT"].map(token);

const format: LineFormat = {
  vocabulary: tenseVocabulary,
  tab: true,
  construction: (input, output) => {
    const tag = input.at(-1) ?? "";
    if (tag !== "PAST" && tag !== "PRESENT")
      throw new UsageError("the last word before the tab is not PAST or PRESENT");
    if (input.at(-2) !== ".") throw new UsageError(`no full stop before ${tag}`);
    if (output.at(-1) !== ".") throw new UsageError("what follows the tab does not end in a full stop");
    if (tag === "PRESENT") presentVerb(output[parse(output.slice(0, -1)).main]);
    return (tag === "PRESENT" ? templates.length : 0) + templateOfWords(input.slice(0, -2));
  },
};

const metrics = ["main-verb", "all-verbs", "choice"] as const;
/** As published: the longest text that is written. */
const maxTokens = 50;

/**
 * After a sentence in the past and the tag `PRESENT` the network writes it in the present: does a verb agree with the noun
 * before it (linear) or with its subject (hierarchical)? Training has only sentences in which both say the same.
 *
 * As published, accuracy is the share of lines that the network writes with the right parts of speech and the right main
 * verb. (McCoy, Frank and Linzen 2020; Murty, Sharma, Andreas and Manning 2023.)
 */
export const tenseInflection = defineTask({
  name: "tense-inflection",
  summary: "Put a sentence from the past into the present: what does the verb agree with?",
  fields: {
    ...sizeFields(100_000, 1000, 10_000),
    mix: mixField,
    identity: bool(true, "train on sentences to copy (PAST), too"),
    disambiguating: disambiguatingField,
    disambiguatingRule: choice(agreementRules, "hierarchical", "rule by which the disambiguating sentences are formed"),
    templates: templatesField("constructions in training, drawn from those allowed (60 in all); 0: all"),
    metric: choice(
      metrics,
      "main-verb",
      "what counts as right: a written line whose words are of the right kinds and whose main verb (as published) or every verb is right; or, which of its two forms the network prefers after reading the reference up to the main verb (fast)",
    ),
    lines: data(
      (content, filename) => readLines(content, filename, format),
      "sets of your own, as tense.train, tense.val and tense.gen of McCoy's format: a sentence in the past with its full stop and its tag, a tab, the output",
      { several: true },
    ),
  },
  examples: "drawn",
  inputs: "sequences",
  build: ({ lines, metric, ...options }, random) => {
    const drawn = tenseCorpus(options, random);
    const corpus = lines === "" ? drawn : fromFiles(lines, drawn);
    const score = metric === "choice" ? chosen : written(metric === "all-verbs");
    const inputs = sequenceInputs({
      words,
      train: bare(corpus.train),
      validation: score(corpus.validation, corpus.constructions),
      generalization: score(corpus.generalization, corpus.constructions),
    });
    return {
      name: "tense-inflection",
      n: corpus.train.constructions.length,
      inputs,
      labels: new Int32Array(0),
      numClasses: inputs.vocabSize,
      // A line written by guessing is never right.
      chance: metric === "choice" ? 1 / 2 : 0,
    };
  },
});

function fromFiles(lines: string, drawn: Corpus): Corpus {
  const tagAt = (tokens: ArrayLike<number> & Iterable<number>) => Array.from(tokens).findIndex((t) => tags.includes(t));
  const given = parseLines(lines, "task.lines", format, (tokens) => tagAt(tokens) + 1);
  return withSets(drawn, given, (tokens) => tokens.subarray(0, tagAt(tokens)).join());
}

const partsOfSpeech = [...new Set(words.map(partOfSpeech))].filter((part) => part !== undefined);
/** Class of each token; pad, EOS and SOS are never right. */
const classes = Int32Array.from({ length: words.length + 2 }, (_, t) => {
  const part = partOfSpeech(words[t] ?? "");
  return part === undefined ? -1 : partsOfSpeech.indexOf(part);
});

/** Tag and modifier of the subject: what a line is counted under. */
const groupOf = (construction: number, name: string): string => `${name.split(" ")[0]} ${subjectOf(construction)}`;

/** The network writes the line itself. */
function written(allVerbs: boolean) {
  return (sentences: Sentences, constructions: readonly string[]): ScoredSet => {
    const lines = Array.from(sentences.constructions, (_, i) => wordsAt(sentences, i, words));
    const exact = lines.map((line) => {
      const { main, finite } = parse(line.slice(0, line.indexOf(".")));
      return allVerbs ? finite : [main];
    });
    return {
      sequences: bare(sentences),
      probes: {
        kind: "decode",
        sequence: Int32Array.from(lines, (_, i) => i),
        position: Int32Array.from(lines, (line) => line.indexOf(".") + 2),
        groups: grouped(Array.from(sentences.constructions, (c) => groupOf(c, constructions[c]))),
        maxTokens,
        ignoredEnd: token("."),
        classes,
        exact: sequencesOf(exact),
      },
    };
  };
}

/** The network reads the line up to the main verb in the present. */
function chosen(sentences: Sentences, constructions: readonly string[]): ScoredSet {
  const questions: Question[] = [];
  sentences.constructions.forEach((construction, i) => {
    if (construction < templates.length) return;
    const line = wordsAt(sentences, i, words);
    const past = line.slice(0, line.indexOf("."));
    const position = past.length + 2 + parse(past).main;
    const forms = presentVerbs.map((ofNumber) => token(ofNumber[presentVerb(line[position])]));
    questions.push({
      sequence: i,
      position,
      answer: token(line[position]),
      choices: forms,
      group: groupOf(construction, constructions[construction]),
      rules: {
        "agree-recent": forms[tenseRules["agree-recent"](past)],
        "agree-subject": forms[tenseRules["agree-subject"](past)],
      },
    });
  });
  if (questions.length === 0) throw new UsageError("task.lines: no line with the tag PRESENT; accuracy is about those");
  return { sequences: bare(sentences), probes: nextTokenProbes(questions) };
}
