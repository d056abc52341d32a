import type { Matrix } from "./network.ts";

/** A network on strings of bits with one hidden ReLU layer and one logit: logit(x) = ReLU(x · input) · output. */
export interface BitNetwork {
  /** From inputs to neurons, [width, n]. */
  readonly input: Matrix;
  /** What each neuron adds to the logit, [n]. */
  readonly output: Float64Array;
  /** The numbers that 0 and 1 stand for in the network. */
  readonly low: number;
  readonly high: number;
  /** The last input is 1 in every example. */
  readonly bias: boolean;
  readonly examples: BitExamples;
}

export interface BitExamples {
  /** 0 or 1, row-major [count, width]. */
  readonly bits: Uint8Array;
  readonly label: Int32Array;
  /** 1: trained on; 0: held out. */
  readonly train: Uint8Array;
}
