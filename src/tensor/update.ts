import { kernel } from "./engine.ts";
import { checkSame } from "./op.ts";
import { l2Norm } from "./norms.ts";
import type { Params, Tensor } from "./tensor.ts";

export interface AdamWOptions {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly eps: number;
  /** Decoupled: multiplied by the learning rate, not passed through the moments. */
  readonly weightDecay: number;
  /** Which update this is, from 1. */
  readonly count: number;
  /** Strength of the L1 penalty whose sign is added to the gradient before the moments. */
  readonly l1?: number;
}

/**
 * One AdamW update (Loshchilov & Hutter 2019, in the form of optax.adamw), in place in `param`, `m` and `v`:
 *
 *     g = grad + l1 sign(param)                      sign(0) = 0
 *     m = beta1 m + (1 - beta1) g
 *     v = beta2 v + (1 - beta2) (g g)
 *     param -= learningRate (m̂ / (√v̂ + eps) + weightDecay param)
 *
 * with m̂ = m · 1/(1 - beta1^count) and v̂ likewise. The constants are computed in float64 and rounded once to the
 * tensors' precision; every operation on tensors is rounded, in the order written. @throws ShapeError when shapes differ.
 */
export function adamw(param: Tensor, grad: Tensor, m: Tensor, v: Tensor, options: AdamWOptions): void {
  for (const other of [grad, m, v]) checkSame("adamw", param, other);
  const { learningRate, beta1, beta2, eps, weightDecay, count, l1 = 0 } = options;
  const correction1 = 1 / (1 - powInt(beta1, count));
  const correction2 = 1 / (1 - powInt(beta2, count));
  // prettier-ignore
  kernel("adamw", param.dtype)(
    param.ptr, grad.ptr, m.ptr, v.ptr, param.size, learningRate,
    beta1, 1 - beta1, correction1, beta2, 1 - beta2, correction2, eps, weightDecay, l1,
  );
}

export interface SgdOptions {
  readonly learningRate: number;
  /** Share of the last update that is kept; needs a buffer unless it is 0. */
  readonly momentum?: number;
  readonly nesterov?: boolean;
  readonly weightDecay?: number;
}

/**
 * One step of gradient descent, in place in `param` and `buffer`: buffer = momentum buffer + grad, then
 * param -= learningRate (step + weightDecay param), where step is the buffer, or grad + momentum buffer in Nesterov's
 * form, or the gradient alone where there is no buffer. @throws ShapeError when shapes differ.
 */
export function sgd(param: Tensor, grad: Tensor, buffer: Tensor | undefined, options: SgdOptions): void {
  checkSame("sgd", param, grad);
  if (buffer !== undefined) checkSame("sgd", param, buffer);
  const { learningRate, momentum = 0, nesterov = false, weightDecay = 0 } = options;
  if (buffer === undefined && momentum !== 0) throw new RangeError(`sgd: momentum ${momentum} needs a buffer`);
  const at = buffer?.ptr ?? 0;
  kernel("sgd", param.dtype)(
    param.ptr,
    grad.ptr,
    at,
    param.size,
    learningRate,
    momentum,
    Number(nesterov),
    weightDecay,
  );
}

/**
 * Scales all gradients in place so that the L2 norm of them together is at most `limit`, by limit / (norm + 1e-6) as
 * PyTorch does. @returns the norm before
 */
export function clipGlobalNorm(grads: Params, limit: number): number {
  const norm = l2Norm(grads);
  const factor = limit / (norm + 1e-6);
  if (factor < 1) for (const g of Object.values(grads)) kernel("scale", g.dtype)(g.ptr, g.ptr, g.size, factor);
  return norm;
}

/** base^exponent by repeated squaring: the same bits in every engine, which Math.pow does not promise. */
export function powInt(base: number, exponent: number): number {
  if (!Number.isSafeInteger(exponent) || exponent < 0)
    throw new RangeError(`powInt: the exponent is ${exponent}, allowed are whole numbers from 0`);
  let result = 1;
  for (let square = base, left = exponent; left > 0; left = Math.floor(left / 2), square *= square)
    if (left % 2 === 1) result *= square;
  return result;
}
