/** Loss and accuracy on one half of the data, over all its examples. */
export interface Score {
  /**
   * Mean over examples, in nats; divided by the number of classes where there are several logits and the plan's
   * `training.loss` says so.
   */
  readonly loss: number;
  /** Share of examples whose largest logit is the label's. */
  readonly accuracy: number;
}

/** One line of a Run: what was measured after `step` updates. Step 0 is the initialisation. */
export interface Eval {
  readonly step: number;
  readonly train: Score;
  readonly test: Score;
  /** Sum of |θ| over all parameters. */
  readonly normL1: number;
  /** Square root of the sum of θ² over all parameters. */
  readonly normL2: number;
}
