import { float } from "../options.ts";
import { adamw as adamwUpdate, zeros, type AdamWOptions, type Params, type Tensor } from "../tensor/index.ts";
import { defineOptimizer } from "./optimizer.ts";
import { scheduleFields } from "./schedule.ts";

const moments = {
  beta1: float(0.9, "decay of the mean of gradients", { min: 0, max: 0.999999 }),
  beta2: float(0.98, "decay of the mean of squared gradients", { min: 0, max: 0.999999999 }),
  eps: float(1e-8, "added to the root of the mean square", { min: 0, exclusiveMin: true }),
};

/** First and second moments, `m.<name>` and `v.<name>`, shaped as the parameters. */
function zeroMoments(params: Params): Params {
  const state: Record<string, Tensor> = {};
  for (const kind of ["m", "v"]) {
    for (const [name, param] of Object.entries(params)) state[`${kind}.${name}`] = zeros(param.shape, param.dtype);
  }
  return state;
}

/** One update of every parameter that has a gradient. The settings are one plain object for all of them: this is hot. */
function updateAll(grads: Params, state: Params, params: Params, settings: AdamWOptions): void {
  for (const name in grads) {
    adamwUpdate(params[name], grads[name], state[`m.${name}`], state[`v.${name}`], settings);
  }
}

/**
 * AdamW (Loshchilov & Hutter 2019) in optax's form: θ ← θ − lr · (m̂ / (√v̂ + eps) + weightDecay · θ), with
 * m̂ = m / (1 − beta1^count). The decay is decoupled from the moments and multiplied by the learning rate.
 */
export const adamw = defineOptimizer({
  name: "adamw",
  summary: "Adam with decoupled weight decay",
  fields: { ...scheduleFields, ...moments, weightDecay: float(1, "decoupled weight decay", { min: 0 }) },
  init: zeroMoments,
  update: (grads, state, params, { beta1, beta2, eps, weightDecay }, { count, learningRate }) => {
    updateAll(grads, state, params, { learningRate, beta1, beta2, eps, weightDecay, count, l1: 0 });
  },
});

/**
 * Adam on g + l1 · sign(θ), as published by Pearce et al. (2023): the sign is added to the gradient before the moments,
 * so Adam rescales it; it is not a proximal step, and weights are not set to zero exactly.
 */
export const adamL1 = defineOptimizer({
  name: "adam-l1",
  summary: "Adam on the gradient plus l1 times the sign of the weight",
  fields: { ...scheduleFields, ...moments, l1: float(1e-4, "strength of the L1 penalty, per weight", { min: 0 }) },
  init: zeroMoments,
  update: (grads, state, params, { beta1, beta2, eps, l1 }, { count, learningRate }) => {
    updateAll(grads, state, params, { learningRate, beta1, beta2, eps, weightDecay: 0, count, l1 });
  },
});
