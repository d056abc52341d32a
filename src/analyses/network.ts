/** A matrix of plain numbers, row-major. */
export interface Matrix {
  readonly rows: number;
  readonly cols: number;
  /** Length rows · cols. */
  readonly data: Float64Array;
}

/**
 * A one-hidden-layer network on pairs of numbers with everything that can be multiplied out multiplied out: what the
 * analyses of modular arithmetic read. logits(a, b) = act(inputs[0][a] + inputs[1][b]) · output, no biases.
 */
export interface Network {
  /** Modulus: the operands are 0 … p - 1, and so are the answers. */
  readonly p: number;
  /** What each operand adds to each neuron's pre-activation, [p, n] each; the same object twice where they are tied. */
  readonly inputs: readonly [Matrix, Matrix];
  /** From neurons to answers, [n, p]. */
  readonly output: Matrix;
  readonly activation: "relu" | "square";
  /** The examples: operands, the right answer, and whether the network was trained on it. */
  readonly examples: Examples;
}

/** Columns of equal length: one entry for each pair of numbers that the task has. */
export interface Examples {
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly label: Int32Array;
  /** 1: trained on; 0: held out. */
  readonly train: Uint8Array;
}
