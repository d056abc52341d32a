import { none, orc, pp, type NounPhrase, type Noun } from "./clause.ts";
import { determiners, nouns, prepositions, relatives } from "./lexicon.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Where the verb of a relative clause goes: the task decides its form, and whether an auxiliary precedes it. */
export type AddVerb = (out: number[], phrase: NounPhrase) => void;

/** Writes noun phrases in a vocabulary. */
export function phrases({ token }: Pick<Vocabulary, "token">) {
  const determinerTokens = determiners.map(token);
  const nounTokens = nouns.map((words) => words.map(token));
  const prepositionTokens = prepositions.map(token);
  const relativeTokens = relatives.map(token);

  const addNoun = (out: number[], { determiner, noun, number }: Noun): void => {
    out.push(determinerTokens[determiner], nounTokens[number][noun]);
  };

  /** Appends `the yak`, `the yak near my newts`, `the yak who sleeps`, `… who admires my newts`, `… who my newts admire`. */
  return function addNounPhrase(out: number[], phrase: NounPhrase, addVerb: AddVerb): void {
    const { modifier, link, inner } = phrase;
    addNoun(out, phrase);
    if (modifier === none) return;
    out.push(modifier === pp ? prepositionTokens[link] : relativeTokens[link]);
    if (modifier === orc && inner) addNoun(out, inner);
    if (modifier !== pp) addVerb(out, phrase);
    if (modifier !== orc && inner) addNoun(out, inner);
  };
}
