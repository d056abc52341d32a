import { quoted, UsageError } from "../../options.ts";
import { nouns, partOfSpeech, relatives, type PartOfSpeech } from "./lexicon.ts";

/** A binary tree over the words of a sentence: a leaf is a word's place. */
export type Tree = number | readonly [Tree, Tree];

/** What the rules of question formation and tense inflection look at. Places count from the first word. */
export interface Parsed {
  /** The grammar's tree; intransitive verbs are bare leaves. */
  readonly tree: Tree;
  /** Place of the subject's noun. */
  readonly subject: number;
  /** Place of the main auxiliary, or of the main verb where there are no auxiliaries. */
  readonly main: number;
  /** Places of all auxiliaries, or of all verbs where there are none. */
  readonly finite: readonly number[];
  /** Places of all nouns. */
  readonly nouns: readonly number[];
}

/**
 * Parses a declarative of the grammar, without its full stop: (NP VP), NP → (Det N) | ((Det N) PP) | ((Det N) RC),
 * PP → (Prep NP), RC → (Rel VP) | (Rel (NP VP)), VP → (Aux VP) | V | (V NP). Phrases may stand inside each other to any
 * depth.
 *
 * Source: the bottom-up rules of McCoy, Frank and Linzen 2020 for the trees they gave to their tree models.
 * @throws UsageError that names the word where the sentence leaves the grammar
 */
export function parse(words: readonly string[]): Parsed {
  let at = 0;
  const finite: number[] = [];
  const nounPlaces: number[] = [];
  const next = (): PartOfSpeech | undefined => partOfSpeech(words[at] ?? "");

  function take(part: PartOfSpeech, what: string): number {
    if (next() === part) return at++;
    const found = at < words.length ? quoted(words[at]) : "the end";
    throw new UsageError(`word ${at + 1}: expected ${what}, found ${found}`);
  }

  function nounPhrase(): { tree: Tree; head: number } {
    const determiner = take("D", "a determiner");
    const head = take("N", "a noun");
    nounPlaces.push(head);
    const bare: Tree = [determiner, head];
    const part = next();
    if (part === "P") return { tree: [bare, [at++, nounPhrase().tree]], head };
    if (part === "R") return { tree: [bare, [at++, relativeClause()]], head };
    return { tree: bare, head };
  }

  function relativeClause(): Tree {
    if (next() !== "D") return verbPhrase(true);
    const { tree } = nounPhrase();
    return [tree, verbPhrase(false)];
  }

  function verbPhrase(mayHaveObject: boolean): Tree {
    if (next() === "A") {
      finite.push(at);
      return [at++, bareVerbPhrase(mayHaveObject)];
    }
    finite.push(at);
    return bareVerbPhrase(mayHaveObject);
  }

  function bareVerbPhrase(mayHaveObject: boolean): Tree {
    const verb = take("V", "a verb");
    return mayHaveObject && next() === "D" ? [verb, nounPhrase().tree] : verb;
  }

  const { tree: subject, head } = nounPhrase();
  const main = at;
  const tree: Tree = [subject, verbPhrase(true)];
  if (at < words.length) throw new UsageError(`word ${at + 1}: expected the end, found ${quoted(words[at])}`);
  return { tree, subject: head, main, finite: finite.sort((a, b) => a - b), nouns: nounPlaces.sort((a, b) => a - b) };
}

const plurals = new Set(nouns[1]);
const relativePronouns = new Set<string>(relatives);

/** 0: singular; 1: plural. */
export const numberOf = (noun: string): number => (plurals.has(noun) ? 1 : 0);

/** What stands between subject and main verb: the construction's name as in the clause's modifiers. */
export function subjectModifier(words: readonly string[]): "none" | "pp" | "src" | "orc" {
  const third = words[2] ?? "";
  if (partOfSpeech(third) === "P") return "pp";
  if (!relativePronouns.has(third)) return "none";
  return partOfSpeech(words[3] ?? "") === "D" ? "orc" : "src";
}
