import { stream } from "../../rng.ts";
import { parse, type Tree } from "../../tasks/language/parse.ts";
import { countOf, sequenceAt, type SequenceInputs, type Sequences } from "../../tasks/index.ts";

/** A sentence as the tree analyses read it: its words up to the full stop, and its tree where the grammar gives one. */
export interface ReadSentence {
  readonly tokens: Int32Array;
  readonly words: readonly string[];
  readonly gold: Tree | undefined;
}

/** Strings of brackets are read whole, where they are no longer than this. */
const longest = 200;

/**
 * Sentences of a set in an order drawn from the seed, at most `count`. As published: of question formation those with the
 * tag `quest`, of brackets strings shorter than 200.
 */
export function readSentences(
  inputs: SequenceInputs,
  set: Sequences,
  { count, seed, tag }: { readonly count: number; readonly seed: number; readonly tag?: string },
): readonly ReadSentence[] {
  const stop = inputs.words.indexOf(".");
  const wanted = tag === undefined ? -1 : inputs.words.indexOf(tag);
  const order = stream(seed, "sentences").permutation(countOf(set));
  const found: ReadSentence[] = [];
  for (const i of order) {
    if (found.length >= count) break;
    const line = sequenceAt(set, i);
    if (wanted >= 0 && !line.includes(wanted)) continue;
    const end = stop < 0 ? -1 : line.indexOf(stop);
    const tokens = end < 0 ? line : line.subarray(0, end);
    if (tokens.length < 2 || tokens.length >= longest) continue;
    const words = Array.from(tokens, (token) => inputs.words[token]);
    found.push({ tokens, words, gold: end < 0 ? undefined : parse(words).tree });
  }
  return found;
}

/** The tag whose sentences the published analyses read. */
export const analyzedTag = (task: string): string | undefined => (task === "question-formation" ? "quest" : undefined);
