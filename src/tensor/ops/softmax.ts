import { ShapeError, type Tensor, contribute, emptyLike, kernel, record, show, tracked } from "../op.ts";

function lastAxis(op: string, a: Tensor): number {
  const c = a.shape[a.shape.length - 1];
  if (c === undefined || c === 0) throw new ShapeError(`${op}: ${show(a.shape)} has no last axis with entries`);
  return c;
}

/** Probabilities e^a / sum e^a over the last axis. */
export function softmax(a: Tensor): Tensor {
  const c = lastAxis("softmax", a);
  const out = emptyLike(a);
  kernel("softmax", a.dtype)(a.ptr, out.ptr, a.size / c, c);
  if (!tracked(a)) return out;
  return record(out, (g) => {
    const ga = emptyLike(a);
    kernel("softmaxGradient", a.dtype)(out.ptr, g.ptr, ga.ptr, a.size / c, c);
    contribute(a, ga);
  });
}

/** Logarithms of the probabilities; that of the likeliest keeps its digits however close to 0 it is. */
export function logSoftmax(a: Tensor): Tensor {
  const c = lastAxis("logSoftmax", a);
  const out = emptyLike(a);
  kernel("logSoftmax", a.dtype)(a.ptr, out.ptr, a.size / c, c);
  if (!tracked(a)) return out;
  return record(out, (g) => {
    const ga = emptyLike(a);
    kernel("logSoftmaxGradient", a.dtype)(out.ptr, g.ptr, ga.ptr, a.size / c, c);
    contribute(a, ga);
  });
}
