import { UsageError } from "../../options.ts";
import type { Stream } from "../../rng.ts";
import { determiners, nouns, prepositions, relatives, verbsOfAKind } from "./lexicon.ts";

/** What follows a noun: nothing, a prepositional phrase, a relative clause on the subject (without or with an object), one on the object. */
export const modifiers = ["none", "pp", "srci", "srct", "orc"] as const;
/** What follows the main verb: nothing, or a noun with each of the modifiers. */
export const objects = ["intransitive", ...modifiers] as const;
export const none = 0;
export const pp = 1;
export const srci = 2;
export const srct = 3;
export const orc = 4;

/** A noun with its determiner. */
export interface Noun {
  readonly determiner: number;
  readonly noun: number;
  /** 0: singular; 1: plural. */
  readonly number: number;
}

/**
 * A noun phrase. `inner` is the noun in its modifier: after the preposition (pp), the object of the relative clause (srct)
 * or its subject (orc). `verb` and `polarity` are those of the relative clause.
 */
export interface NounPhrase extends Noun {
  readonly modifier: number;
  /** Preposition or relative pronoun. */
  readonly link: number;
  readonly inner: Noun | undefined;
  readonly verb: number;
  readonly polarity: number;
}

/** A sentence without words: subject, verb and object, and whether each auxiliary, where the task has any, is negative. */
export interface Clause {
  readonly subject: NounPhrase;
  readonly verb: number;
  readonly polarity: number;
  readonly object: NounPhrase | undefined;
  /**
   * A number for this clause alone: no two clauses share one. It counts lexical choices in mixed radix, then structures,
   * and stays below 2^53 (at most 4.2e14).
   */
  readonly key: number;
}

/** Relative weights of the modifiers of the subject, and of what follows the verb. */
export interface Weights {
  readonly subject: readonly number[];
  readonly object: readonly number[];
}

/** Index i with probability weights[i] / their sum. */
export function weighted(stream: Stream, weights: readonly number[]): number {
  let total = 0;
  for (const weight of weights) total += weight;
  let left = stream.uniform() * total;
  for (let i = 0; i < weights.length; i++) {
    left -= weights[i];
    if (left < 0) return i;
  }
  // Rounding at the very end of the interval: the last that can be drawn.
  return weights.findLastIndex((weight) => weight > 0);
}

export const isRelative = (modifier: number): boolean => modifier >= srci;

/** Number (0, 1) of the verb in a noun phrase's relative clause: the clause's own subject decides, or else the head noun. */
export const relativeNumber = ({ modifier, number, inner }: NounPhrase): number =>
  modifier === orc && inner ? inner.number : number;

/** Which of the object column's entries a clause has: index into `objects`. */
export const objectOf = ({ object }: Clause): number => (object === undefined ? 0 : object.modifier + 1);
/** Subject and object together: 0 … 29. */
export const templateOf = (clause: Clause): number => clause.subject.modifier * objects.length + objectOf(clause);
export const templates: readonly string[] = modifiers.flatMap((s) => objects.map((o) => `${s}/${o}`));

/**
 * Draws a clause: its structure by the weights, all words uniformly. `polarities` is 2 where auxiliaries are affirmative
 * or negative, 1 where there are none.
 */
export function drawClause(stream: Stream, weights: Weights, polarities: number): Clause {
  let key = 0;
  const int = (n: number): number => {
    const value = n === 1 ? 0 : stream.int(n);
    key = key * n + value;
    return value;
  };
  const noun = (): Noun => ({ determiner: int(determiners.length), noun: int(nouns[0].length), number: int(2) });
  function nounPhrase(modifier: number): NounPhrase {
    const { determiner, noun: head, number } = noun();
    if (modifier === none) {
      return { determiner, noun: head, number, modifier, link: 0, inner: undefined, verb: 0, polarity: 0 };
    }
    const link = int(modifier === pp ? prepositions.length : relatives.length);
    const inner = modifier === srci ? undefined : noun();
    const verb = modifier === pp ? 0 : int(verbsOfAKind) + (modifier === srci ? 0 : verbsOfAKind);
    const polarity = modifier === pp ? 0 : int(polarities);
    return { determiner, noun: head, number, modifier, link, inner, verb, polarity };
  }
  const kind = weighted(stream, weights.subject);
  const after = weighted(stream, weights.object);
  const subject = nounPhrase(kind);
  const verb = int(verbsOfAKind) + (after === 0 ? 0 : verbsOfAKind);
  const polarity = int(polarities);
  const object = after === 0 ? undefined : nounPhrase(after - 1);
  return { subject, verb, polarity, object, key: key * templates.length + kind * objects.length + after };
}

/** Where nothing new came for so long, nothing new is left (or one in 50,000: the same to whoever waits). */
const patience = 200_000;

/**
 * Draws until a clause is accepted that no earlier call has given: `seen` holds the keys of all of them.
 * @throws UsageError when there are no more
 */
export function drawNew(
  stream: Stream,
  weights: Weights,
  polarities: number,
  seen: Set<number>,
  accepted: (clause: Clause) => boolean,
): Clause {
  for (let tries = 0; tries < patience; tries++) {
    const clause = drawClause(stream, weights, polarities);
    if (seen.has(clause.key) || !accepted(clause)) continue;
    seen.add(clause.key);
    return clause;
  }
  throw new UsageError("task: these options leave too few different sentences; ask for fewer, or for more templates");
}
