import { fromPublished, type Imported } from "../models/transformer-published.ts";
import { UsageError } from "../options.ts";
import type { NamedArrays } from "../tensor/index.ts";
import type { Experiment, Plan } from "./experiment.ts";
import { plan } from "./plan.ts";
import { setUp, type Setup } from "./setup.ts";

/** Weights trained elsewhere, as a network on one of this project's tasks. */
export interface ImportedNetwork {
  /** What the network is. Of its training nothing is known: the optimizer and the steps say nothing. */
  readonly plan: Plan;
  readonly setup: Setup;
  readonly params: NamedArrays;
  /** What was left out of the file, one line each. */
  readonly notes: readonly string[];
}

/**
 * Weights by the published PyTorch names (`src/models/transformer-published.ts`) as a network on a task, so that every
 * measure of a run can be taken of them. Words must be numbered as the task numbers them, which the published code does.
 * @param asked the task, and what its sets are drawn and evaluated by
 * @param nHeads heads, which no shape tells
 * @throws UsageError where names or shapes are wrong, or the vocabulary is not the task's
 */
export function importPublished(
  arrays: NamedArrays,
  { task, training, seed }: Pick<Experiment, "task" | "training" | "seed">,
  nHeads?: number,
): ImportedNetwork {
  const { params, options, vocabSize, notes }: Imported = fromPublished(arrays, nHeads);
  const made = plan({
    task,
    model: { name: "transformer", ...options },
    optimizer: { name: "adamw", weightDecay: 0 },
    training: {
      ...training,
      steps: 0,
      precision: params["embed.W_E"].data instanceof Float32Array ? "float32" : "float64",
    },
    ...(seed === undefined ? {} : { seed }),
  });
  const setup = setUp(made);
  const { inputs } = setup.task;
  if (inputs.kind === "sequences" && inputs.vocabSize !== vocabSize)
    throw new UsageError(
      `the weights' vocabulary has ${vocabSize} rows, that of task ${made.task.name} has ${inputs.vocabSize}; ` +
        "give the task, with its options, that they were trained on",
    );
  return { plan: made, setup, params, notes };
}
