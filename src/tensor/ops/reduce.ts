import { ShapeError, type Tensor, alias, checkAxis, contribute, empty, emptyLike, kernel, record } from "../op.ts";
import { sameShape, show, tracked } from "../op.ts";

/** A tensor seen as [outer, k, inner], to be reduced over the middle; the shape that is left. */
interface Parts {
  readonly outer: number;
  readonly k: number;
  readonly inner: number;
  readonly left: readonly number[];
}

function parts(op: string, a: Tensor, axis: number | undefined): Parts {
  if (axis === undefined) return { outer: 1, k: a.size, inner: 1, left: [] };
  const at = checkAxis(op, a, axis);
  const left: number[] = [];
  let outer = 1;
  let inner = 1;
  for (let i = 0; i < a.shape.length; i++) {
    if (i === at) continue;
    left.push(a.shape[i]);
    if (i < at) outer *= a.shape[i];
    else inner *= a.shape[i];
  }
  return { outer, k: a.shape[at], inner, left };
}

function total(a: Tensor, { outer, k, inner, left }: Parts, divisor: number): Tensor {
  const out = empty(left, a.dtype);
  kernel("sumAxis", a.dtype)(a.ptr, out.ptr, outer, k, inner, divisor);
  if (!tracked(a)) return out;
  return record(out, (g) => {
    const ga = emptyLike(a);
    kernel("spreadAxis", a.dtype)(g.ptr, ga.ptr, outer, k, inner, divisor);
    contribute(a, ga);
  });
}

/**
 * Sum over `axis` (negative: from the end), which goes; over everything, to a scalar, without one. Added in float64, in
 * an order that the shape alone decides.
 */
export function sum(a: Tensor, axis?: number): Tensor {
  return total(a, parts("sum", a, axis), 1);
}

/** Mean over `axis`, as `sum`. */
export function mean(a: Tensor, axis?: number): Tensor {
  const p = parts("mean", a, axis);
  return total(a, p, p.k);
}

/** Largest over `axis`; NaN when there is one. The gradient goes whole to the first of several equal ones. */
export function max(a: Tensor, axis: number): Tensor {
  const { outer, k, inner, left } = parts("max", a, axis);
  if (k === 0) throw new ShapeError(`max: ${show(a.shape)} has nothing along axis ${axis}`);
  const out = empty(left, a.dtype);
  kernel("maxAxis", a.dtype)(a.ptr, out.ptr, outer, k, inner);
  if (!tracked(a)) return out;
  return record(out, (g) => {
    const ga = emptyLike(a);
    kernel("maxAxisGradient", a.dtype)(a.ptr, out.ptr, g.ptr, ga.ptr, outer, k, inner);
    contribute(a, ga);
  });
}

/**
 * `a` summed over its leading axes down to `shape`, which ends a's: the gradient of repeating. For vjps, not recorded.
 * The same shape gives another handle on `a`.
 */
export function sumLeading(a: Tensor, shape: readonly number[]): Tensor {
  if (sameShape(a.shape, shape)) return alias(a);
  const out = empty(shape, a.dtype);
  kernel("sumAxis", a.dtype)(a.ptr, out.ptr, 1, out.size === 0 ? 0 : a.size / out.size, out.size, 1);
  return out;
}
