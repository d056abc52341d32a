import { choice, data, UsageError } from "../options.ts";
import { agreementCorpus, agreementTemplates, agreementVocabulary } from "./language/agreement-sentences.ts";
import { subjectOf, templateOfWords } from "./language/constructions.ts";
import { disambiguatingField, mixField, sizeFields, templatesField } from "./language/fields.ts";
import { tenseRules } from "./language/heuristics.ts";
import { presentVerbs } from "./language/lexicon.ts";
import { parseLines, readLines, withSets, type LineFormat } from "./language/lines.ts";
import { parse } from "./language/parse.ts";
import { bare, nextTokenProbes, type Question } from "./language/probes.ts";
import { wordsAt, type Sentences } from "./language/sentences.ts";
import { agreementRules } from "./language/tense-sentences.ts";
import { presentVerb } from "./language/verbs.ts";
import { sequenceInputs, type ScoredSet } from "./sequences.ts";
import { defineTask } from "./task.ts";

const { token, words } = agreementVocabulary;

const format: LineFormat = {
  vocabulary: agreementVocabulary,
  tab: false,
  construction: (line) => {
    if (line.at(-1) !== ".") throw new UsageError("no full stop at the end");
    const template = templateOfWords(line.slice(0, -1));
    parse(line.slice(0, -1)).finite.forEach((place) => presentVerb(line[place]));
    return template;
  },
};

/**
 * Sentences in the present: which of its two forms does the network prefer for the main verb? In training the noun before
 * the verb has the number of the subject; on the generalization set it has the other. The cheapest task of its kind: half
 * the words of tense inflection, and nothing to write. (Ahuja et al., TACL 2025.)
 */
export const agreement = defineTask({
  name: "agreement",
  summary: "Sentences in the present: does the verb agree with its subject or with the noun before it?",
  fields: {
    ...sizeFields(50_000, 1000, 10_000),
    mix: mixField,
    disambiguating: disambiguatingField,
    disambiguatingRule: choice(agreementRules, "hierarchical", "rule by which the disambiguating sentences are formed"),
    templates: templatesField(
      `templates in training (constructions with numbers), drawn from ${agreementTemplates}; 0: all`,
    ),
    verbs: choice(["main", "all"], "main", "verbs that are asked for: the main one, or every one"),
    lines: data(
      (content, filename) => readLines(content, filename, format),
      "sets of your own, as agreement.train, agreement.val and agreement.gen: a sentence with its full stop on each line",
      { several: true },
    ),
  },
  examples: "drawn",
  inputs: "sequences",
  build: ({ lines, verbs, ...options }, random) => {
    const drawn = agreementCorpus(options, random);
    const corpus =
      lines === ""
        ? drawn
        : withSets(
            drawn,
            parseLines(lines, "task.lines", format, () => 0),
            (tokens) => tokens.join(),
          );
    const score = (sentences: Sentences): ScoredSet => scored(sentences, verbs === "all");
    const inputs = sequenceInputs({
      words,
      train: bare(corpus.train),
      validation: score(corpus.validation),
      generalization: score(corpus.generalization),
    });
    return {
      name: "agreement",
      n: corpus.train.constructions.length,
      inputs,
      labels: new Int32Array(0),
      numClasses: inputs.vocabSize,
      chance: 1 / 2,
    };
  },
});

/** Asked before a verb: its singular or its plural form? The rules speak of the main verb; of others both say the truth. */
function scored(sentences: Sentences, all: boolean): ScoredSet {
  const questions: Question[] = [];
  sentences.constructions.forEach((construction, i) => {
    const line = wordsAt(sentences, i, words).slice(0, -1);
    const { main, finite } = parse(line);
    for (const position of all ? finite : [main]) {
      const choices = presentVerbs.map((forms) => token(forms[presentVerb(line[position])]));
      const answer = token(line[position]);
      const byRule = (rule: keyof typeof tenseRules) => (position === main ? choices[tenseRules[rule](line)] : answer);
      questions.push({
        ...{ sequence: i, position, answer, choices, group: subjectOf(construction) },
        rules: { "agree-recent": byRule("agree-recent"), "agree-subject": byRule("agree-subject") },
      });
    }
  });
  return { sequences: bare(sentences), probes: nextTokenProbes(questions) };
}
