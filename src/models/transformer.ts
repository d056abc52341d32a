import { UsageError } from "../options.ts";
import { gatherRows, type Params, type Tensor } from "../tensor/index.ts";
import { defineModel, type Batch, type Tap } from "./model.ts";
import { embed, layers, packedAttention, unembed, type Pass } from "./transformer-forward.ts";
import { generate } from "./transformer-generate.ts";
import { initTransformer, transformerLayout } from "./transformer-init.ts";
import { checkTransformer, transformerFields, type TransformerOptions } from "./transformer-options.ts";

/** Logits `[rows, vocabSize]` of the next token after each row, or after each wanted one. */
function apply(params: Params, batch: Batch, tap: Tap, options: TransformerOptions): Tensor {
  if (batch.kind !== "sequences") throw new UsageError("model transformer: needs a batch of sequences");
  const { attend } = packedAttention(batch, tap, options.dropout);
  const pass: Pass = { params, tap, options, dropout: batch.dropout, attend };
  const x = layers(pass, embed(pass, batch.tokens, batch.positions)); // [rows, dModel]
  return unembed(pass, batch.wanted ? gatherRows(x, batch.wanted) : x);
}

/**
 * The decoder-only language model of "Grokking of Hierarchical Structure in Vanilla Transformers" (Murty et al. 2023), as
 * its code builds it: post-norm, eight heads without biases, feed-forward four times as wide, sinusoids, an output
 * matrix of its own, dropout everywhere. Every choice is an option.
 */
export const transformer = defineModel({
  name: "transformer",
  summary: "a decoder-only language model over sequences",
  fields: transformerFields,
  inputs: "sequences",
  init: initTransformer,
  shapes: (task, options) => new Map([...transformerLayout(task, options)].map(([name, { shape }]) => [name, shape])),
  apply,
  generate,
  check: checkTransformer,
});
