import type { Fields, Values } from "../options.ts";
import type { Random } from "../rng.ts";
import type { SequenceInputs } from "./sequences.ts";

/**
 * Inputs of a task. Tokens are vocabulary indices, row-major `[n, seqLen]`; bits are 0/1, row-major `[n, width]`, and
 * `low` and `high` are the numbers that 0 and 1 stand for in the network (0 and 1, or -1 and +1). Sequences are what a
 * language model is trained on and asked about: ./sequences.ts.
 */
export type Inputs =
  | { readonly kind: "tokens"; readonly tokens: Int32Array; readonly seqLen: number; readonly vocabSize: number }
  | {
      readonly kind: "bits";
      readonly bits: Uint8Array;
      readonly width: number;
      readonly low: number;
      readonly high: number;
    }
  | SequenceInputs;

/** The rule together with its examples. Plain data: the same options and seed give the same task. */
export interface Task {
  readonly name: string;
  /** Number of examples; of sequences: those trained on. */
  readonly n: number;
  readonly inputs: Inputs;
  /** Answers, `[n]`, each in 0 … numClasses - 1. Empty for sequences, whose answers are their own next tokens. */
  readonly labels: Int32Array;
  /** Number of answers; of sequences: `vocabSize`, the tokens that can come next. */
  readonly numClasses: number;
  /**
   * Accuracy of a guess that knows only the label frequencies' maximum: 1/p, 1/2, … For sequences, of a guess among the
   * tokens that a probe allows.
   */
  readonly chance: number;
  /**
   * Orbit of each example under the task's symmetry, `[n]` (for a + b: (a, b) and (b, a) share one). A split can keep
   * orbits together, so that no test example is the mirror of a training example. Absent when every orbit is one example.
   */
  readonly orbits?: Int32Array;
  /**
   * Present where the task draws its own train and test examples: the first `trainSize` are for training. Not of
   * sequences, whose sets are separate.
   */
  readonly trainSize?: number;
}

export interface TaskDefinition<F extends Fields = Fields> {
  readonly name: string;
  /** One sentence for lists and forms. */
  readonly summary: string;
  readonly fields: F;
  /** `drawn` tasks bring their own train and test examples (sequences always); `table` tasks list all and are split. */
  readonly examples: "table" | "drawn";
  readonly inputs: Inputs["kind"];
  readonly build: (options: Values<F>, random: Random) => Task;
}

/** Declare a task. Keeps the fields' types for `build`, forgets them for the registry. */
export function defineTask<const F extends Fields>(definition: TaskDefinition<F>): TaskDefinition {
  return definition as unknown as TaskDefinition;
}
