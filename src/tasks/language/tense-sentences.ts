import type { Random, Stream } from "../../rng.ts";
import { drawNew, relativeNumber, templateOf, templates } from "./clause.ts";
import type { Clause, NounPhrase, Weights } from "./clause.ts";
import { determiners, nouns, pastVerbs, prepositions, presentVerbs, relatives } from "./lexicon.ts";
import { phrases } from "./phrases.ts";
import type { mixes } from "./question-sentences.ts";
import { SentenceList, type Corpus } from "./sentences.ts";
import { chooseTemplates } from "./templates.ts";
import { vocabulary } from "./vocabulary.ts";

/** Words of tense inflection: 98 ("read" is both a past and a present form), so V = 99. */
export const tenseVocabulary = vocabulary([
  ...[...determiners, ...nouns.flat(), ...presentVerbs.flat(), ...pastVerbs, ...prepositions, ...relatives],
  ...[".", "PAST", "PRESENT"],
]);

export const agreementRules = ["hierarchical", "linear"] as const;

export interface TenseOptions {
  readonly trainSize: number;
  readonly validationSize: number;
  readonly generalizationSize: number;
  readonly mix: (typeof mixes)[number];
  /** PAST examples: the copies. */
  readonly identity: boolean;
  readonly disambiguating: number;
  readonly disambiguatingRule: (typeof agreementRules)[number];
  readonly templates: number;
}

/** Of the published grammar file, and of the released files (why they differ is not known). */
export const tenseWeights: Readonly<Record<TenseOptions["mix"], Weights>> = {
  "published-weights": { subject: [3, 3, 1, 1, 1], object: [9, 3, 3, 1, 1, 1] },
  "as-released": { subject: [3, 3, 1, 1, 1], object: [3, 3, 3, 1, 1, 1] },
};
/** Verbs have tense and number instead of an auxiliary with a polarity. */
const polarities = 1;

const past = 0;
const present = 1;
/** Tag and template: "PRESENT pp/none" has a prepositional phrase on its subject and a plain object. */
export const tenseConstructions: readonly string[] = ["PAST", "PRESENT"].flatMap((tag) =>
  templates.map((template) => `${tag} ${template}`),
);
const constructionOf = (clause: Clause, tag: number): number => tag * templates.length + templateOf(clause);

/**
 * Tense inflection. A training line is a sentence in the past, its tag, and the same again (PAST) or in the present
 * (PRESENT). A PRESENT line is in training only if each verb agrees with the noun before it, too, and in the
 * generalization set only if the main verb does not. No sentence is in two sets.
 *
 * Source: the files of McCoy, Frank and Linzen 2020.
 * @throws UsageError where the options leave too few sentences
 */
export function tenseCorpus(options: TenseOptions, random: Random): Corpus {
  const seen = new Set<number>();
  const weights = tenseWeights[options.mix];
  const generalization = new SentenceList();
  const withheld = (stream: Stream, size: number, rule: TenseOptions["disambiguatingRule"], to: SentenceList): void => {
    for (let i = 0; i < size; i++) {
      const clause = drawNew(stream, weights, polarities, seen, (candidate) => !mainAgreesWithNearest(candidate));
      to.add(line(clause, present, rule), constructionOf(clause, present));
    }
  };
  withheld(random.stream("generalization"), options.generalizationSize, "hierarchical", generalization);
  const allowed = chooseTemplates(
    tenseConstructions.map((_, construction) => options.identity || construction >= templates.length),
    options.templates,
    random.stream("templates"),
  );
  const addAmbiguous = (stream: Stream, size: number, to: SentenceList): void => {
    for (let i = 0; i < size; i++) {
      let tag = past;
      const clause = drawNew(stream, weights, polarities, seen, (candidate) => {
        tag = stream.int(2);
        return allowed[constructionOf(candidate, tag)] && (tag === past || allAgreeWithNearest(candidate));
      });
      to.add(line(clause, tag, "hierarchical"), constructionOf(clause, tag));
    }
  };
  const train = new SentenceList();
  const validation = new SentenceList();
  const extra = Math.round(options.disambiguating * options.trainSize);
  addAmbiguous(random.stream("train-examples"), options.trainSize - extra, train);
  withheld(random.stream("disambiguating"), extra, options.disambiguatingRule, train);
  addAmbiguous(random.stream("validation"), options.validationSize, validation);
  return {
    words: tenseVocabulary.words,
    constructions: tenseConstructions,
    ...{ train: train.done(), validation: validation.done(), generalization: generalization.done() },
  };
}

/** Number of the noun right before the main verb. */
export const nearestNumber = ({ subject }: Clause): number => subject.inner?.number ?? subject.number;

/** The linear rule, agreement with the noun before the verb, gives the main verb its right form. */
export const mainAgreesWithNearest = (clause: Clause): boolean => nearestNumber(clause) === clause.subject.number;

/**
 * The same of every verb. The verb of a relative clause follows its own subject or the head noun directly, so it always
 * agrees with the noun before it: the main verb decides.
 */
export const allAgreeWithNearest = mainAgreesWithNearest;

const { token } = tenseVocabulary;
const presentTokens = presentVerbs.map((words) => words.map(token));
const pastTokens = pastVerbs.map(token);
const [stop, pastTag, presentTag] = [".", "PAST", "PRESENT"].map(token);
const addNounPhrase = phrases(tenseVocabulary);

/** The sentence without its full stop; the form of a verb is a function of its index and number. */
function write(clause: Clause, form: (verb: number, number: number) => number, mainNumber: number): number[] {
  const out: number[] = [];
  const addVerb = (to: number[], phrase: NounPhrase): void => {
    to.push(form(phrase.verb, relativeNumber(phrase)));
  };
  addNounPhrase(out, clause.subject, addVerb);
  out.push(form(clause.verb, mainNumber));
  if (clause.object) addNounPhrase(out, clause.object, addVerb);
  return out;
}

/** hierarchical: the main verb agrees with its subject; linear: with the noun before it. */
function line(clause: Clause, tag: number, rule: TenseOptions["disambiguatingRule"]): number[] {
  const number = rule === "hierarchical" ? clause.subject.number : nearestNumber(clause);
  const inPast = write(clause, (verb) => pastTokens[verb], number);
  const out = tag === past ? inPast : write(clause, (verb, n) => presentTokens[n][verb], number);
  return [...inPast, stop, tag === past ? pastTag : presentTag, ...out, stop];
}
