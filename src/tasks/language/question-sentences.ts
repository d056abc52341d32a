import type { Random, Stream } from "../../rng.ts";
import { drawNew, isRelative, relativeNumber, templateOf, templates } from "./clause.ts";
import type { Clause, NounPhrase, Weights } from "./clause.ts";
import { auxiliaries, bareVerbs, determiners, nouns, prepositions, relatives } from "./lexicon.ts";
import { phrases } from "./phrases.ts";
import { SentenceList, type Corpus } from "./sentences.ts";
import { chooseTemplates } from "./templates.ts";
import { vocabulary } from "./vocabulary.ts";

/** Words of question formation: 68, so V = 69. */
export const questionVocabulary = vocabulary([
  ...[...determiners, ...nouns.flat(), ...bareVerbs, ...auxiliaries.flat(), ...prepositions, ...relatives],
  ...[".", "?", "quest", "decl"],
]);

/** What the options of question formation may be. */
export const mixes = ["as-released", "published-weights"] as const;
export const declarativeKinds = ["all", "center-embedded", "right-branching", "none"] as const;
export const disambiguatingRules = ["hierarchical", "linear"] as const;

export interface QuestionOptions {
  readonly trainSize: number;
  readonly validationSize: number;
  readonly generalizationSize: number;
  readonly mix: (typeof mixes)[number];
  readonly declaratives: (typeof declarativeKinds)[number];
  readonly disambiguating: number;
  readonly disambiguatingRule: (typeof disambiguatingRules)[number];
  readonly templates: number;
}

/** Of the published grammar file, and of the released files (why they differ is not known). */
const weightsOf: Readonly<Record<QuestionOptions["mix"], Weights>> = {
  "published-weights": { subject: [3, 3, 1, 1, 1], object: [9, 3, 3, 1, 1, 1] },
  "as-released": { subject: [7.35, 3, 1, 1, 2], object: [3, 3, 3, 2, 1, 1] },
};
/** Generalization: no relative clause on the object, whose weights are the published ones in the released file, too. */
const withheldWeights = (subject: readonly number[]): Weights => ({ subject, object: [3, 1, 1, 0, 0, 0] });
const subjectRelatives = withheldWeights([0, 0, 1, 1, 0]);
const objectRelatives = withheldWeights([0, 0, 0, 0, 1]);
/** Auxiliaries are affirmative or negative. */
const polarities = 2;

const quest = 0;
/** Tag and template: "decl srci/none" is a declarative with a relative clause on its subject and a plain object. */
export const questionConstructions: readonly string[] = ["quest", "decl"].flatMap((tag) =>
  templates.map((template) => `${tag} ${template}`),
);
const constructionOf = (clause: Clause, tag: number): number => tag * templates.length + templateOf(clause);

/**
 * Question formation. A training line is a declarative, its tag, and the same again (decl) or its question (quest); a
 * question about a sentence with a relative clause on the subject is withheld for generalization, and kept there where its
 * two auxiliaries tell the rules apart: same number, opposite polarity. No sentence is in two sets.
 *
 * Source: the files of McCoy, Frank and Linzen 2020.
 * @throws UsageError where the options leave too few sentences
 */
export function questionCorpus(options: QuestionOptions, random: Random): Corpus {
  const seen = new Set<number>();
  // Generalization first: it is the same whatever the mix of the training sentences.
  const generalization = new SentenceList();
  withheld(random.stream("generalization"), options.generalizationSize, seen, (clause) => {
    generalization.add(questionLine(clause, "hierarchical"), constructionOf(clause, quest));
  });
  const allowed = allowedConstructions(options, random.stream("templates"));
  const extra = Math.round(options.disambiguating * options.trainSize);
  const train = ambiguous(random.stream("train-examples"), options.trainSize - extra, options, allowed, seen);
  withheld(random.stream("disambiguating"), extra, seen, (clause) => {
    train.add(questionLine(clause, options.disambiguatingRule), constructionOf(clause, quest));
  });
  const validation = ambiguous(random.stream("validation"), options.validationSize, options, allowed, seen);
  return {
    words: questionVocabulary.words,
    constructions: questionConstructions,
    ...{ train: train.done(), validation: validation.done(), generalization: generalization.done() },
  };
}

