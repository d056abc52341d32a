import { sequenceAt, type Sequences } from "../sequences.ts";

/** Sequences, and what each is an example of. */
export interface Sentences extends Sequences {
  /** Index into the corpus's `constructions`, `[n]`. */
  readonly constructions: Int32Array;
}

/** What a language task is made of: plain data. */
export interface Corpus {
  /** Word of each token; 0 is the pad word. */
  readonly words: readonly string[];
  /** Names of the constructions that sentences are examples of. */
  readonly constructions: readonly string[];
  readonly train: Sentences;
  /** Further sentences like those of training. */
  readonly validation: Sentences;
  /** Sentences of a kind that training withholds. */
  readonly generalization: Sentences;
}
export const setNames = ["train", "validation", "generalization"] as const;
export type SetName = (typeof setNames)[number];

/** Collects sentences. */
export class SentenceList {
  private tokens = new Int32Array(1024);
  private length = 0;
  private readonly offsets: number[] = [0];
  private readonly constructions: number[] = [];

  get n(): number {
    return this.constructions.length;
  }

  add(tokens: ArrayLike<number>, construction: number): void {
    const end = this.length + tokens.length;
    if (end > this.tokens.length) {
      const larger = new Int32Array(Math.max(end, 2 * this.tokens.length));
      larger.set(this.tokens.subarray(0, this.length));
      this.tokens = larger;
    }
    this.tokens.set(tokens, this.length);
    this.length = end;
    this.offsets.push(end);
    this.constructions.push(construction);
  }

  done(): Sentences {
    return {
      tokens: this.tokens.slice(0, this.length),
      offsets: Int32Array.from(this.offsets),
      constructions: Int32Array.from(this.constructions),
    };
  }
}

/** Words of sentence i. */
export const wordsAt = (sentences: Sequences, i: number, words: readonly string[]): string[] =>
  Array.from(sequenceAt(sentences, i), (token) => words[token]);
