import { shippedSweep, SweepData } from "../../sweeps/sweep-data.svelte.ts";

/** The map of 1,125 networks on ones and zeros. */
export const paritySweep = new SweepData(shippedSweep("sparse-parity-sweep", "Ones and zeros: 1,125 networks"));

/** Networks that add, by what is shared and what is factored in them. */
export const architectureSweep = new SweepData(shippedSweep("architecture-sweep", "Which constraints help"));

/** Those of one network, as a reader of the story chose it. */
export const variantSweep = new SweepData(architectureSweep.source);
// The text counts them by accuracy; the published thresholds are for whoever wants to see what they make of it.
variantSweep.rule = "verdict";

/** Every sweep that may be shipped. */
export const shippedSweeps: readonly SweepData[] = [
  paritySweep,
  architectureSweep,
  new SweepData(shippedSweep("weight-decay", "The main run by weight decay")),
  new SweepData(shippedSweep("train-fraction", "The main run by how much it is shown")),
];
