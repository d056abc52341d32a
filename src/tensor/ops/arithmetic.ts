import { type Tensor, alias, contribute, emptyLike, kernel, record, repeats, tracked, wanted } from "../op.ts";
import { sumLeading } from "./reduce.ts";

/**
 * Sums, differences, products and quotients, number by number. `b` has a's shape, or one that ends it: `[3]` is repeated
 * over the rows of `[5, 3]`, and `[]` over everything. @throws ShapeError when shapes or precisions do not fit.
 */
function binary(name: "add" | "sub" | "mul" | "div", a: Tensor, b: Tensor): Tensor {
  const rows = repeats(name, a, b);
  const out = emptyLike(a);
  if (rows === 1) kernel(name, a.dtype)(a.ptr, b.ptr, out.ptr, a.size);
  else if (a.size > 0) kernel(rowKernels[name], a.dtype)(a.ptr, b.ptr, out.ptr, b.size === 1 ? a.size : rows, b.size);
  return out;
}
const rowKernels = { add: "addRows", sub: "subRows", mul: "mulRows", div: "divRows" } as const;

export function add(a: Tensor, b: Tensor): Tensor {
  const out = binary("add", a, b);
  if (!tracked(a) && !tracked(b)) return out;
  return record(out, (g) => {
    if (wanted(a)) contribute(a, alias(g));
    if (wanted(b)) contribute(b, sumLeading(g, b.shape));
  });
}

export function sub(a: Tensor, b: Tensor): Tensor {
  const out = binary("sub", a, b);
  if (!tracked(a) && !tracked(b)) return out;
  return record(out, (g) => {
    if (wanted(a)) contribute(a, alias(g));
    if (wanted(b)) contribute(b, neg(sumLeading(g, b.shape)));
  });
}

export function mul(a: Tensor, b: Tensor): Tensor {
  const out = binary("mul", a, b);
  if (!tracked(a) && !tracked(b)) return out;
  return record(out, (g) => {
    if (wanted(a)) contribute(a, mul(g, b));
    if (wanted(b)) contribute(b, sumLeading(mul(g, a), b.shape));
  });
}

export function div(a: Tensor, b: Tensor): Tensor {
  const out = binary("div", a, b);
  if (!tracked(a) && !tracked(b)) return out;
  return record(out, (g) => {
    const ga = div(g, b);
    if (wanted(b)) contribute(b, neg(sumLeading(mul(ga, out), b.shape))); // d(a/b)/db = -(a/b)/b
    contribute(a, ga);
  });
}

/** a times the number `c`. */
export function scale(a: Tensor, c: number): Tensor {
  const out = emptyLike(a);
  kernel("scale", a.dtype)(a.ptr, out.ptr, a.size, c);
  return tracked(a) ? record(out, (g) => contribute(a, scale(g, c))) : out;
}

/** a plus the number `c`. */
export function addScalar(a: Tensor, c: number): Tensor {
  const out = emptyLike(a);
  kernel("addScalar", a.dtype)(a.ptr, out.ptr, a.size, c);
  return tracked(a) ? record(out, (g) => contribute(a, alias(g))) : out;
}

/** -a. */
export function neg(a: Tensor): Tensor {
  const out = emptyLike(a);
  kernel("neg", a.dtype)(a.ptr, out.ptr, a.size);
  return tracked(a) ? record(out, (g) => contribute(a, neg(g))) : out;
}
