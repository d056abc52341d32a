import { haikuKeys, jaxTruncatedNormal, type Random } from "../rng.ts";
import type { FloatArray } from "../tensor/index.ts";

/** Draws the initial weights of one network, matrix by matrix, row-major `[rows, columns]`. Fan-in is the row count. */
export interface Initializer {
  /** Truncated normal with true variance 2 / fan-in. */
  embedding(name: string, rows: number, columns: number): FloatArray;
  /** Truncated normal cut at two of σ = 1 / √fan-in. */
  linear(name: string, rows: number, columns: number): FloatArray;
}

/** Standard deviation of a standard normal cut at ±2: dividing by it restores the variance that was asked for. */
const TRUNCATED_DEVIATION = 0.87962566103423978;

/**
 * `named`: each matrix from its own stream, so that adding one does not shift another. `haiku`: the published notebooks'
 * draws, in the order in which the matrices are asked for, embeddings in float32 and linear layers in float64.
 */
export function initializer(kind: "named" | "haiku", random: Random, scale: number): Initializer {
  const draw = kind === "haiku" ? haikuDraws(random.seed) : namedDraws(random);
  const embeddingDeviation = (fanIn: number): number => Math.sqrt(2 / fanIn) / TRUNCATED_DEVIATION;
  return {
    embedding: (name, rows, columns) => draw(name, rows, columns, embeddingDeviation(rows) * scale, "float32"),
    linear: (name, rows, columns) => draw(name, rows, columns, scale / Math.sqrt(rows), "float64"),
  };
}

type Draw = (
  name: string,
  rows: number,
  columns: number,
  deviation: number,
  haikuType: "float32" | "float64",
) => FloatArray;

function namedDraws(random: Random): Draw {
  return (name, rows, columns, deviation) => {
    const stream = random.stream(`init ${name}`);
    return Float64Array.from({ length: rows * columns }, () => stream.truncatedNormal() * deviation);
  };
}

function haikuDraws(seed: number): Draw {
  const keys = haikuKeys(seed);
  return (_, rows, columns, deviation, type) => {
    const unit = jaxTruncatedNormal(keys.next(), -2, 2, [rows, columns], type);
    const sigma = type === "float32" ? Math.fround(deviation) : deviation;
    return unit.map((x) => x * sigma); // a Float32Array rounds the product
  };
}
