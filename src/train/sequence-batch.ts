import type { DropoutSource, SequenceBatch } from "../models/index.ts";
import { sequenceAt, type SequenceInputs, type Sequences } from "../tasks/index.ts";
import { dispose, indices, type Indices } from "../tensor/index.ts";

/** Rows that are read at once in evaluation: enough to fill the products, few enough to bound the memory. */
export const rowsAtOnce = 2048;

export interface PackOptions {
  /** Take this many tokens of each, `[n]`, instead of all. */
  readonly lengths?: Int32Array;
  /** `SequenceBatch.firstVisible`, `[n]`. */
  readonly firstVisible?: Int32Array;
  readonly dropout?: DropoutSource;
}

/** The chosen sequences as a model reads them: packed, SOS in front of each. In the engine's memory. */
export function packSequences(
  { tokens, offsets }: Sequences,
  chosen: Int32Array,
  sos: number,
  { lengths, firstVisible, dropout }: PackOptions = {},
): SequenceBatch {
  const n = chosen.length;
  const starts = new Int32Array(n + 1);
  const lengthOf = (i: number): number => lengths?.[i] ?? offsets[chosen[i] + 1] - offsets[chosen[i]];
  for (let i = 0; i < n; i++) starts[i + 1] = starts[i] + lengthOf(i) + 1;
  const rows = new Int32Array(starts[n]);
  const positions = new Int32Array(starts[n]);
  for (let i = 0; i < n; i++) {
    const from = offsets[chosen[i]];
    rows[starts[i]] = sos;
    rows.set(tokens.subarray(from, from + lengthOf(i)), starts[i] + 1);
    for (let r = starts[i]; r < starts[i + 1]; r++) positions[r] = r - starts[i];
  }
  return {
    ...{ kind: "sequences" as const, n, tokens: indices(rows), positions: indices(positions), offsets: starts },
    ...(firstVisible && { firstVisible }),
    ...(dropout && { dropout }),
  };
}

/** What comes after each row of the packed sequences: the next token, and EOS after the last. `[rows]` */
export function targetsOf(sequences: Sequences, chosen: Int32Array, { eos }: SequenceInputs): Indices {
  const targets: number[] = [];
  for (const sequence of chosen) {
    for (const token of sequenceAt(sequences, sequence)) targets.push(token);
    targets.push(eos);
  }
  return indices(targets);
}

export function disposeSequences({ tokens, positions, wanted }: SequenceBatch): void {
  dispose(tokens);
  dispose(positions);
  if (wanted) dispose(wanted);
}

/** The list in pieces of at most `rowsAtOnce` rows (or a single sequence), in order. */
export function pieces(
  { offsets }: Sequences,
  chosen: Int32Array,
  lengths?: Int32Array,
): (readonly [from: number, to: number])[] {
  const found: [number, number][] = [];
  let rows = 0;
  chosen.forEach((sequence, i) => {
    const length = 1 + (lengths?.[i] ?? offsets[sequence + 1] - offsets[sequence]);
    const last = found.at(-1);
    if (last && rows + length <= rowsAtOnce) {
      last[1] = i + 1;
      rows += length;
    } else {
      found.push([i, i + 1]);
      rows = length;
    }
  });
  return found;
}
