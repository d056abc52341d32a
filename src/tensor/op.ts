/**
 * What the ops are written with. An op checks its shapes, runs a kernel on a new tensor and, when an input is tracked,
 * records beside it how the gradient goes back:
 *
 * ```ts
 * export function square(a: Tensor): Tensor {
 *   const out = emptyLike(a);
 *   kernel("square", a.dtype)(a.ptr, out.ptr, a.size);
 *   return tracked(a) ? record(out, (g) => contribute(a, scale(mul(g, a), 2))) : out;
 * }
 * ```
 *
 * `contribute` takes its gradient over; `wanted(input)` tells whether computing it is worth while. A gradient handed on
 * as it is goes through `alias`.
 */
import { ShapeError, sameShape, show } from "./shape.ts";
import type { Indices, Tensor } from "./tensor.ts";

export { kernel } from "./engine.ts";
export { ShapeError, sameShape, show } from "./shape.ts";
export { contribute, record, tracked, wanted } from "./tape.ts";
export { Tensor, alias, empty, emptyLike, sizeOf, zeros } from "./tensor.ts";

/** @throws ShapeError unless both have the same precision. */
export function checkDtype(op: string, a: Tensor, b: Tensor): void {
  if (a.dtype !== b.dtype)
    throw new ShapeError(`${op}: ${show(a.shape)} in ${a.dtype} and ${show(b.shape)} in ${b.dtype}, precisions differ`);
}

/** @throws ShapeError unless both have the same precision and shape. */
export function checkSame(op: string, a: Tensor, b: Tensor): void {
  checkDtype(op, a, b);
  if (!sameShape(a.shape, b.shape)) throw new ShapeError(`${op}: ${show(a.shape)} and ${show(b.shape)}, shapes differ`);
}

/**
 * How often `b` is repeated to fill `a`: 1 for the same shape, the product of the leading sizes when b's shape ends a's.
 * @throws ShapeError when it does not, or when precisions differ.
 */
export function repeats(op: string, a: Tensor, b: Tensor): number {
  checkDtype(op, a, b);
  const lead = a.shape.length - b.shape.length;
  let fits = lead >= 0;
  for (let i = 0; fits && i < b.shape.length; i++) fits = a.shape[lead + i] === b.shape[i];
  if (!fits)
    throw new ShapeError(`${op}: ${show(a.shape)} and ${show(b.shape)}, the second must end the first's shape`);
  let count = 1;
  for (let i = 0; i < lead; i++) count *= a.shape[i];
  return count;
}

/** @throws ShapeError unless every index names one of `count` rows (classes, …). */
export function checkIndices(op: string, indices: Indices, count: number): void {
  if (indices.length > 0 && (indices.min < 0 || indices.max >= count))
    throw new ShapeError(`${op}: indices from ${indices.min} to ${indices.max}, allowed are 0 to ${count - 1}`);
}

/** The axis counted from the front; -1 is the last. @throws ShapeError when `a` has no such axis. */
export function checkAxis(op: string, a: Tensor, axis: number): number {
  const rank = a.shape.length;
  const at = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(at) || at < 0 || at >= rank)
    throw new ShapeError(`${op}: ${show(a.shape)} has no axis ${axis}`);
  return at;
}
