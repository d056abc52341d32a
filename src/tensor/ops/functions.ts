import { type Tensor, contribute, emptyLike, kernel, record, tracked } from "../op.ts";
import { div, mul, neg, scale } from "./arithmetic.ts";

// Functions of each number. Their kernels are the engine's own, the same bits everywhere.

function map(name: string, a: Tensor): Tensor {
  const out = emptyLike(a);
  kernel(name, a.dtype)(a.ptr, out.ptr, a.size);
  return out;
}

/** out = f(x, y), `x` and `y` alike. */
function map2(name: string, x: Tensor, y: Tensor): Tensor {
  const out = emptyLike(x);
  kernel(name, x.dtype)(x.ptr, y.ptr, out.ptr, x.size);
  return out;
}

/** e^a, within 1 ulp, subnormal results included. */
export function exp(a: Tensor): Tensor {
  const out = map("exp", a);
  return tracked(a) ? record(out, (g) => contribute(a, mul(g, out))) : out;
}

/** Natural logarithm; NaN below 0. */
export function log(a: Tensor): Tensor {
  const out = map("log", a);
  return tracked(a) ? record(out, (g) => contribute(a, div(g, a))) : out;
}

export function tanh(a: Tensor): Tensor {
  const out = map("tanh", a);
  return tracked(a) ? record(out, (g) => contribute(a, map2("tanhGradient", out, g))) : out;
}

/** Sine of radians, of any finite size. */
export function sin(a: Tensor): Tensor {
  const out = map("sin", a);
  return tracked(a) ? record(out, (g) => contribute(a, mul(g, cos(a)))) : out;
}

/** Cosine of radians, of any finite size. */
export function cos(a: Tensor): Tensor {
  const out = map("cos", a);
  return tracked(a) ? record(out, (g) => contribute(a, neg(mul(g, sin(a))))) : out;
}

export function sqrt(a: Tensor): Tensor {
  const out = map("sqrt", a);
  return tracked(a) ? record(out, (g) => contribute(a, div(scale(g, 0.5), out))) : out;
}

/** max(a, 0); the slope at 0 is 0. */
export function relu(a: Tensor): Tensor {
  const out = map("relu", a);
  return tracked(a) ? record(out, (g) => contribute(a, map2("reluGradient", a, g))) : out;
}

export function square(a: Tensor): Tensor {
  const out = map("square", a);
  return tracked(a) ? record(out, (g) => contribute(a, scale(mul(g, a), 2))) : out;
}
