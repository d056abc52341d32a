import { ShapeError, type Tensor, checkDtype, checkSame, contribute, empty, emptyLike, kernel } from "../op.ts";
import { record, show, tracked, wanted } from "../op.ts";
import { type Indices, indices } from "../tensor.ts";
import { own } from "./layer-norm.ts";

/** How sequences lie one after another in the rows of a tensor. */
export interface Packing {
  /** First row of each sequence, and last the number of rows, `[n + 1]`, in the engine's memory. */
  readonly offsets: Indices;
  readonly n: number;
  readonly rows: number;
  /** Rows of the longest sequence. */
  readonly longest: number;
  /** Numbers of one head's pattern: the squares of the lengths, added up. */
  readonly pairs: number;
}

/** @param offsets `[n + 1]`, from 0, ascending. The packing's `offsets` are given back with the scope. */
export function packing(offsets: Int32Array): Packing {
  let longest = 0;
  let pairs = 0;
  for (let i = 1; i < offsets.length; i++) {
    const length = offsets[i] - offsets[i - 1];
    if (length < 0) throw new ShapeError(`packing: sequence ${i - 1} ends before it begins`);
    longest = Math.max(longest, length);
    pairs += length * length;
  }
  const n = offsets.length - 1;
  if (n < 0 || offsets[0] !== 0) throw new ShapeError("packing: offsets begin with 0");
  return { offsets: indices(offsets), n, rows: offsets[n], longest, pairs };
}

/**
 * Where each row looks: softmax(q kᵀ / √width) over its own row and those before it in its sequence. `q`, `k`
 * [heads, rows, width] give [heads, pairs]: for each head and sequence of t rows a square [t, t], row-major, zeros above
 * the diagonal. With `firstVisible` [n], a row sees the first of its sequence and those from that one on, no others.
 */
export function attentionPattern(q: Tensor, k: Tensor, packed: Packing, firstVisible?: Indices): Tensor {
  checkSame("attentionPattern", q, k);
  const [heads, width] = sizes("attentionPattern", q, packed);
  if (firstVisible && firstVisible.length !== packed.n)
    throw new ShapeError(`attentionPattern: ${firstVisible.length} first visible rows for ${packed.n} sequences`);
  const factor = 1 / Math.sqrt(width);
  const { n, offsets } = packed;
  const out = empty([heads, packed.pairs], q.dtype);
  withScratch(q, packed, width, (scratch) =>
    kernel(
      "attentionPattern",
      q.dtype,
    )(...[q.ptr, k.ptr, offsets.ptr, firstVisible?.ptr ?? 0, out.ptr, heads, n, width, factor, scratch]),
  );
  if (!tracked(q) && !tracked(k)) return out;
  return record(out, (g) => {
    const gs = own(g); // gradient by the scores
    kernel("attentionSoftmaxGradient", q.dtype)(out.ptr, g.ptr, gs.ptr, offsets.ptr, heads, n, factor);
    if (wanted(q)) contribute(q, weighted(gs, k, packed, false));
    if (wanted(k)) contribute(k, weighted(gs, q, packed, true));
    gs.dispose();
  });
}

/** Each row's average of the values where it looks: `pattern` [heads, pairs], `v` [heads, rows, width], as v. */
export function attentionValues(pattern: Tensor, v: Tensor, packed: Packing): Tensor {
  checkDtype("attentionValues", pattern, v);
  const [heads, width] = sizes("attentionValues", v, packed);
  if (pattern.shape.length !== 2 || pattern.shape[0] !== heads || pattern.shape[1] !== packed.pairs)
    throw new ShapeError(
      `attentionValues: a pattern of ${show(pattern.shape)}, needed is ${show([heads, packed.pairs])}`,
    );
  const out = weighted(pattern, v, packed, false);
  if (!tracked(pattern) && !tracked(v)) return out;
  return record(out, (g) => {
    if (wanted(v)) contribute(v, weighted(pattern, g, packed, true));
    if (!wanted(pattern)) return;
    const gp = emptyLike(pattern);
    withScratch(v, packed, width, (scratch) =>
      kernel("attentionOuter", v.dtype)(...[g.ptr, v.ptr, packed.offsets.ptr, gp.ptr, heads, packed.n, width, scratch]),
    );
    contribute(pattern, gp);
  });
}

/** Sums of rows of `y` by the rows of the squares, or by their columns. */
function weighted(squares: Tensor, y: Tensor, packed: Packing, transposed: boolean): Tensor {
  const out = emptyLike(y);
  const [heads, , width] = y.shape;
  withScratch(y, packed, width, (scratch) =>
    kernel(
      "attentionSum",
      y.dtype,
    )(...[squares.ptr, y.ptr, packed.offsets.ptr, out.ptr, heads, packed.n, width, Number(transposed), scratch]),
  );
  return out;
}

/** Room for one sequence of one head as panels, a few rows of scores, and a tile. */
function withScratch(like: Tensor, { longest }: Packing, width: number, run: (scratch: number) => void): void {
  const up = (size: number): number => Math.ceil(size / 8) * 8;
  const scratch = empty([(up(width) + 8) * up(longest) + 64], like.dtype);
  run(scratch.ptr);
  scratch.dispose();
}

function sizes(op: string, x: Tensor, { rows }: Packing): [heads: number, width: number] {
  const [heads, length, width] = x.shape;
  if (x.shape.length !== 3 || length !== rows || width === 0)
    throw new ShapeError(`${op}: ${show(x.shape)} for ${rows} packed rows, needed is [heads, rows, width]`);
  return [heads, width];
}
