import { placeOf } from "../rng.ts";
import { dropout, type Tensor } from "../tensor/index.ts";

type Place = ReturnType<typeof placeOf>;

/** Names of masks cost a hash: kept for the seeds in use. */
const places = new Map<number, Map<string, Place>>();

function place(seed: number, name: string): Place {
  if (places.size >= 64 && !places.has(seed)) places.clear();
  const ofSeed = places.get(seed) ?? new Map<string, Place>();
  const found = ofSeed.get(name) ?? placeOf(seed, "dropout", name);
  places.set(seed, ofSeed.set(name, found));
  return found;
}

/**
 * Dropout at the activation `name`, with the mask of a step: what `stream(seed, "dropout").fork(name)` draws from
 * position step · 2^34 on. Without a source, in evaluation, nothing is dropped.
 */
export function dropoutAt(
  x: Tensor,
  name: string,
  rate: number,
  source: { readonly seed: number; readonly step: number } | undefined,
): Tensor {
  return source === undefined || rate === 0 ? x : dropout(x, rate, { ...place(source.seed, name), step: source.step });
}
