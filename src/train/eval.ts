/**
 * Loss and accuracy on one half of the data, over all its examples. Of a language model: loss per token over the
 * sequences of a set, and the accuracy of its probes.
 */
export interface Score {
  /**
   * Mean over examples, in nats; divided by the number of classes where there are several logits and the plan's
   * `training.loss` says so.
   */
  readonly loss: number;
  /** Share of examples whose largest logit is the label's. */
  readonly accuracy: number;
}

/**
 * One line of a Run: what was measured after `step` updates. Step 0 is the initialisation. Of a language model `train` is
 * the in-domain validation and `test` the generalization set.
 */
export interface Eval {
  readonly step: number;
  readonly train: Score;
  readonly test: Score;
  /** Sum of |θ| over all parameters. */
  readonly normL1: number;
  /** Square root of the sum of θ² over all parameters. */
  readonly normL2: number;
  /** What else this kind of run measures, by name (`test.accuracy.PP`, `gradientNorm`). NaN is a value; absent is not. */
  readonly measures?: Measures;
}

export type Measures = Readonly<Record<string, number>>;
