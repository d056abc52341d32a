import { stream } from "../rng.ts";
import {
  countOf,
  type DecodeProbes,
  type NextTokenProbes,
  type ScoredSet,
  type SequenceInputs,
} from "../tasks/index.ts";
import { crossEntropy, scalarValue, scope, view } from "../tensor/index.ts";
import type { Measures, Score } from "./eval.ts";
import { choose, decodeProbes, isRight, type Reader } from "./probes.ts";
import { packSequences, pieces, targetsOf } from "./sequence-batch.ts";

/** What an evaluation looks at of a set: chosen once, the same at every step. */
export interface Sample {
  /** Sequences whose loss is measured. */
  readonly loss: Int32Array;
  /** Probes that are asked, ascending. */
  readonly probes: Int32Array;
}

/**
 * At most `limit` sequences for the loss, and the probes of at most `limit` of those that have any (0: all), taken from
 * one random order: where every sequence has a probe, they are the same.
 */
export function sampleOf({ sequences, probes }: ScoredSet, limit: number, seed: number, name: string): Sample {
  const order = stream(seed, "evaluation").fork(name).permutation(countOf(sequences));
  const probed = new Set(probes.sequence);
  const first = (list: Int32Array): Int32Array => (limit === 0 ? list : list.slice(0, limit)).sort();
  const asked = new Set(first(order.filter((sequence) => probed.has(sequence))));
  const all = Int32Array.from({ length: probes.sequence.length }, (_, i) => i);
  return { loss: first(order.slice()), probes: all.filter((probe) => asked.has(probes.sequence[probe])) };
}

/** Loss per token and accuracy of the probes, with further measures under `prefix`. */
export function scoreSet(
  reader: Reader,
  inputs: SequenceInputs,
  set: ScoredSet,
  sample: Sample,
  prefix: string,
): { readonly score: Score; readonly measures: Measures } {
  const { probes } = set;
  const tally = new Tally(set, prefix);
  if (probes.kind === "nextToken") {
    const loss = readAndAsk(reader, inputs, { ...set, probes }, sample, tally);
    return tally.result(loss);
  }
  const decoding: ScoredSet & { probes: DecodeProbes } = { ...set, probes };
  decodeProbes(reader, decoding, sample.probes, inputs).forEach((written, i) =>
    tally.count(sample.probes[i], isRight(decoding, sample.probes[i], written)),
  );
  return tally.result(readAndAsk(reader, inputs, set, { ...sample, probes: new Int32Array(0) }, tally));
}

/** Reads the sequences once, for their loss and for the probes that stand in them. The mean loss per token. */
function readAndAsk(
  reader: Reader,
  inputs: SequenceInputs,
  { sequences, probes }: ScoredSet,
  sample: Sample,
  tally: Tally,
): number {
  const bySequence = new Map<number, number[]>();
  for (const probe of sample.probes) {
    const known = bySequence.get(probes.sequence[probe]);
    if (known) known.push(probe);
    else bySequence.set(probes.sequence[probe], [probe]);
  }
  const lossy = new Set(sample.loss);
  const extra = Int32Array.from([...bySequence.keys()].filter((sequence) => !lossy.has(sequence)));
  let total = 0;
  let rows = 0;
  for (const [list, measured] of [
    [sample.loss, true],
    [extra, false],
  ] as const) {
    // prettier-ignore
    for (const [from, to] of pieces(sequences, list)) {
      const chosen = list.subarray(from, to);
      scope(() => {
        const batch = packSequences(sequences, chosen, inputs.sos);
        const logits = reader.apply(reader.params, batch); // [rows, vocabSize]
        if (measured) {
          const targets = targetsOf(sequences, chosen, inputs);
          total += scalarValue(crossEntropy(logits, targets)) * targets.length;
          rows += targets.length;
        }
        if (probes.kind !== "nextToken") return;
        const values = view(logits);
        chosen.forEach((sequence, i) => {
          for (const probe of bySequence.get(sequence) ?? []) {
            const at = (batch.offsets[i] + probes.position[probe]) * inputs.vocabSize;
            const answer = choose(probes, probe, values.subarray(at, at + inputs.vocabSize));
            tally.count(probe, answer === probes.answers[probe], answer);
          }
        });
      });
    }
  }
  return total / rows;
}

/** Counts right answers, by group, and answers that another rule would give. */
class Tally {
  private asked = 0;
  private right = 0;
  private readonly groups: { asked: number; right: number }[];
  private readonly rules: number[];

  constructor(
    private readonly set: ScoredSet,
    private readonly prefix: string,
  ) {
    this.groups = (set.probes.groups?.names ?? []).map(() => ({ asked: 0, right: 0 }));
    this.rules = rulesOf(set).map(() => 0);
  }

  count(probe: number, isRight: boolean, answer = -1): void {
    this.asked++;
    this.right += Number(isRight);
    const group = this.groups[this.set.probes.groups?.of[probe] ?? -1];
    if (group) {
      group.asked++;
      group.right += Number(isRight);
    }
    rulesOf(this.set).forEach(({ answers }, i) => (this.rules[i] += Number(answers[probe] === answer)));
  }

  result(loss: number): { readonly score: Score; readonly measures: Measures } {
    const measures: Record<string, number> = {};
    this.groups.forEach(({ asked, right }, i) => {
      if (asked > 0) measures[`${this.prefix}.accuracy.${this.set.probes.groups!.names[i]}`] = right / asked;
    });
    rulesOf(this.set).forEach(({ name }, i) => (measures[`${this.prefix}.rule.${name}`] = this.rules[i] / this.asked));
    return { score: { loss, accuracy: this.right / this.asked }, measures };
  }
}

const rulesOf = ({ probes }: ScoredSet): NonNullable<NextTokenProbes["rules"]> =>
  probes.kind === "nextToken" ? (probes.rules ?? []) : [];
