import { uniformIn, xavierBound } from "../nn/uniform.ts";
import type { Random } from "../rng.ts";
import { full, tensor, zeros, type DType, type Params, type Tensor } from "../tensor/index.ts";
import type { TaskShape } from "./model.ts";
import { mlpWidth, positionRows, sequencesFor, type TransformerOptions } from "./transformer-options.ts";

/** How a tensor begins: even from -bound to bound, or all the same. */
type Start = { readonly bound: number } | { readonly value: number };
export interface Layout {
  readonly shape: readonly number[];
  readonly start: Start;
}

/**
 * Every tensor of a transformer by name, in the order of the forward pass, with the published initialization: Xavier
 * uniform throughout, with fan dModel / dModel for the four attention matrices, gain √2 into the ReLU; biases of linear
 * layers even in ±1 / √fanIn; norms 1 and 0.
 */
export function transformerLayout(task: TaskShape, options: TransformerOptions): ReadonlyMap<string, Layout> {
  const inputs = sequencesFor(task);
  const { dModel: d, nHeads, nLayers, norm, positions, tied } = options;
  const { vocabSize: vocab } = inputs;
  const f = mlpWidth(options);
  const width = d / nHeads;
  const layout = new Map<string, Layout>();
  const add = (name: string, shape: readonly number[], start: Start): void => void layout.set(name, { shape, start });
  const addNorm = (name: string): void => {
    add(`${name}.w`, [d], { value: 1 });
    add(`${name}.b`, [d], { value: 0 });
  };
  add("embed.W_E", [vocab, d], { bound: xavierBound(vocab, d) });
  if (positions === "learned") {
    const rows = positionRows(options, inputs);
    add("pos_embed.W_pos", [rows, d], { bound: xavierBound(rows, d) });
  }
  for (let layer = 0; layer < nLayers; layer++) {
    const name = (part: string): string => `blocks.${layer}.${part}`;
    for (const matrix of ["W_Q", "W_K", "W_V"])
      add(name(`attn.${matrix}`), [nHeads, d, width], { bound: xavierBound(d, d) });
    add(name("attn.W_O"), [nHeads, width, d], { bound: xavierBound(d, d) });
    addNorm(name("ln1"));
    add(name("mlp.W_in"), [d, f], { bound: xavierBound(d, f, Math.SQRT2) });
    add(name("mlp.b_in"), [f], { bound: 1 / Math.sqrt(d) });
    add(name("mlp.W_out"), [f, d], { bound: xavierBound(f, d) });
    add(name("mlp.b_out"), [d], { bound: 1 / Math.sqrt(f) });
    addNorm(name("ln2"));
  }
  if (norm === "pre") addNorm("ln_final");
  if (!tied) add("unembed.W_U", [d, vocab], { bound: xavierBound(d, vocab) });
  add("unembed.b_U", [vocab], { bound: 1 / Math.sqrt(d) });
  return layout;
}

export function initTransformer(task: TaskShape, options: TransformerOptions, random: Random, dtype: DType): Params {
  const params: Record<string, Tensor> = {};
  for (const [name, { shape, start }] of transformerLayout(task, options)) {
    if ("value" in start) params[name] = start.value === 0 ? zeros(shape, dtype) : full(shape, start.value, dtype);
    else {
      const size = shape.reduce((product, length) => product * length, 1);
      params[name] = tensor(uniformIn(random, name, size, start.bound), shape, dtype);
    }
  }
  return params;
}
