import { kernel, type Tensor, empty, ShapeError, show } from "../op.ts";
import { type Indices, indices } from "../tensor.ts";
import { zeros } from "../tensor.ts";
import type { Packing } from "./attention.ts";

/** Keys and values of the rows read so far, of `n` sequences with room for the same number of rows each. */
export interface AttentionCache {
  readonly data: Tensor;
  readonly n: number;
  readonly heads: number;
  readonly width: number;
  readonly room: number;
}

export function attentionCache(n: number, heads: number, width: number, rows: number, like: Tensor): AttentionCache {
  const room = Math.ceil(rows / 8) * 8;
  return { data: zeros([n, heads, 2, width, room], like.dtype), n, heads, width, room };
}

/** Puts keys and values [heads, rows, width] behind the `lengths` [n] rows that are cached. Not recorded. */
export function cacheRows(cache: AttentionCache, k: Tensor, v: Tensor, packed: Packing, lengths: Int32Array): void {
  const { n, heads, width, room } = cache;
  if (packed.n !== n || lengths.some((length) => length + packed.longest > room))
    throw new ShapeError(`cacheRows: ${packed.n} sequences of up to ${packed.longest} rows more, room is for ${room}`);
  const at = indices(lengths);
  const { ptr } = cache.data;
  kernel("cacheRows", k.dtype)(k.ptr, v.ptr, packed.offsets.ptr, at.ptr, ptr, heads, n, width, room);
  at.dispose();
}

/** Attention of one row of each sequence, `q` [heads, n, width], to the `lengths` [n] first rows of its cache. As q. */
export function attendCached(cache: AttentionCache, q: Tensor, lengths: Indices): Tensor {
  const { n, heads, width, room } = cache;
  if (q.shape[0] !== heads || q.shape[1] !== n || q.shape[2] !== width)
    throw new ShapeError(`attendCached: ${show(q.shape)}, the cache is of ${show([heads, n, width])}`);
  const out = empty(q.shape, q.dtype);
  const scratch = empty([room], q.dtype);
  kernel(
    "attendCached",
    q.dtype,
  )(...[q.ptr, lengths.ptr, cache.data.ptr, out.ptr, heads, n, width, room, 1 / Math.sqrt(width), scratch.ptr]);
  scratch.dispose();
  return out;
}
