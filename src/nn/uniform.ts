import type { Random } from "../rng.ts";

/** Initial weights drawn evenly from -bound to bound, from the tensor's own stream: adding one shifts no other. */
export function uniformIn(random: Random, name: string, size: number, bound: number): Float64Array {
  const draws = random.stream(`init ${name}`);
  return Float64Array.from({ length: size }, () => (2 * draws.uniform() - 1) * bound);
}

/** Bound of Xavier's uniform initialization (Glorot and Bengio 2010): variance gain² · 2 / (fanIn + fanOut). */
export const xavierBound = (fanIn: number, fanOut: number, gain = 1): number => gain * Math.sqrt(6 / (fanIn + fanOut));
