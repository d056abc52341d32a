import { bool, choice, float, int, ints, UsageError, type Values } from "../options.ts";
import type { Random } from "../rng.ts";
import {
  gatherSum,
  matmul,
  relu,
  square,
  tensor,
  type DType,
  type FloatArray,
  type Params,
  type Tensor,
} from "../tensor/index.ts";
import { circularEmbedding } from "./circular-embedding.ts";
import { defineModel, type Batch, type Tap, type TaskShape } from "./model.ts";
import { initializer } from "./initializer.ts";

const fields = {
  embed: choice(
    ["tied", "input-tied", "untied"],
    "tied",
    "tied: one embedding for every input and, transposed, for the output; input-tied: one for the inputs, a separate output matrix; untied: one per input position, a separate output matrix",
  ),
  tiedHidden: bool(true, "one hidden matrix for every input position, or one each"),
  collapsedHidden: bool(
    false,
    "leave the hidden matrix out: hidden = activation(sum of embeddings); needs dMlp = dModel",
  ),
  collapsedOut: bool(false, "leave the output matrix out, so that the hidden layer meets the unembedding directly"),
  dModel: int(500, "width of the embedding", { min: 1, max: 65536 }),
  dMlp: int(24, "number of hidden neurons", { min: 1, max: 65536 }),
  activation: choice(["relu", "square"], "relu", "what a neuron does with its input"),
  frozenEmbedding: choice(
    ["none", "circle-published", "circle-unit"],
    "none",
    "keep the embedding fixed on circles, one per frequency: columns of length 1 as published, or points on the unit circle",
  ),
  frequencies: ints([1], "frequencies of the frozen embedding, two columns each", { min: 1 }),
  init: choice(
    ["named", "haiku"],
    "named",
    "named: groklab's own streams; haiku: the draws of the published notebook (JAX threefry in Haiku's order)",
  ),
  initScale: float(1, "multiplies every initial weight", { min: 0, exclusiveMin: true }),
};
type Options = Values<typeof fields>;

/** Which matrices a network with these switches has. Shapes: E, [vocab, dModel]; H, [dModel, dMlp]; O, [dMlp, dModel]. */
function layout(options: Options, seqLen: number) {
  const embeds = options.embed === "untied" ? seqLen : 1;
  const hiddens = options.collapsedHidden ? 0 : options.tiedHidden ? 1 : seqLen;
  const tiedOutput = options.embed === "tied";
  // Tied without the output matrix: hidden units meet E directly where the widths allow it, a free matrix otherwise.
  const freeUnembed = options.collapsedOut && !(tiedOutput && options.dModel === options.dMlp);
  return {
    embeds: numbered("embed", "W_E", embeds),
    hiddens: numbered("mlp", "W_in", hiddens),
    hasOut: !options.collapsedOut,
    freeUnembed,
    hasUnembed: freeUnembed || !tiedOutput,
  };
}

const numbered = (group: string, matrix: string, count: number): readonly string[] =>
  count === 1 ? [`${group}.${matrix}`] : Array.from({ length: count }, (_, i) => `${group}.${i}.${matrix}`);

function vocabulary(task: TaskShape): { vocab: number; seqLen: number } {
  if (task.inputs.kind !== "tokens")
    throw new UsageError("model factored: needs a task of tokens; for bits use bit-mlp");
  return { vocab: task.inputs.vocabSize, seqLen: task.inputs.seqLen };
}

function check(task: TaskShape, options: Options): void {
  const { vocab } = vocabulary(task);
  if (options.collapsedHidden && options.dMlp !== options.dModel) {
    throw new UsageError(
      `model.collapsedHidden: the hidden layer is the embedding itself, so dMlp (${options.dMlp}) must equal dModel (${options.dModel})`,
    );
  }
  if (options.embed === "tied" && task.numClasses !== vocab && !layout(options, 2).freeUnembed) {
    throw new UsageError(
      `model.embed: tied shares one matrix between inputs and output, but the task has ${vocab} tokens and ${task.numClasses} classes; use input-tied or untied`,
    );
  }
  if (options.frozenEmbedding !== "none") {
    // At these the sine is zero for every number: not a circle, and a column without a length.
    const flat = options.frequencies.find((k) => (2 * (k % vocab)) % vocab === 0);
    if (flat !== undefined) {
      throw new UsageError(
        `model.frequencies: ${flat} is no circle of ${vocab} numbers; give whole numbers of which twice is no multiple of ${vocab}`,
      );
    }
    if (options.embed === "untied") throw new UsageError("model.frozenEmbedding: needs embed tied or input-tied");
    if (options.dModel !== 2 * options.frequencies.length) {
      throw new UsageError(
        `model.dModel: a frozen embedding has two columns for each of its ${options.frequencies.length} frequencies; give ${2 * options.frequencies.length}`,
      );
    }
  }
}

