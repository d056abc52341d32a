import type { Random, Stream } from "../../rng.ts";
import { drawNew, none, objects, relativeNumber, srci, templateOf, templates } from "./clause.ts";
import type { Clause, NounPhrase } from "./clause.ts";
import { determiners, nouns, prepositions, presentVerbs, relatives } from "./lexicon.ts";
import { phrases } from "./phrases.ts";
import { SentenceList, type Corpus } from "./sentences.ts";
import { chooseTemplates } from "./templates.ts";
import { mainAgreesWithNearest, nearestNumber, tenseWeights, type TenseOptions } from "./tense-sentences.ts";
import { vocabulary } from "./vocabulary.ts";

/** Words of simple agreement: 79, so V = 80. */
export const agreementVocabulary = vocabulary([
  ...[...determiners, ...nouns.flat(), ...presentVerbs.flat(), ...prepositions, ...relatives, "."],
]);

export type AgreementOptions = Omit<TenseOptions, "identity">;

/** A template here has numbers, too: "the newt near the yaks" and "the newts near the yak" are two. */
function numberedTemplate(clause: Clause): number {
  const numbers = (phrase: NounPhrase | undefined): number => 2 * (phrase?.number ?? 0) + (phrase?.inner?.number ?? 0);
  return (templateOf(clause) * 4 + numbers(clause.subject)) * 4 + numbers(clause.object);
}

/** Which numbered templates have sentences that both rules fit: 170. */
const agreeing: readonly boolean[] = Array.from({ length: templates.length * 16 }, (_, template) => {
  const subject = Math.floor(template / 16 / objects.length);
  const object = (Math.floor(template / 16) % objects.length) - 1;
  const inner = (modifier: number): boolean => modifier !== none && modifier !== srci;
  const [head, nearest, objectHead, objectInner] = [8, 4, 2, 1].map((bit) => (template & bit) !== 0);
  const exists =
    (inner(subject) || !nearest) && (object >= 0 || (!objectHead && !objectInner)) && (inner(object) || !objectInner);
  return exists && (!inner(subject) || nearest === head);
});

/**
 * Simple agreement: sentences in the present. In training the main verb agrees with its subject and with the noun before
 * it, in the generalization set with its subject alone. No sentence is in two sets.
 *
 * Source: Ahuja et al., "Learning syntax without planting trees", TACL 2025; the grammar is that of tense inflection.
 * @throws UsageError where the options leave too few sentences
 */
export function agreementCorpus(options: AgreementOptions, random: Random): Corpus {
  const seen = new Set<number>();
  const weights = tenseWeights[options.mix];
  const allowed = chooseTemplates(agreeing, options.templates, random.stream("templates"));
  const add = (
    stream: Stream,
    size: number,
    to: SentenceList,
    accepted: (clause: Clause) => boolean,
    linear = false,
  ): void => {
    for (let i = 0; i < size; i++) {
      const clause = drawNew(stream, weights, 1, seen, accepted);
      to.add(line(clause, linear ? nearestNumber(clause) : clause.subject.number), templateOf(clause));
    }
  };
  const differ = (clause: Clause): boolean => !mainAgreesWithNearest(clause);
  const agree = (clause: Clause): boolean => mainAgreesWithNearest(clause) && allowed[numberedTemplate(clause)];
  const [train, validation, generalization] = [new SentenceList(), new SentenceList(), new SentenceList()];
  const extra = Math.round(options.disambiguating * options.trainSize);
  add(random.stream("generalization"), options.generalizationSize, generalization, differ);
  add(random.stream("train-examples"), options.trainSize - extra, train, agree);
  add(random.stream("disambiguating"), extra, train, differ, options.disambiguatingRule === "linear");
  add(random.stream("validation"), options.validationSize, validation, agree);
  return {
    words: agreementVocabulary.words,
    constructions: templates,
    ...{ train: train.done(), validation: validation.done(), generalization: generalization.done() },
  };
}

/** How many numbered templates training can have. */
export const agreementTemplates = agreeing.filter(Boolean).length;

const { token } = agreementVocabulary;
const verbTokens = presentVerbs.map((words) => words.map(token));
const stop = token(".");
const addNounPhrase = phrases(agreementVocabulary);

function line(clause: Clause, mainNumber: number): number[] {
  const out: number[] = [];
  const addVerb = (to: number[], phrase: NounPhrase): void => {
    to.push(verbTokens[relativeNumber(phrase)][phrase.verb]);
  };
  addNounPhrase(out, clause.subject, addVerb);
  out.push(verbTokens[mainNumber][clause.verb]);
  if (clause.object) addNounPhrase(out, clause.object, addVerb);
  return [...out, stop];
}
