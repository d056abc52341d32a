import { ShapeError, type Tensor, checkIndices, contribute, empty, emptyLike, kernel, record, show } from "../op.ts";
import { tracked } from "../op.ts";
import { ints } from "../engine.ts";
import { type Indices, indices, scalarValue } from "../tensor.ts";
import { scale } from "./arithmetic.ts";

/**
 * Mean cross-entropy in nats of `logits` [n, c] and `labels` [n], a scalar.
 *
 * Written with log1p over the *other* classes: ln(1 + e^-m) computed as a logarithm of a sum is 0 from a margin m of 17
 * in float32 and 38 in float64 on, and `p - 1` loses the label's gradient at the same place. Rows are added in float64,
 * in order. Loss and gradient come from one pass over the rows.
 */
export function crossEntropy(logits: Tensor, labels: Indices): Tensor {
  const [n, c] = logits.shape;
  if (logits.shape.length !== 2 || n === 0 || n !== labels.length)
    throw new ShapeError(`crossEntropy: ${show(logits.shape)} logits and [${labels.length}] labels, one row per label`);
  checkIndices("crossEntropy", labels, c);
  const out = empty([], logits.dtype);
  const run = kernel("crossEntropy", logits.dtype);
  if (!tracked(logits)) {
    run(logits.ptr, labels.ptr, out.ptr, 0, n, c);
    return out;
  }
  const gradient = emptyLike(logits); // [n, c]
  run(logits.ptr, labels.ptr, out.ptr, gradient.ptr, n, c);
  return record(out, (g) => contribute(logits, scaled(gradient, g)));
}

/**
 * Mean cross-entropy in nats of single logits [n] or [n, 1], where logit > 0 means class 1, and labels 0 or 1; a scalar.
 *
 * With `clip`, each label's probability is cut to [clip, 1 - clip] before its logarithm is taken, the bounds rounded to
 * the precision, and where that cuts, the gradient is 0. In float32 with clip 1e-7 the upper bound is 1 - 2^-23 and the
 * smallest loss 1.192e-7.
 */
export function binaryCrossEntropy(logit: Tensor, labels: Indices, options: { readonly clip?: number } = {}): Tensor {
  const { clip = 0 } = options;
  const n = singleLogits("binaryCrossEntropy", logit, labels);
  if (n === 0) throw new ShapeError("binaryCrossEntropy: no examples to take the mean of");
  if (!(clip >= 0 && clip < 0.5))
    throw new ShapeError(`binaryCrossEntropy: clip ${clip}, allowed are 0 up to below 0.5`);
  checkIndices("binaryCrossEntropy", labels, 2);
  const out = empty([], logit.dtype);
  const run = kernel("binaryCrossEntropy", logit.dtype);
  if (!tracked(logit)) {
    run(logit.ptr, labels.ptr, out.ptr, 0, n, clip);
    return out;
  }
  const gradient = emptyLike(logit); // [n] or [n, 1]
  run(logit.ptr, labels.ptr, out.ptr, gradient.ptr, n, clip);
  return record(out, (g) => contribute(logit, scaled(gradient, g)));
}

/** `gradient` times the scalar `g`, which nearly always is 1: then the very same tensor, which has no other use. */
function scaled(gradient: Tensor, g: Tensor): Tensor {
  const factor = scalarValue(g);
  return factor === 1 ? gradient : scale(gradient, factor);
}

function singleLogits(op: string, logit: Tensor, labels: Indices): number {
  const [n, one = 1] = logit.shape;
  if (logit.shape.length < 1 || logit.shape.length > 2 || one !== 1 || n !== labels.length)
    throw new ShapeError(`${op}: ${show(logit.shape)} logits and [${labels.length}] labels, one logit per label`);
  return n;
}

/** Index of the largest entry along the last axis, ties to the lowest index, row after row. */
export function argmax(logits: Tensor): Int32Array {
  const c = logits.shape[logits.shape.length - 1];
  if (c === undefined || c === 0) throw new ShapeError(`argmax: ${show(logits.shape)} has no last axis with entries`);
  const found = indices(new Int32Array(logits.size / c));
  kernel("argmax", logits.dtype)(logits.ptr, found.ptr, found.length, c);
  const copy = ints.slice(found.ptr / 4, found.ptr / 4 + found.length);
  found.dispose();
  return copy;
}

/**
 * How many of `labels` [n] the logits [n, c] get right: the largest logit is the label's, ties to the lowest index. For
 * [n, 1]: logit > 0 means class 1. A row with NaN is not right.
 */
export function correctCount(logits: Tensor, labels: Indices): number {
  const [n, c] = logits.shape;
  if (logits.shape.length === 1 || c === 1) {
    checkIndices("correctCount", labels, 2);
    const rows = singleLogits("correctCount", logits, labels);
    return kernel("correctSign", logits.dtype)(logits.ptr, labels.ptr, rows);
  }
  if (logits.shape.length !== 2 || n !== labels.length)
    throw new ShapeError(`correctCount: ${show(logits.shape)} logits and [${labels.length}] labels, one row per label`);
  checkIndices("correctCount", labels, c);
  return kernel("correct", logits.dtype)(logits.ptr, labels.ptr, n, c);
}
