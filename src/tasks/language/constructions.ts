import { modifiers, none, objects, orc, pp, srci, srct, templates } from "./clause.ts";
import { parse } from "./parse.ts";
import { partOfSpeech } from "./lexicon.ts";

/** Modifier of the noun before `place`: index into `modifiers`. */
function modifierAt(words: readonly string[], place: number): number {
  const part = (offset: number) => partOfSpeech(words[place + offset] ?? "");
  if (part(0) === "P") return pp;
  if (part(0) !== "R") return none;
  if (part(1) === "D") return orc;
  const verb = part(1) === "A" ? 2 : 1;
  return part(verb + 1) === "D" ? srct : srci;
}

/**
 * Template of a sentence, without its full stop: what modifies the subject, and what follows the verb. Modifiers inside
 * modifiers do not count.
 * @throws UsageError where the sentence leaves the grammar
 */
export function templateOfWords(words: readonly string[]): number {
  const { main } = parse(words);
  const verb = partOfSpeech(words[main]) === "A" ? main + 1 : main;
  const object = verb + 1 >= words.length ? 0 : 1 + modifierAt(words, verb + 3);
  return modifierAt(words, 2) * objects.length + object;
}

/** `srci` of `decl srci/none`: what modifies the subject. */
export const subjectOf = (construction: number): (typeof modifiers)[number] =>
  modifiers[Math.floor((construction % templates.length) / objects.length)];
