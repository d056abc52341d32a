import { nearest, quoted, UsageError } from "../../options.ts";

/** Word of token 0: no sequence holds it. */
export const padWord = "<pad>";

/** The words of a language and their numbers: 0 is the pad word, then all words sorted by code point. */
export interface Vocabulary {
  /** Word of each token: V with the pad word. */
  readonly words: readonly string[];
  /** Token of a word. @throws UsageError with the nearest word */
  readonly token: (word: string) => number;
}

/** The vocabulary of these words; copies count once. */
export function vocabulary(of: readonly string[]): Vocabulary {
  const words = [padWord, ...[...new Set(of)].sort()];
  const tokens = new Map(words.map((word, i) => [word, i]));
  tokens.delete(padWord);
  const token = (word: string): number => {
    const found = tokens.get(word);
    if (found !== undefined) return found;
    const near = nearest(word, words.slice(1));
    throw new UsageError(`unknown word ${quoted(word)}${near === undefined ? "" : `; did you mean "${near}"?`}`);
  };
  return { words, token };
}
