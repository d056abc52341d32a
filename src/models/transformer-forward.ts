import { dropoutAt } from "../nn/dropout.ts";
import { sinusoids } from "../nn/positions.ts";
import { UsageError } from "../options.ts";
import {
  add,
  attentionPattern,
  attentionValues,
  gatherRows,
  indices,
  keep,
  layerNorm,
  matmul,
  mergeHeads,
  packing,
  relu,
  scale,
  scope,
  splitHeads,
  sum,
  tracked,
  type Indices,
  type Packing,
  type Params,
  type Tensor,
} from "../tensor/index.ts";
import { untapped, type DropoutSource, type SequenceBatch, type Tap } from "./model.ts";
import type { TransformerOptions } from "./transformer-options.ts";

/** What one pass through the network goes by. */
export interface Pass {
  readonly params: Params;
  readonly tap: Tap;
  readonly options: TransformerOptions;
  readonly dropout: DropoutSource | undefined;
  /** Attention of a layer: z from q, k and v, all `[nHeads, rows, dHead]`. */
  readonly attend: (layer: number, q: Tensor, k: Tensor, v: Tensor) => Tensor;
}

/** Token embeddings times √dModel plus positions, `[rows, dModel]`. */
export function embed(pass: Pass, tokens: Indices, positions: Indices): Tensor {
  const { params, tap, options } = pass;
  const { dModel } = options;
  const rows = gatherRows(params["embed.W_E"], tokens); // [rows, dModel]
  let x = tap("embed", options.embedScale === "one" ? rows : scale(rows, Math.sqrt(dModel)));
  if (options.positions === "learned") {
    const table = params["pos_embed.W_pos"];
    if (positions.max >= table.shape[0])
      throw new UsageError(
        `a sequence takes ${positions.max + 1} positions with SOS; this network's table has ${table.shape[0]}`,
      );
    x = add(x, tap("pos_embed", gatherRows(table, positions)));
  } else if (options.positions === "sinusoid") {
    const table = sinusoids(positions.max + 1, dModel, rows.dtype); // [longest, dModel]
    x = add(x, tap("pos_embed", gatherRows(table, positions)));
  }
  return dropoutAt(x, "embed", options.dropout, pass.dropout);
}

/** All layers: `[rows, dModel]` as the output matrix gets it. */
export function layers(pass: Pass, x: Tensor): Tensor {
  const { nLayers, norm } = pass.options;
  const block = norm === "post" ? postNorm : preNorm;
  // Unless somebody needs them again, a layer's activations are given back with the layer.
  const kept = pass.tap !== untapped || tracked(x);
  for (let layer = 0; layer < nLayers; layer++)
    x = kept ? block(pass, layer, x) : scope(() => keep(block(pass, layer, x)));
  return pass.tap("resid_final", norm === "post" ? x : normed(pass, "ln_final", x));
}

/** x ← LN(x + attention(x)); x ← LN(x + feedForward(x)). */
function postNorm(pass: Pass, layer: number, x: Tensor): Tensor {
  const { tap } = pass;
  const at = (name: string): string => `blocks.${layer}.${name}`;
  const pre = tap(at("resid_pre"), x); // [rows, dModel]
  const mid = tap(at("resid_mid"), add(pre, attention(pass, layer, pre)));
  const normedMid = tap(at("normalized_resid_mid"), normed(pass, at("ln1"), mid));
  const post = tap(at("resid_post"), add(normedMid, feedForward(pass, layer, normedMid)));
  return tap(at("normalized_resid_post"), normed(pass, at("ln2"), post));
}

/** x ← x + attention(LN(x)); x ← x + feedForward(LN(x)). */
function preNorm(pass: Pass, layer: number, x: Tensor): Tensor {
  const { tap } = pass;
  const at = (name: string): string => `blocks.${layer}.${name}`;
  const pre = tap(at("resid_pre"), x); // [rows, dModel]
  const mid = tap(at("resid_mid"), add(pre, attention(pass, layer, normed(pass, at("ln1"), pre))));
  return tap(at("resid_post"), add(mid, feedForward(pass, layer, normed(pass, at("ln2"), mid))));
}

const normed = ({ params }: Pass, name: string, x: Tensor): Tensor =>
  layerNorm(x, params[`${name}.w`], params[`${name}.b`]);

function attention(pass: Pass, layer: number, x: Tensor): Tensor {
  const { params, tap, options } = pass;
  const at = (name: string): string => `blocks.${layer}.attn.${name}`;
  const [q, k, v] = (["q", "k", "v"] as const).map((name) =>
    tap(at(name), splitHeads(x, params[at(`W_${name.toUpperCase()}`)])),
  ); // [nHeads, rows, dHead]
  const z = tap(at("z"), pass.attend(layer, q, k, v)); // [nHeads, rows, dHead]
  const W_O = params[at("W_O")];
  // Watched, every head's share is computed by itself; alone, their sum.
  const out = tap === untapped ? mergeHeads(z, W_O) : sum(tap(at("result"), matmul(z, W_O)), 0); // [rows, dModel]
  return dropoutAt(tap(`blocks.${layer}.attn_out`, out), at("out"), options.dropout, pass.dropout);
}

function feedForward(pass: Pass, layer: number, x: Tensor): Tensor {
  const { params, tap, options } = pass;
  const at = (name: string): string => `blocks.${layer}.mlp.${name}`;
  const pre = tap(at("pre"), add(matmul(x, params[at("W_in")], { zeros: "gradient" }), params[at("b_in")])); // [rows, dMlp]
  const post = dropoutAt(tap(at("post"), relu(pre)), at("post"), options.dropout, pass.dropout);
  const out = add(matmul(post, params[at("W_out")], { zeros: "a" }), params[at("b_out")]); // [rows, dModel]
  return dropoutAt(tap(`blocks.${layer}.mlp_out`, out), at("out"), options.dropout, pass.dropout);
}

/** `[rows, vocabSize]`. */
export function unembed({ params, tap, options }: Pass, x: Tensor): Tensor {
  const scores = options.tied ? matmul(x, params["embed.W_E"], { transposeB: true }) : matmul(x, params["unembed.W_U"]);
  return tap("logits", add(scores, params["unembed.b_U"]));
}

/** Attention within the sequences of a batch, with dropout on its weights. */
export function packedAttention(
  batch: Pick<SequenceBatch, "offsets" | "firstVisible" | "dropout">,
  tap: Tap,
  rate: number,
): { readonly packed: Packing; readonly attend: Pass["attend"] } {
  const packed = packing(batch.offsets);
  const first = batch.firstVisible && indices(batch.firstVisible);
  return {
    packed,
    attend: (layer, q, k, v) => {
      const name = `blocks.${layer}.attn.pattern`;
      const pattern = tap(name, attentionPattern(q, k, packed, first)); // [nHeads, pairs]
      return attentionValues(dropoutAt(pattern, name, rate, batch.dropout), v, packed);
    },
  };
}
