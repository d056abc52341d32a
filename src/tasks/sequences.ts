/**
 * What a task of sequences is made of: a language model reads SOS w1 … wn and learns to predict w1 … wn EOS. Plain data
 * throughout, so that a task can be cloned, stored and compared.
 */

/** Sequences one after another: sequence i is `tokens[offsets[i]] … tokens[offsets[i + 1] - 1]`, without SOS and EOS. */
export interface Sequences {
  readonly tokens: Int32Array;
  /** `[n + 1]`, from 0, ascending. */
  readonly offsets: Int32Array;
}

/** What a network is asked about the sequences of a set, and by which its accuracy is counted. */
export type Probes = NextTokenProbes | DecodeProbes;

interface ProbePlaces {
  /** The sequence of the set that each probe is about, `[n]`. */
  readonly sequence: Int32Array;
  /** How many of its tokens are read before the question is asked, `[n]`; 0: SOS alone. */
  readonly position: Int32Array;
  /** A kind for each probe (a construction, a depth), `[n]`, by number of `names`: each gets an accuracy of its own. */
  readonly groups?: { readonly names: readonly string[]; readonly of: Int32Array };
}

/**
 * The likeliest next token among a few allowed ones: right when it is the answer. Of equals the one listed first counts.
 * Several probes of one sequence cost a single reading, because a prediction depends on what stands before it alone.
 */
export interface NextTokenProbes extends ProbePlaces {
  readonly kind: "nextToken";
  /** The allowed tokens: one list for each probe, or a single one for all. */
  readonly choices: Sequences;
  /** The right one, `[n]`. */
  readonly answers: Int32Array;
  /** What other rules would answer, `[n]` each: the share of probes answered so is measured beside the accuracy. */
  readonly rules?: readonly { readonly name: string; readonly answers: Int32Array }[];
}

/**
 * The network goes on by itself, always with its likeliest token, until EOS or `maxTokens`; the reference is the rest of
 * the sequence. With `ignoredEnd` taken off the end of both, what it wrote is right when it is as long as the reference,
 * each token is of the reference's class, and the tokens at the `exact` places are the same.
 */
export interface DecodeProbes extends ProbePlaces {
  readonly kind: "decode";
  readonly maxTokens: number;
  /** A token that is dropped where it stands last. */
  readonly ignoredEnd?: number;
  /** Class of each token, `[vocabSize]`, such as its part of speech; -1: is never right. */
  readonly classes: Int32Array;
  /** Places in each probe's reference, from 0, whose very token must be there. */
  readonly exact: Sequences;
}

/** Sequences of which the loss is measured, and probes that say how good the network is at what the task is about. */
export interface ScoredSet {
  readonly sequences: Sequences;
  readonly probes: Probes;
}

/** The inputs of a task of sequences. Of its Evals `train` is about `validation`, `test` about `generalization`. */
export interface SequenceInputs {
  readonly kind: "sequences";
  readonly train: Sequences;
  /** Sequences like the training ones, but others: in-domain. */
  readonly validation: ScoredSet;
  /** Sequences on which a rule that fits the training ones as well goes wrong. */
  readonly generalization: ScoredSet;
  /** The words by number; 0 is the pad word, which no sequence holds. EOS follows them, and SOS follows that. */
  readonly words: readonly string[];
  readonly eos: number;
  readonly sos: number;
  /** Rows of the embedding and of the output: the words, EOS and SOS. */
  readonly vocabSize: number;
  /** Tokens of the longest sequence of all sets. */
  readonly maxLength: number;
}

export const countOf = ({ offsets }: Sequences): number => offsets.length - 1;

/** Tokens of sequence i: a view. */
export const sequenceAt = ({ tokens, offsets }: Sequences, i: number): Int32Array =>
  tokens.subarray(offsets[i], offsets[i + 1]);

export function sequencesOf(lists: readonly (ArrayLike<number> & Iterable<number>)[]): Sequences {
  const offsets = new Int32Array(lists.length + 1);
  lists.forEach((list, i) => (offsets[i + 1] = offsets[i] + list.length));
  const tokens = new Int32Array(offsets[lists.length]);
  lists.forEach((list, i) => tokens.set(Int32Array.from(list), offsets[i]));
  return { tokens, offsets };
}

/** The sequences and what follows from them: vocabulary numbers, the longest length. */
export function sequenceInputs(
  sets: Pick<SequenceInputs, "train" | "validation" | "generalization" | "words">,
): SequenceInputs {
  const eos = sets.words.length;
  const lengths = [sets.train, sets.validation.sequences, sets.generalization.sequences].map(longest);
  return { kind: "sequences", ...sets, eos, sos: eos + 1, vocabSize: eos + 2, maxLength: Math.max(...lengths) };
}

function longest({ offsets }: Sequences): number {
  let most = 0;
  for (let i = 1; i < offsets.length; i++) most = Math.max(most, offsets[i] - offsets[i - 1]);
  return most;
}
