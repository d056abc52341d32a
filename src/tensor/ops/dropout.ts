import { type Tensor, contribute, empty, emptyLike, kernel, record, tracked } from "../op.ts";
import { own } from "./layer-norm.ts";

/** Where the numbers of a mask come from: a place in a counter-based stream (`placeOf` of src/rng.ts). */
export interface MaskPlace {
  /** Key of the seed, and name of the purpose, two uint32 each. */
  readonly key: readonly [number, number];
  readonly name: readonly [number, number];
  /** Which mask of that purpose, a uint32. */
  readonly step: number;
}

/**
 * `x` with a share of `rate` of its numbers set to 0 and the others divided by 1 - rate. Number i is dropped where
 * uint32 number 4 · 2^32 · step + i of the stream is below rate · 2^32: a function of the place alone, so that nothing is
 * remembered. Rate 0 gives `x` itself.
 */
export function dropout(x: Tensor, rate: number, place: MaskPlace): Tensor {
  if (!(rate >= 0 && rate < 1)) throw new RangeError(`dropout: rate ${rate}, allowed are 0 up to below 1`);
  if (rate === 0) return x;
  const { key, name, step } = place;
  const out = emptyLike(x);
  const mask = tracked(x) ? empty([Math.ceil(x.size / 64)], "float64") : undefined; // bits, to draw them only once
  const least = Math.round(rate * 2 ** 32);
  const keep = 1 / (1 - rate);
  kernel("dropout", x.dtype)(x.ptr, out.ptr, mask?.ptr ?? 0, x.size, least, keep, step, ...name, ...key);
  if (!mask) return out;
  return record(out, (g) => {
    const gx = own(g);
    kernel("dropoutMasked", x.dtype)(g.ptr, gx.ptr, mask.ptr, x.size, keep);
    contribute(x, gx);
  });
}
