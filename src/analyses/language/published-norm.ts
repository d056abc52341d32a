import type { NamedArrays } from "../../tensor/index.ts";
import { normsOf } from "../course.ts";

/** L2 norms of a transformer's weights. Plain JSON. */
export interface WeightNorms {
  /** √Σθ² over all weights. */
  readonly live: number;
  /** The same divided by the number of layers. */
  readonly livePerLayer: number;
  /**
   * As published: with the weights of a decoder of six layers that every published model carries and none uses, divided by
   * the number of layers. That constant, not the network, makes shallow models look the heaviest.
   */
  readonly published: number;
  /** By tensor. */
  readonly tensors: Readonly<Record<string, number>>;
}

/** Layers of the unused decoder in the published models, whatever their depth. */
export const deadLayers = 6;

/**
 * Expected Σθ² of the unused decoder at its initialization: per layer two attentions of four d x d matrices with variance
 * 1 / d, a feed-forward of d x f and f x d with variances 4 / (d + f) and 2 / (d + f), its biases even within
 * ±1 / √fanIn, and three norms of gain 1. For d 512 and f 2048: 48,546.
 */
export function deadDecoder(d: number, f: number): number {
  const attention = 2 * 4 * d;
  const matrices = (d * f * (4 + 2)) / (d + f);
  const biases = f / d / 3 + d / f / 3;
  return deadLayers * (attention + matrices + biases + 3 * d);
}

export function weightNorms(
  weights: NamedArrays,
  shape: { nLayers: number; dModel: number; dMlp: number },
): WeightNorms {
  const tensors = Object.fromEntries(Object.entries(normsOf(weights)).map(([name, { l2 }]) => [name, l2]));
  const squares = Object.values(tensors).reduce((sum, norm) => sum + norm * norm, 0);
  const { nLayers, dModel, dMlp } = shape;
  return {
    live: Math.sqrt(squares),
    livePerLayer: Math.sqrt(squares) / nLayers,
    published: Math.sqrt(squares + deadDecoder(dModel, dMlp)) / nLayers,
    tensors,
  };
}