/**
 * Initial weights (spec of the published notebook): embeddings E and U are truncated normal at ±2 σ0 with
 * σ0 = √(2 / fan-in) / 0.87962566, so that their true variance is 2 / fan-in; linear layers H, O and a free unembedding
 * are truncated at ±2 σ with σ = 1 / √fan-in, not corrected.
 */
function init(task: TaskShape, options: Options, random: Random, dtype: DType): Params {
  const { vocab, seqLen } = vocabulary(task);
  const { dModel, dMlp } = options;
  const parts = layout(options, seqLen);
  const draw = initializer(options.init, random, options.initScale);
  const make = (data: FloatArray, shape: readonly number[]): Tensor => tensor(data, shape, dtype);
  const params: Record<string, Tensor> = {};
  const frozen = options.frozenEmbedding;
  for (const name of parts.embeds) {
    params[name] =
      frozen === "none"
        ? make(draw.embedding(name, vocab, dModel), [vocab, dModel])
        : make(circularEmbedding(vocab, options.frequencies, frozen), [vocab, dModel]);
  }
  if (parts.hasUnembed && !parts.freeUnembed) {
    params["unembed.W_U"] = make(draw.embedding("unembed.W_U", dModel, task.numClasses), [dModel, task.numClasses]);
  }
  for (const name of parts.hiddens) params[name] = make(draw.linear(name, dModel, dMlp), [dModel, dMlp]);
  if (parts.hasOut) params["mlp.W_out"] = make(draw.linear("mlp.W_out", dMlp, dModel), [dMlp, dModel]);
  if (parts.freeUnembed) {
    params["unembed.W_U"] = make(draw.linear("unembed.W_U", dMlp, task.numClasses), [dMlp, task.numClasses]);
  }
  return params;
}

/**
 * logits = act(Σ_i x_i · H_i) · O · U with x_i = E_i[token_i]. Inputs are one-hot, so the products are multiplied out
 * on the side of the weights: a table E · H of [vocab, dMlp] once a step, then one row look-up per input. The published
 * main network costs a tenth of the arithmetic in this order.
 */
function apply(params: Params, batch: Batch, tap: Tap, options: Options): Tensor {
  if (batch.kind !== "tokens") throw new UsageError("model factored: needs a batch of tokens");
  const parts = layout(options, batch.seqLen);
  const param = (name: string): Tensor => params[name];
  const tables = parts.embeds.map(param);
  if (!options.collapsedHidden) {
    const count = Math.max(parts.embeds.length, parts.hiddens.length);
    const embeds = tables.splice(0);
    for (let i = 0; i < count; i++) {
      tables.push(
        matmul(embeds[embeds.length === 1 ? 0 : i], param(parts.hiddens[parts.hiddens.length === 1 ? 0 : i])),
      ); // [vocab, dMlp]
    }
  }
  while (tables.length < batch.seqLen) tables.push(tables[0]);
  const pre = tap("mlp.pre", gatherSum(tables, batch.tokens, batch.n)); // [n, dMlp]
  const post = tap("mlp.post", options.activation === "relu" ? relu(pre) : square(pre)); // [n, dMlp]
  return tap("logits", matmul(post, ...unembedding(params, options, parts))); // [n, numClasses]
}

/** The matrix from neurons to classes, and whether it stands transposed. */
function unembedding(
  params: Params,
  options: Options,
  parts: ReturnType<typeof layout>,
): [Tensor, { transposeB?: boolean }] {
  const W_E = params[parts.embeds[0]];
  if (parts.freeUnembed) return [params["unembed.W_U"], {}]; // [dMlp, numClasses]
  const tied = options.embed === "tied";
  const unembed = tied ? W_E : params["unembed.W_U"];
  if (!parts.hasOut) return [unembed, { transposeB: tied }];
  return [matmul(params["mlp.W_out"], unembed, { transposeB: tied }), {}]; // [dMlp, numClasses]
}

/**
 * The factored one-layer network of "Do Machine Learning Models Memorize or Generalize?" (Pearce et al. 2023), with every
 * switch of its architecture sweep. No biases anywhere.
 */
export const factored = defineModel({
  name: "factored",
  summary: "one hidden layer between factored, possibly tied, embeddings",
  fields,
  inputs: "tokens",
  init,
  apply,
  check,
  frozen: (options) => (options.frozenEmbedding === "none" ? [] : ["embed.W_E"]),
});
