import type { NamedArrays } from "../tensor/index.ts";
import type { Plan } from "../train/experiment.ts";
import { setUp, type Setup } from "../train/setup.ts";
import type { BitNetwork } from "./bit-network.ts";
import { networkOf } from "./collapse.ts";
import { asMatrix } from "./matrix.ts";
import type { Examples, Network } from "./network.ts";

/** How the weights of a Plan become what the analyses read, at any checkpoint. */
export type Subject =
  | { readonly kind: "network"; readonly read: (weights: NamedArrays) => Network }
  | { readonly kind: "bits"; readonly read: (weights: NamedArrays) => BitNetwork }
  /** No analysis reads this kind of network; `why` says so in a sentence. */
  | { readonly kind: "none"; readonly why: string };

/** The subject of a Plan. Its task and split are built once; `read` then costs two matrix products. */
export function subjectOf(plan: Plan): Subject {
  const unread = { kind: "none", why: `no analysis reads the model ${plan.model.name}` } as const;
  // Asked before the task is built: a corpus of sentences takes seconds.
  if (plan.model.name !== "factored" && plan.model.name !== "bit-mlp") return unread;
  const setup = setUp(plan);
  const { inputs, numClasses } = setup.task;
  if (inputs.kind === "bits") {
    const { low, high } = inputs;
    const bias = plan.task["biasColumn"] === true;
    const examples = { bits: inputs.bits, label: setup.task.labels, train: trainFlags(setup) };
    return {
      kind: "bits",
      read: (weights) => ({
        input: asMatrix(weights["mlp.W_in"]),
        output: Float64Array.from(weights["mlp.W_out"].data),
        low,
        high,
        bias,
        examples,
      }),
    };
  }
  if (inputs.kind !== "tokens") return unread;
  if (inputs.seqLen !== 2 || inputs.vocabSize !== numClasses) {
    const what = `${inputs.seqLen} of ${inputs.vocabSize} numbers with ${numClasses} answers`;
    return {
      kind: "none",
      why: `the analyses read networks on two numbers whose answer is one of as many, not ${what}`,
    };
  }
  const { tokens } = inputs;
  const at = (operand: number) => Int32Array.from(setup.task.labels, (_, i) => tokens[2 * i + operand]);
  const examples: Examples = { a: at(0), b: at(1), label: setup.task.labels, train: trainFlags(setup) };
  const activation = plan.model["activation"] as Network["activation"];
  return { kind: "network", read: (weights) => networkOf(weights, examples, activation) };
}

/** 1 for examples that are trained on. Some may be in neither half; they count as held out. */
function trainFlags({ task, split }: Setup): Uint8Array {
  const train = new Uint8Array(task.n);
  for (const example of split.train) train[example] = 1;
  return train;
}
