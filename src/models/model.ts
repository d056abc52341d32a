import type { Fields, Values } from "../options.ts";
import type { Random } from "../rng.ts";
import type { Task } from "../tasks/task.ts";
import type { BitRows, DType, Indices, Params, Tensor } from "../tensor/index.ts";

/** Examples as a model sees them, in the engine's memory. */
export type Batch =
  | { readonly kind: "tokens"; readonly n: number; readonly seqLen: number; readonly tokens: Indices }
  | { readonly kind: "bits"; readonly n: number; readonly width: number; readonly bits: BitRows }
  | SequenceBatch;

/**
 * Sequences without padding: the rows of one after those of another, each beginning with SOS. Row r of the logits is
 * about the token after row r.
 */
export interface SequenceBatch {
  readonly kind: "sequences";
  /** Sequences. */
  readonly n: number;
  /** Token of each row, `[rows]`. */
  readonly tokens: Indices;
  /** Place of each row in its sequence, from 0 at SOS, `[rows]`. */
  readonly positions: Indices;
  /** First row of each sequence, and last the number of rows, `[n + 1]`. */
  readonly offsets: Int32Array;
  /**
   * For each sequence, the first of its rows besides SOS that others may look at, in every layer, `[n]`. Absent: all are
   * seen. Rows keep their positions.
   */
  readonly firstVisible?: Int32Array;
  /** Rows whose logits are wanted, in this order. Absent: all. */
  readonly wanted?: Indices;
  /** Present while training: what dropout masks are drawn from. */
  readonly dropout?: DropoutSource;
}

/** Masks are a function of seed, place and step: a resumed run draws the same. */
export interface DropoutSource {
  readonly seed: number;
  /** Updates seen so far. */
  readonly step: number;
}

/** Reads, replaces or ablates an activation: gets its name and value, returns the value to go on with. */
export type Tap = (name: string, activation: Tensor) => Tensor;
export const untapped: Tap = (_, activation) => activation;

/** The shape of a task, which is all that a model may know of it. */
export type TaskShape = Pick<Task, "numClasses" | "inputs">;

export interface ModelDefinition<F extends Fields = Fields> {
  readonly name: string;
  readonly summary: string;
  readonly fields: F;
  readonly inputs: Batch["kind"];
  /** Trainable parameters at step 0, by name. Frozen tensors are listed in `frozen`. */
  readonly init: (task: TaskShape, options: Values<F>, random: Random, dtype: DType) => Params;
  /**
   * Logits of a batch, `[n, numClasses]`, or `[n, 1]` where a single logit decides between two classes; of sequences
   * `[rows, vocabSize]`, a row for each that is wanted.
   */
  readonly apply: (params: Params, batch: Batch, tap: Tap, options: Values<F>) => Tensor;
  /**
   * Of a model of sequences: what it writes after each sequence of the batch, always the likeliest token (the lower
   * number of equals), until `eos`, which is left out, or `maxTokens`.
   */
  readonly generate?: (
    params: Params,
    batch: SequenceBatch,
    until: { readonly eos: number; readonly maxTokens: number },
    options: Values<F>,
  ) => readonly Int32Array[];
  /** Shapes of the parameters by name, without drawing them. */
  readonly shapes?: (task: TaskShape, options: Values<F>) => ReadonlyMap<string, readonly number[]>;
  /** Names of parameters that training leaves as they are. */
  readonly frozen?: (options: Values<F>) => readonly string[];
  /** Checks that the options fit the task. @throws UsageError */
  readonly check?: (task: TaskShape, options: Values<F>) => void;
}

export function defineModel<const F extends Fields>(definition: ModelDefinition<F>): ModelDefinition {
  return definition as unknown as ModelDefinition;
}
