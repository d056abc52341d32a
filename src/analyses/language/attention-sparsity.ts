import type { Tap } from "../../models/index.ts";
import { view, type Tensor } from "../../tensor/index.ts";
import { readAll, type LanguageModel } from "./language-model.ts";
import type { ReadSentence } from "./sentences.ts";

/** How concentrated attention is: entropies in nats, with the sign turned, so that more is sparser. Plain JSON. */
export interface Sparsity {
  readonly sentences: number;
  /**
   * As the published code has it: every layer reads the embeddings instead of the layer before it, the heads' patterns are
   * averaged first, and the entropies of a sentence's rows are added up; mean over layers and sentences. Uniform attention
   * over n words and SOS gives -ln (n + 1)!.
   */
  readonly published: number;
  /** As the words say: each layer's own pattern, by head, mean over rows, heads, layers and sentences. */
  readonly corrected: number;
  /** The same with each entropy divided by that of uniform attention over its row: 0 … 1, uniform is -1. */
  readonly normalized: number;
  /** `corrected` by layer. */
  readonly layers: readonly number[];
}

export function attentionSparsity(model: LanguageModel, sentences: readonly ReadSentence[]): Sparsity {
  const { nLayers, nHeads } = model;
  const layers = new Float64Array(nLayers);
  let published = 0;
  let normalized = 0;
  let rows = 0;
  const readings = sentences.map(({ tokens }) => ({ tokens }));
  const patterns: Float64Array[] = [];
  const keepPatterns: Tap = (name, activation) => {
    const layer = /^blocks\.(\d+)\.attn\.pattern$/.exec(name)?.[1];
    if (layer !== undefined) patterns[Number(layer)] = Float64Array.from(view(activation));
    return activation;
  };

  readAll(model, readings, "nothing", keepPatterns, ({ batch }) => {
    eachRow(batch.offsets, (at, length) => {
      if (length > 1) rows++;
      patterns.forEach((pattern, layer) => {
        const pairs = pattern.length / nHeads;
        for (let head = 0; head < nHeads; head++) {
          const found = entropy(pattern, head * pairs + at, length);
          layers[layer] -= found / nHeads;
          if (length > 1) normalized -= found / Math.log(length) / nHeads / nLayers;
        }
      });
    });
  });
  const counted = sentences.reduce((sum, { tokens }) => sum + tokens.length + 1, 0);

  let embedding: Tensor | undefined;
  const embeddingsOnly: Tap = (name, activation) => {
    if (name === "blocks.0.resid_pre") embedding = activation;
    if (name.endsWith(".resid_pre") && embedding) return keepPatterns(name, embedding);
    return keepPatterns(name, activation);
  };
  readAll(model, readings, "nothing", embeddingsOnly, ({ batch }) => {
    eachRow(batch.offsets, (at, length) => {
      for (const pattern of patterns) published -= entropy(average(pattern, nHeads, at, length), 0, length) / nLayers;
    });
  });
  return {
    sentences: sentences.length,
    published: published / sentences.length,
    corrected: layers.reduce((a, b) => a + b, 0) / nLayers / counted,
    normalized: normalized / rows,
    layers: Array.from(layers, (sum) => sum / counted),
  };
}

/** Every row of a batch's patterns: where it begins in one head's block, and how many places it may look at. */
function eachRow(offsets: Int32Array, use: (at: number, length: number) => void): void {
  let base = 0;
  for (let i = 0; i + 1 < offsets.length; i++) {
    const n = offsets[i + 1] - offsets[i];
    for (let row = 0; row < n; row++) use(base + row * n, row + 1);
    base += n * n;
  }
}

function average(pattern: Float64Array, nHeads: number, at: number, length: number): Float64Array {
  const out = new Float64Array(length);
  const pairs = pattern.length / nHeads;
  for (let head = 0; head < nHeads; head++)
    for (let c = 0; c < length; c++) out[c] += pattern[head * pairs + at + c] / nHeads;
  return out;
}

/** -Σ p ln p */
function entropy(values: Float64Array, at: number, length: number): number {
  let sum = 0;
  for (let c = at; c < at + length; c++) if (values[c] > 0) sum -= values[c] * Math.log(values[c]);
  return sum;
}
