import {
  argmax,
  attendCached,
  attentionCache,
  cacheRows,
  dispose,
  gatherRows,
  indices,
  packing,
  scope,
  type AttentionCache,
  type Indices,
  type Params,
  type Tensor,
} from "../tensor/index.ts";
import { untapped, type SequenceBatch } from "./model.ts";
import { embed, layers, packedAttention, unembed, type Pass } from "./transformer-forward.ts";
import type { TransformerOptions } from "./transformer-options.ts";

/**
 * What the network writes after each sequence of the batch, always its likeliest token, until `eos` or `maxTokens`. Keys
 * and values of what was read stay in a cache, so a token costs one row; the same tokens come out as if every prefix
 * were read anew.
 */
export function generate(
  params: Params,
  batch: SequenceBatch,
  { eos, maxTokens }: { readonly eos: number; readonly maxTokens: number },
  options: TransformerOptions,
): readonly Int32Array[] {
  const written = Array.from({ length: batch.n }, (): number[] => []);
  const { nHeads, dModel, nLayers } = options;
  scope(() => {
    const { packed, attend } = packedAttention(batch, untapped, 0);
    const width = dModel / nHeads;
    const room = packed.longest + maxTokens;
    const caches = Array.from({ length: nLayers }, () =>
      attentionCache(batch.n, nHeads, width, room, params["embed.W_E"]),
    );
    const lengths = Int32Array.from({ length: batch.n }, (_, i) => batch.offsets[i + 1] - batch.offsets[i]);
    const none = new Int32Array(batch.n);
    const pass: Pass = {
      ...{ params, tap: untapped, options, dropout: undefined },
      attend: (layer, q, k, v) => {
        cacheRows(caches[layer], k, v, packed, none);
        return attend(layer, q, k, v);
      },
    };
    let next = scope(() => {
      const x = layers(pass, embed(pass, batch.tokens, batch.positions)); // [rows, dModel]
      const last = indices(Int32Array.from({ length: batch.n }, (_, i) => batch.offsets[i + 1] - 1));
      return likeliest(pass, gatherRows(x, last));
    });
    // A learned position table ends somewhere, and what is written ends with it.
    const limit = options.positions === "learned" ? params["pos_embed.W_pos"].shape[0] : Infinity;
    const open = new Set(written.keys());
    for (let step = 0; step < maxTokens; step++) {
      for (const i of open) {
        if (next[i] === eos) open.delete(i);
        else {
          written[i].push(next[i]);
          if (lengths[i] >= limit) open.delete(i);
        }
      }
      if (open.size === 0 || step + 1 === maxTokens) break;
      next = scope(() => stepForward(params, options, caches, next, lengths, limit));
      for (let i = 0; i < lengths.length; i++) lengths[i]++;
    }
  });
  return written.map((tokens) => Int32Array.from(tokens));
}

/** One more token of every sequence, which has `lengths` rows; the likeliest ones after it. */
function stepForward(
  params: Params,
  options: TransformerOptions,
  caches: readonly AttentionCache[],
  tokens: Int32Array,
  lengths: Int32Array,
  limit: number,
): Int32Array {
  const packed = packing(Int32Array.from({ length: tokens.length + 1 }, (_, i) => i));
  const seen: Indices = indices(lengths.map((length) => length + 1));
  const positions = lengths.map((length) => Math.min(length, limit - 1)); // of those that have ended, any will do
  const pass: Pass = {
    ...{ params, tap: untapped, options, dropout: undefined },
    attend: (layer, q, k, v) => {
      cacheRows(caches[layer], k, v, packed, lengths);
      return attendCached(caches[layer], q, seen);
    },
  };
  return likeliest(pass, layers(pass, embed(pass, indices(tokens), indices(positions))));
}

function likeliest(pass: Pass, x: Tensor): Int32Array {
  const logits = unembed(pass, x); // [n, vocabSize]
  const found = argmax(logits);
  dispose(logits);
  return found;
}