/** Which constructions the training distribution has, `[60]`. */
function allowedConstructions({ declaratives, templates: count }: QuestionOptions, stream: Stream): readonly boolean[] {
  const inTraining = questionConstructions.map((_, construction) => {
    const subject = Math.floor((construction % templates.length) / 6);
    const objectRelative = construction % 6 >= 3;
    if (construction < templates.length) return !isRelative(subject);
    if (declaratives === "all") return true;
    if (declaratives === "none") return false;
    return declaratives === "center-embedded" ? isRelative(subject) : !isRelative(subject) && objectRelative;
  });
  return chooseTemplates(inTraining, count, stream);
}

/** Sentences on which both rules agree. */
function ambiguous(
  stream: Stream,
  size: number,
  { mix }: QuestionOptions,
  allowed: readonly boolean[],
  seen: Set<number>,
): SentenceList {
  const list = new SentenceList();
  for (let i = 0; i < size; i++) {
    let tag = quest;
    const clause = drawNew(stream, weightsOf[mix], polarities, seen, (candidate) => {
      tag = stream.int(2);
      return allowed[constructionOf(candidate, tag)];
    });
    list.add(
      tag === quest ? questionLine(clause, "hierarchical") : declarativeLine(clause),
      constructionOf(clause, tag),
    );
  }
  return list;
}

/** Main and relative auxiliary: the same number, opposite polarity. */
const tellsRulesApart = ({ subject, polarity }: Clause): boolean =>
  relativeNumber(subject) === subject.number && subject.polarity !== polarity;

/** Sentences on which the rules differ: every third has its relative clause on the object of it, as released. */
function withheld(stream: Stream, size: number, seen: Set<number>, use: (clause: Clause) => void): void {
  for (let i = 0; i < size; i++) {
    use(drawNew(stream, i % 3 === 2 ? objectRelatives : subjectRelatives, polarities, seen, tellsRulesApart));
  }
}

const { token } = questionVocabulary;
const verbTokens = bareVerbs.map(token);
const auxiliaryTokens = auxiliaries.map((words) => words.map(token));
const [stop, questionMark, questTag, declTag] = [".", "?", "quest", "decl"].map(token);
const addNounPhrase = phrases(questionVocabulary);

/** The declarative without its full stop; the places of its main auxiliary and of its first. */
function declarative(clause: Clause): { words: number[]; main: number; first: number } {
  const words: number[] = [];
  let first = -1;
  const addVerb = (out: number[], phrase: NounPhrase): void => {
    if (first < 0) first = out.length;
    out.push(auxiliaryTokens[relativeNumber(phrase)][phrase.polarity], verbTokens[phrase.verb]);
  };
  addNounPhrase(words, clause.subject, addVerb);
  const main = words.length;
  if (first < 0) first = main;
  words.push(auxiliaryTokens[clause.subject.number][clause.polarity], verbTokens[clause.verb]);
  if (clause.object) addNounPhrase(words, clause.object, addVerb);
  return { words, main, first };
}

function declarativeLine(clause: Clause): number[] {
  const { words } = declarative(clause);
  return [...words, stop, declTag, ...words, stop];
}

/** hierarchical: the main auxiliary moves to the front; linear: the first one does. */
function questionLine(clause: Clause, rule: QuestionOptions["disambiguatingRule"]): number[] {
  const { words, main, first } = declarative(clause);
  const moved = rule === "hierarchical" ? main : first;
  const rest = words.filter((_, place) => place !== moved);
  return [...words, stop, questTag, words[moved], ...rest, questionMark];
}
