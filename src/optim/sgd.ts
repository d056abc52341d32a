import { bool, float } from "../options.ts";
import { sgd as sgdUpdate, zeros, type Tensor } from "../tensor/index.ts";
import { defineOptimizer } from "./optimizer.ts";
import { scheduleFields } from "./schedule.ts";

/**
 * Stochastic gradient descent with momentum: b ← momentum · b + g, θ ← θ − lr · (b + weightDecay · θ), and g + momentum · b
 * in place of b with Nesterov's form. The decay is decoupled, as everywhere in groklab.
 */
export const sgd = defineOptimizer({
  name: "sgd",
  summary: "gradient descent with momentum and decoupled weight decay",
  fields: {
    ...scheduleFields,
    momentum: float(0.9, "share of the last update that is kept", { min: 0, max: 0.999999 }),
    nesterov: bool(false, "look ahead along the momentum"),
    weightDecay: float(0, "decoupled weight decay", { min: 0 }),
  },
  init: (params, options) => {
    const state: Record<string, Tensor> = {};
    if (options.momentum === 0) return state;
    for (const [name, param] of Object.entries(params)) state[`b.${name}`] = zeros(param.shape, param.dtype);
    return state;
  },
  update: (grads, state, params, options, { learningRate }) => {
    for (const [name, grad] of Object.entries(grads)) {
      sgdUpdate(params[name], grad, state[`b.${name}`], { ...options, learningRate });
    }
  },
});
