import { numberOf, parse } from "./parse.ts";

/**
 * Rules that a learner could follow, each from the declarative (without its full stop) to the word that decides: the
 * auxiliary at the front of the question, or the number (0, 1) of the main verb. The training sentences do not tell the
 * first of each list from the others; on the generalization set it is always wrong, and the others always right.
 */
export const questionRules = {
  /** Linear: the first auxiliary moves. */
  "move-first": (words: readonly string[]): string => words[parse(words).finite[0]],
  /** Hierarchical: the main clause's auxiliary moves. */
  "move-main": (words: readonly string[]): string => words[parse(words).main],
  /** The last auxiliary moves: right on the generalization set, wrong on training sentences with a relative clause on the object. */
  "move-last": (words: readonly string[]): string => words[parse(words).finite.at(-1) ?? 0],
} as const;

export const tenseRules = {
  /** Linear: the verb agrees with the noun before it. */
  "agree-recent": (words: readonly string[]): number => {
    const { main, nouns } = parse(words);
    return numberOf(words[nouns.filter((place) => place < main).at(-1) ?? 0]);
  },
  /** Hierarchical: the verb agrees with its subject. */
  "agree-subject": (words: readonly string[]): number => numberOf(words[parse(words).subject]),
  /** The verb agrees with the first noun, which here is always the subject: not told apart by these sentences. */
  "agree-first": (words: readonly string[]): number => numberOf(words[parse(words).nouns[0]]),
} as const;
