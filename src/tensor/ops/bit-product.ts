import type { BitRows } from "../bits.ts";
import { ShapeError, Tensor, contribute, empty, kernel, record, show, tracked } from "../op.ts";

/**
 * X W: `[n, width] @ [width, h] -> [n, h]`, where X holds constant bits, 0 counting as `low` and 1 as `high`.
 *
 * Computed by table look-up. For a chunk of columns and its value u in a row, T[u] is the sum, in this order, of: the
 * constant columns' weights times their number (first chunk only); `low` times each weight of the chunk;
 * (high - low) times the weights whose bits are set. An output adds up its chunks in order. So the bits of an output
 * depend on its column of W and its row of X and the chunks of X (`bits.chunks`), which depend on X alone.
 * @throws ShapeError unless W has a row for every bit.
 */
export function bitProduct(bits: BitRows, W: Tensor): Tensor {
  const h = checkWeights("bitProduct", bits, W);
  const { n, width, low, high, tableRows } = bits;
  const { dtype } = W;
  const out = empty([n, h], dtype);
  const scratch = rows(1 + tableRows);
  kernel("bitProduct", dtype)(bits.ptr, W.ptr, h, low, high, out.ptr, scratch.ptr);
  scratch.dispose();
  if (!tracked(W)) return out;
  return record(out, (g) => {
    const dW = empty(W.shape, dtype); // [width, h]
    const space = rows(1 + tableRows + width + n);
    kernel("bitProductGradient", dtype)(bits.ptr, g.ptr, h, low, high, dW.ptr, space.ptr);
    space.dispose();
    contribute(W, dW);
  });
}

/**
 * The parity network in one: relu(X W_in) W_out, `[n, width] @ [width, h]` and `[h, 1] -> [n, 1]`. Equal to
 * `matmul(relu(bitProduct(bits, W_in)), W_out)` but for rounding, since an output adds up units j in four interleaved
 * sums, (0 + 1) + (2 + 3), and the gradient by W_out is taken from the one by W_in (see kernels/bit-mlp.ts). The
 * gradient of relu at 0 is 0. @throws ShapeError when shapes or precisions do not fit.
 */
export function bitMlp(bits: BitRows, W_in: Tensor, W_out: Tensor): Tensor {
  const h = checkWeights("bitMlp", bits, W_in);
  const { dtype } = W_in;
  if (W_out.dtype !== dtype || W_out.shape.length !== 2 || W_out.shape[0] !== h || W_out.shape[1] !== 1)
    throw new ShapeError(
      `bitMlp: ${show(W_in.shape)} in ${dtype} and ${show(W_out.shape)} in ${W_out.dtype}, the second must be [${h}, 1]`,
    );
  const { n, width, low, high, tableRows } = bits;
  const follow = tracked(W_in) || tracked(W_out);
  // Which units are active: half a row per sample and block. Without a gradient to come, blocks overwrite each other's.
  const blockBytes = n * (ROW / 2);
  const blocks = follow ? Math.ceil(h / (dtype === "float32" ? 16 : 8)) : 1;
  const flagsNext = follow ? blockBytes : 0;
  const flags = new Tensor([blocks, blockBytes / 4], (blocks * blockBytes) / 4, "float32");
  const out = empty([n, 1], dtype);
  const scratch = rows(2 + tableRows + n);
  const kernels = [bits.ptr, W_in.ptr, W_out.ptr, h, low, high] as const;
  kernel("bitMlp", dtype)(...kernels, out.ptr, flags.ptr, flagsNext, scratch.ptr);
  scratch.dispose();
  if (!follow) {
    flags.dispose();
    return out;
  }
  return record(out, (g) => {
    const [dIn, dOut] = [empty(W_in.shape, dtype), empty(W_out.shape, dtype)]; // [width, h], [h, 1]
    const space = rows(3 + tableRows + width + n);
    kernel("bitMlpGradient", dtype)(
      ...[bits.ptr, W_in.ptr, W_out.ptr, h, low, high, flags.ptr, flagsNext],
      ...[g.ptr, dIn.ptr, dOut.ptr, space.ptr],
    );
    space.dispose();
    contribute(W_in, dIn);
    contribute(W_out, dOut);
  });
}

/** Bytes of a block of hidden units. */
const ROW = 64;
const rows = (count: number): Tensor => empty([count, ROW / 4], "float32");

function checkWeights(op: string, bits: BitRows, W: Tensor): number {
  const [inputs, h] = W.shape;
  if (W.shape.length !== 2 || inputs !== bits.width)
    throw new ShapeError(`${op}: bits [${bits.n}, ${bits.width}] @ ${show(W.shape)}, inner sizes differ`);
  return h;
}
