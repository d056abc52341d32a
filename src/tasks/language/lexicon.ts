/**
 * The words of question formation, tense inflection and agreement, by part of speech.
 *
 * Source: McCoy, Frank and Linzen, "Does syntax need to grow on trees?", TACL 2020.
 */

export const determiners = ["the", "some", "my", "your", "our", "her"] as const;

const animals =
  "newt orangutan peacock quail raven salamander tyrannosaurus unicorn vulture walrus xylophone yak zebra".split(" ");

/** `nouns[number][i]`: number 0 is singular, 1 plural. */
export const nouns: readonly [singular: readonly string[], plural: readonly string[]] = [
  animals,
  animals.map((noun) => (noun.endsWith("s") ? `${noun}es` : `${noun}s`)),
];

const intransitive = "giggle smile sleep swim wait move change read eat".split(" ");
const transitive = "entertain amuse high_five applaud confuse admire accept remember comfort".split(" ");
const past: Readonly<Record<string, string>> = { sleep: "slept", swim: "swam", read: "read", eat: "ate" };

/** Nine intransitive verbs, then nine transitive ones: the form after an auxiliary, and the plural present. */
export const bareVerbs: readonly string[] = [...intransitive, ...transitive];
export const verbsOfAKind = intransitive.length;
/** `presentVerbs[number][i]` */
export const presentVerbs: readonly [singular: readonly string[], plural: readonly string[]] = [
  bareVerbs.map((verb) => `${verb}s`),
  bareVerbs,
];
export const pastVerbs: readonly string[] = bareVerbs.map(
  (verb) => past[verb] ?? (verb.endsWith("e") ? `${verb}d` : `${verb}ed`),
);

/** `auxiliaries[number][polarity]`: polarity 0 is affirmative, 1 negative. */
export const auxiliaries: readonly [singular: readonly string[], plural: readonly string[]] = [
  ["does", "doesn't"],
  ["do", "don't"],
];

export const prepositions = ["around", "near", "with", "upon", "by", "behind", "above", "below"] as const;
export const relatives = ["who", "that"] as const;

/** What a word is: determiner, noun, verb, auxiliary, preposition, relative pronoun, tag, or the sentence's end. */
export type PartOfSpeech = "D" | "N" | "V" | "A" | "P" | "R" | "T" | ".";

const groups: readonly (readonly [PartOfSpeech, readonly string[]])[] = [
  ["D", determiners],
  ["N", nouns.flat()],
  ["V", [...presentVerbs.flat(), ...pastVerbs]],
  ["A", auxiliaries.flat()],
  ["P", prepositions],
  ["R", relatives],
  ["T", ["quest", "decl", "PAST", "PRESENT"]],
  [".", [".", "?"]],
];
const parts = new Map(groups.flatMap(([part, words]) => words.map((word) => [word, part] as const)));

/** The part of speech of a word of the lexicon; undefined for any other word. */
export const partOfSpeech = (word: string): PartOfSpeech | undefined => parts.get(word);
