import type { Fields, Values } from "../options.ts";
import type { Random } from "../rng.ts";
import type { Task } from "../tasks/task.ts";
import type { BitRows, DType, Indices, Params, Tensor } from "../tensor/index.ts";

/** Examples as a model sees them, in the engine's memory. */
export type Batch =
  | { readonly kind: "tokens"; readonly n: number; readonly seqLen: number; readonly tokens: Indices }
  | { readonly kind: "bits"; readonly n: number; readonly width: number; readonly bits: BitRows };

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
  /** Logits of a batch, `[n, numClasses]`, or `[n, 1]` where a single logit decides between two classes. */
  readonly apply: (params: Params, batch: Batch, tap: Tap, options: Values<F>) => Tensor;
  /** Names of parameters that training leaves as they are. */
  readonly frozen?: (options: Values<F>) => readonly string[];
  /** Checks that the options fit the task. @throws UsageError */
  readonly check?: (task: TaskShape, options: Values<F>) => void;
}

export function defineModel<const F extends Fields>(definition: ModelDefinition<F>): ModelDefinition {
  return definition as unknown as ModelDefinition;
}
