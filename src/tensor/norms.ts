import { kernel } from "./engine.ts";
import type { Params } from "./tensor.ts";

function total(name: "sumAbsolute" | "sumSquares", params: Params): number {
  let sum = 0;
  // By name, so that the order in which a tree was put together leaves no trace.
  for (const key of Object.keys(params).sort()) {
    const t = params[key];
    sum += kernel(name, t.dtype)(t.ptr, t.size);
  }
  return sum;
}

/** Sum of |θ| over all tensors, added in float64. */
export function l1Norm(params: Params): number {
  return total("sumAbsolute", params);
}

/** Square root of the sum of θ² over all tensors, added in float64. */
export function l2Norm(params: Params): number {
  return Math.sqrt(total("sumSquares", params));
}
