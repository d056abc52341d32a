import type { SequenceBatch } from "../models/index.ts";
import {
  countOf,
  sequenceAt,
  type DecodeProbes,
  type NextTokenProbes,
  type ScoredSet,
  type SequenceInputs,
} from "../tasks/index.ts";
import { scope, view, type Params, type Tensor } from "../tensor/index.ts";
import { packSequences, pieces } from "./sequence-batch.ts";

/** A language model and its weights, as probes ask it. */
export interface Reader {
  readonly params: Params;
  readonly apply: (params: Params, batch: SequenceBatch) => Tensor;
  readonly generate: (
    params: Params,
    batch: SequenceBatch,
    until: { readonly eos: number; readonly maxTokens: number },
  ) => readonly Int32Array[];
}

/** The likeliest of the tokens that probe `i` allows, by a row of logits; of equals the one listed first. */
export function choose({ choices }: NextTokenProbes, i: number, logits: ArrayLike<number>): number {
  const allowed = sequenceAt(choices, countOf(choices) === 1 ? 0 : i);
  let best = allowed[0];
  for (const token of allowed) if (logits[token] > logits[best]) best = token;
  return best;
}

/** What the network answers to each of the chosen probes, `[chosen.length]`: the token it prefers. */
export function answerProbes(
  reader: Reader,
  { sequences, probes }: ScoredSet & { readonly probes: NextTokenProbes },
  chosen: Int32Array,
  { sos, vocabSize }: SequenceInputs,
): Int32Array {
  const answers = new Int32Array(chosen.length);
  const asked = chosen.map((probe) => probes.sequence[probe]);
  const lengths = chosen.map((probe) => probes.position[probe]);
  for (const [from, to] of pieces(sequences, asked, lengths)) {
    scope(() => {
      const batch = packSequences(sequences, asked.subarray(from, to), sos, { lengths: lengths.subarray(from, to) });
      const logits = view(reader.apply(reader.params, batch)); // [rows, vocabSize]
      for (let i = from; i < to; i++) {
        const row = batch.offsets[i - from + 1] - 1;
        answers[i] = choose(probes, chosen[i], logits.subarray(row * vocabSize, (row + 1) * vocabSize));
      }
    });
  }
  return answers;
}

/** What the network writes for each of the chosen probes, without EOS. */
export function decodeProbes(
  reader: Reader,
  { sequences, probes }: ScoredSet & { readonly probes: DecodeProbes },
  chosen: Int32Array,
  { sos, eos }: SequenceInputs,
): readonly Int32Array[] {
  const asked = chosen.map((probe) => probes.sequence[probe]);
  const lengths = chosen.map((probe) => probes.position[probe]);
  return pieces(sequences, asked, lengths).flatMap(([from, to]) =>
    scope(() => {
      const batch = packSequences(sequences, asked.subarray(from, to), sos, { lengths: lengths.subarray(from, to) });
      return reader.generate(reader.params, batch, { eos, maxTokens: probes.maxTokens });
    }),
  );
}

/** Whether what was written for probe `i` is right (`DecodeProbes` says when). */
export function isRight(
  { sequences, probes }: ScoredSet & { readonly probes: DecodeProbes },
  i: number,
  written: Int32Array,
): boolean {
  const reference = withoutEnd(sequenceAt(sequences, probes.sequence[i]).subarray(probes.position[i]), probes);
  const found = withoutEnd(written, probes);
  if (found.length !== reference.length) return false;
  const { classes, exact } = probes;
  for (let j = 0; j < found.length; j++)
    if (classes[found[j]] < 0 || classes[found[j]] !== classes[reference[j]]) return false;
  return sequenceAt(exact, i).every((place) => place >= reference.length || found[place] === reference[place]);
}

const withoutEnd = (tokens: Int32Array, { ignoredEnd }: DecodeProbes): Int32Array =>
  ignoredEnd !== undefined && tokens.at(-1) === ignoredEnd ? tokens.subarray(0, -1) : tokens;
