import type { Tap } from "../../models/index.ts";
import { UsageError } from "../../options.ts";
import { sequencesOf, type SequenceInputs } from "../../tasks/index.ts";
import { dispose, importArrays, indices, scope, view, type NamedArrays, type Params } from "../../tensor/index.ts";
import type { Plan } from "../../train/experiment.ts";
import { packSequences } from "../../train/sequence-batch.ts";
import { setUp } from "../../train/setup.ts";
import type { Tensor } from "../../tensor/index.ts";
import type { SequenceBatch } from "../../models/model.ts";

/** A transformer with its task, as the analyses read it. */
export interface LanguageModel {
  readonly plan: Plan;
  readonly inputs: SequenceInputs;
  readonly params: Params;
  readonly nLayers: number;
  readonly nHeads: number;
  readonly dModel: number;
  readonly dMlp: number;
  readonly apply: (batch: SequenceBatch, tap: Tap) => Tensor;
}

/** What reads the weights of a Plan: its task is built once. */
export interface LanguageReader {
  readonly plan: Plan;
  readonly inputs: SequenceInputs;
  /** Gives the network of these weights to `use`, and its memory back afterwards. */
  readonly with: <R>(weights: NamedArrays, use: (model: LanguageModel) => R) => R;
}

/**
 * Reads checkpoints of a Plan. Tense inflection is asked by choice: which of its two forms of the main verb a network
 * prefers, which every network answers, where written lines can go wrong in many ways.
 * @throws UsageError where the Plan has no language model
 */
export function languageReader(plan: Plan): LanguageReader {
  const asked = plan.task.name === "tense-inflection" ? { ...plan, task: { ...plan.task, metric: "choice" } } : plan;
  const setup = setUp(asked);
  const { inputs } = setup.task;
  if (inputs.kind !== "sequences") throw new UsageError(`task ${plan.task.name}: not of sequences`);
  const option = (name: string): number => plan.model[name] as number;
  const dModel = option("dModel");
  return {
    plan,
    inputs,
    with: (weights, use) => {
      const params = importArrays(weights);
      try {
        return use({
          ...{ plan, inputs, params, nLayers: option("nLayers"), nHeads: option("nHeads"), dModel },
          dMlp: Math.round(dModel * option("mlpRatio")),
          apply: (batch, tap) => setup.apply(params, batch, tap),
        });
      } finally {
        dispose(params);
      }
    },
  };
}

/** Rows read at once: bounds the memory of states and patterns. */
const rowsAtOnce = 4096;

/** Prefixes as a batch, SOS in front of each. `firstVisible` counts rows: word i is row i + 1. */
export interface Reading {
  readonly tokens: ArrayLike<number> & Iterable<number>;
  readonly firstVisible?: number;
}

/**
 * Reads sequences piece by piece. `use` gets the batch, what the network returns for the rows that `wanted` names (the
 * last row of each sequence, or none but one where only activations matter), and where the piece begins.
 */
export function readAll(
  model: LanguageModel,
  readings: readonly Reading[],
  wanted: "last" | "nothing",
  tap: Tap,
  use: (piece: { readonly batch: SequenceBatch; readonly logits: ArrayLike<number>; readonly from: number }) => void,
): void {
  for (let from = 0; from < readings.length;) {
    let to = from;
    for (let rows = 0; to < readings.length; to++) {
      rows += readings[to].tokens.length + 1;
      if (rows > rowsAtOnce && to > from) break;
    }
    const piece = readings.slice(from, to);
    const start = from;
    scope(() => {
      const masked = piece.some(({ firstVisible }) => firstVisible !== undefined);
      const packed = packSequences(
        sequencesOf(piece.map(({ tokens }) => tokens)),
        Int32Array.from(piece, (_, i) => i),
        model.inputs.sos,
        masked ? { firstVisible: Int32Array.from(piece, ({ firstVisible }) => firstVisible ?? 1) } : {},
      );
      const rows = wanted === "last" ? Array.from(piece, (_, i) => packed.offsets[i + 1] - 1) : [0];
      const batch = { ...packed, wanted: indices(rows) };
      use({ batch, logits: view(model.apply(batch, tap)), from: start });
    });
    from = to;
  }
}
