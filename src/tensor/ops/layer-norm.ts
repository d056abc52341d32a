import { ShapeError, type Tensor, alias, checkDtype, contribute, empty, emptyLike, kernel, record } from "../op.ts";
import { show, tracked } from "../op.ts";

/**
 * Rows of `x` [.., d] with mean 0 and variance 1 (divided by d, plus `eps` under the root), times `w` [d] plus `b` [d]
 * (Ba, Kiros and Hinton 2016). Means are taken in float64.
 */
export function layerNorm(x: Tensor, w: Tensor, b: Tensor, eps = 1e-5): Tensor {
  const d = x.shape[x.shape.length - 1] ?? 0;
  for (const part of [w, b]) {
    checkDtype("layerNorm", x, part);
    if (d === 0 || part.shape.length !== 1 || part.shape[0] !== d)
      throw new ShapeError(
        `layerNorm: ${show(x.shape)} with ${show(part.shape)}, gain and bias have the last axis' size`,
      );
  }
  const n = x.size / d;
  const out = emptyLike(x);
  const run = kernel("layerNorm", x.dtype);
  if (!tracked(x) && !tracked(w) && !tracked(b)) {
    run(x.ptr, w.ptr, b.ptr, out.ptr, 0, 0, n, d, eps);
    return out;
  }
  const hat = emptyLike(x); // [.., d], the normed rows
  const scales = empty([n], x.dtype);
  run(x.ptr, w.ptr, b.ptr, out.ptr, hat.ptr, scales.ptr, n, d, eps);
  return record(out, (g) => {
    const gx = own(g);
    const [gw, gb] = [emptyLike(w), emptyLike(b)];
    kernel("layerNormGradient", x.dtype)(g.ptr, hat.ptr, scales.ptr, w.ptr, gx.ptr, gw.ptr, gb.ptr, n, d);
    contribute(x, gx);
    contribute(w, gw);
    contribute(b, gb);
  });
}

/** Where a gradient may be written: over `g` if nobody else looks at it. */
export const own = (g: Tensor): Tensor => (g.shared ? emptyLike(g) : alias(g));
