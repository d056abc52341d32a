import { UsageError } from "../../options.ts";
import type { Random, Stream } from "../../rng.ts";
import { SentenceList, type Corpus } from "./sentences.ts";
import { vocabulary, type Vocabulary } from "./vocabulary.ts";

/** Most bracket types: one for each letter. */
export const maxBracketTypes = 26;

/** Words of Dyck-(k, m): `(a` … and `a)` …, so V = 2k + 1. Tokens 1 … k open, k + 1 … 2k close, in the same order. */
export function dyckVocabulary(k: number): Vocabulary {
  const letters = Array.from({ length: k }, (_, i) => String.fromCharCode("a".charCodeAt(0) + i));
  return vocabulary(letters.flatMap((letter) => [`(${letter}`, `${letter})`]));
}

export interface DyckOptions {
  /** Bracket types. */
  readonly k: number;
  /** Most brackets open at once. */
  readonly m: number;
  readonly minLength: number;
  readonly trainSize: number;
  readonly validationSize: number;
  readonly generalizationSize: number;
}

/** Deepest level of a string, 1 …: the construction that it is counted under. */
export const dyckConstructions = (m: number): readonly string[] =>
  Array.from({ length: m }, (_, i) => `depth ${i + 1}`);

/**
 * Strings of balanced brackets from the automaton of Hewitt et al. 2020: while nothing is open, a bracket opens or the
 * string ends, each with 1/2 (no end before `minLength` brackets); at depths below m a bracket opens or the last one
 * closes, each with 1/2; at depth m it closes. Types are uniform, and there is no greatest length.
 *
 * Each string is cut where nothing is open, and each segment is known by its course of depths. Training strings are drawn
 * as they come, copies included; a fresh string whose segments all occur in training is for validation, any other one for
 * generalization.
 * @throws UsageError where one of the two does not fill up
 */
export function dyckCorpus(options: DyckOptions, random: Random): Corpus {
  const { k, m, minLength, trainSize, validationSize, generalizationSize } = options;
  const known = new Set<string>();
  const strings = new Set<string>();
  const [train, validation, generalization] = [new SentenceList(), new SentenceList(), new SentenceList()];
  const source = random.stream("train-examples");
  for (let i = 0; i < trainSize; i++) {
    const drawn = drawString(source, k, m, minLength);
    for (const segment of drawn.segments) known.add(segment);
    strings.add(keyOf(drawn.tokens));
    train.add(drawn.tokens, drawn.depth - 1);
  }
  const fresh = random.stream("test-examples");
  for (let tries = 0; validation.n < validationSize || generalization.n < generalizationSize; tries++) {
    if (tries > patience(validationSize + generalizationSize)) throw tooFew(validation.n < validationSize, m);
    const drawn = drawString(fresh, k, m, minLength);
    const unseen = drawn.segments.some((segment) => !known.has(segment));
    if (unseen ? generalization.n >= generalizationSize : validation.n >= validationSize) continue;
    const key = keyOf(drawn.tokens);
    if (strings.has(key)) continue;
    (unseen ? generalization : validation).add(drawn.tokens, drawn.depth - 1);
  }
  return {
    words: dyckVocabulary(k).words,
    constructions: dyckConstructions(m),
    ...{ train: train.done(), validation: validation.done(), generalization: generalization.done() },
  };
}

const patience = (wanted: number): number => 50_000 + 200 * wanted;

function tooFew(inValidation: boolean, m: number): UsageError {
  return new UsageError(
    inValidation
      ? "task.validationSize: too few strings of known structure are left; ask for fewer, or give a larger task.k"
      : `task.generalizationSize: with depth ${m} nearly every structure is in training; ask for fewer, or give a larger task.m or a smaller task.trainSize`,
  );
}

interface Drawn {
  readonly tokens: number[];
  /** The course of each segment: one sign per bracket. */
  readonly segments: string[];
  /** Deepest level. */
  readonly depth: number;
}

function drawString(stream: Stream, k: number, m: number, minLength: number): Drawn {
  const tokens: number[] = [];
  const segments: string[] = [];
  const stack: number[] = [];
  let depth = 0;
  let course = "";
  for (;;) {
    const open = stack.length === 0 ? stream.int(2) === 0 : stack.length < m && stream.int(2) === 0;
    if (open) {
      const type = stream.int(k);
      stack.push(type);
      depth = Math.max(depth, stack.length);
      tokens.push(1 + type);
      course += "(";
      continue;
    }
    const type = stack.pop();
    if (type === undefined) {
      // An end that comes too early is drawn again.
      if (tokens.length < minLength) continue;
      return { tokens, segments, depth };
    }
    tokens.push(1 + k + type);
    course += ")";
    if (stack.length === 0) {
      segments.push(course);
      course = "";
    }
  }
}

const keyOf = (tokens: readonly number[]): string => String.fromCharCode(...tokens);
