import { choice, data, UsageError } from "../options.ts";
import { templateOfWords } from "./language/constructions.ts";
import { templates } from "./language/clause.ts";
import { disambiguatingField, mixField, sizeFields, templatesField } from "./language/fields.ts";
import { questionRules } from "./language/heuristics.ts";
import { parseLines, readLines, withSets, type LineFormat } from "./language/lines.ts";
import { bare, nextTokenProbes, type Question } from "./language/probes.ts";
import {
  declarativeKinds,
  disambiguatingRules,
  questionCorpus,
  questionVocabulary,
} from "./language/question-sentences.ts";
import { wordsAt, type Corpus, type Sentences } from "./language/sentences.ts";
import { auxiliaries } from "./language/lexicon.ts";
import { sequenceInputs, type ScoredSet } from "./sequences.ts";
import { defineTask } from "./task.ts";

const { token, words } = questionVocabulary;
const [quest, decl] = ["quest", "decl"].map(token);
const choices = auxiliaries.flat().map(token);

const format: LineFormat = {
  vocabulary: questionVocabulary,
  tab: true,
  construction: (input, output) => {
    const tag = input.at(-1) ?? "";
    if (tag !== "quest" && tag !== "decl") throw new UsageError("the last word before the tab is not quest or decl");
    if (input.at(-2) !== ".") throw new UsageError(`no full stop before ${tag}`);
    const end = tag === "quest" ? "?" : ".";
    if (output.at(-1) !== end) throw new UsageError(`what follows the tab does not end in "${end}"`);
    if (tag === "quest" && !choices.includes(token(output[0])))
      throw new UsageError(`a question begins with one of ${auxiliaries.flat().join(", ")}`);
    return (tag === "quest" ? 0 : templates.length) + templateOfWords(input.slice(0, -2));
  },
};

/**
 * After a declarative and the tag `quest` the network writes its question: which auxiliary moves to the front? Training
 * does not tell the linear rule (the first one) from the hierarchical one (the main clause's), because questions about
 * sentences with a relative clause on the subject are withheld; on those the two differ.
 *
 * Accuracy is the share of questions that begin with the right one of the four auxiliaries, read off the distribution after
 * the tag. (McCoy, Frank and Linzen 2020; Murty, Sharma, Andreas and Manning 2023.)
 */
export const questionFormation = defineTask({
  name: "question-formation",
  summary: "Turn a declarative into its question: which auxiliary moves to the front?",
  fields: {
    ...sizeFields(100_000, 1000, 10_000),
    mix: mixField,
    declaratives: choice(
      declarativeKinds,
      "all",
      "declaratives (copies) in training: all, those with a relative clause on the subject, on the object alone, or none",
    ),
    disambiguating: disambiguatingField,
    disambiguatingRule: choice(
      disambiguatingRules,
      "hierarchical",
      "rule by which the disambiguating sentences are formed",
    ),
    templates: templatesField("constructions in training, drawn from those allowed (42 in all); 0: all"),
    lines: data(
      (content, filename) => readLines(content, filename, format),
      "sets of your own, as question.train, question.val and question.gen of McCoy's format: a declarative with its full stop and its tag, a tab, the output",
      { several: true },
    ),
  },
  examples: "drawn",
  inputs: "sequences",
  build: ({ lines, ...options }, random) => {
    const corpus = lines === "" ? questionCorpus(options, random) : fromFiles(lines, questionCorpus(options, random));
    const inputs = sequenceInputs({
      words,
      train: bare(corpus.train),
      validation: scored(corpus.validation, corpus.constructions),
      generalization: scored(corpus.generalization, corpus.constructions),
    });
    return {
      name: "question-formation",
      n: corpus.train.constructions.length,
      inputs,
      labels: new Int32Array(0),
      numClasses: inputs.vocabSize,
      chance: 1 / choices.length,
    };
  },
});

function fromFiles(lines: string, drawn: Corpus): Corpus {
  const tagAt = (tokens: ArrayLike<number> & Iterable<number>) =>
    Array.from(tokens).findIndex((t) => t === quest || t === decl);
  const given = parseLines(lines, "task.lines", format, (tokens) => tagAt(tokens) + 1);
  return withSets(drawn, given, (tokens) => tokens.subarray(0, tagAt(tokens)).join());
}

/** A question for each line with the tag `quest`, asked after the tag. */
function scored(sentences: Sentences, constructions: readonly string[]): ScoredSet {
  const questions: Question[] = [];
  sentences.constructions.forEach((construction, i) => {
    if (construction >= templates.length) return;
    const line = wordsAt(sentences, i, words);
    const declarative = line.slice(0, line.indexOf("."));
    questions.push({
      sequence: i,
      position: declarative.length + 2,
      answer: token(line[declarative.length + 2]),
      group: constructions[construction].replace("quest ", ""),
      rules: {
        "move-first": token(questionRules["move-first"](declarative)),
        "move-main": token(questionRules["move-main"](declarative)),
      },
    });
  });
  if (questions.length === 0) throw new UsageError("task.lines: no line with the tag quest; accuracy is about those");
  return { sequences: bare(sentences), probes: nextTokenProbes(questions, choices) };
}
