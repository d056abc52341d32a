import { choice, float, int, UsageError, type Values } from "../options.ts";
import type { Random } from "../rng.ts";
import { bitMlp, bitProduct, matmul, relu, tensor, type DType, type Params, type Tensor } from "../tensor/index.ts";
import { initializer } from "./initializer.ts";
import { defineModel, untapped, type Batch, type Tap, type TaskShape } from "./model.ts";

const fields = {
  dMlp: int(32, "number of hidden neurons", { min: 1, max: 65536 }),
  init: choice(
    ["named", "haiku"],
    "named",
    "named: groklab's own streams; haiku: JAX threefry in Haiku's order, as the published notebooks draw",
  ),
  initScale: float(1, "multiplies every initial weight", { min: 0, exclusiveMin: true }),
};
type Options = Values<typeof fields>;

function init(task: TaskShape, options: Options, random: Random, dtype: DType): Params {
  if (task.inputs.kind !== "bits") throw new UsageError("model bit-mlp: needs a task of bits; for tokens use factored");
  const { width } = task.inputs;
  const { dMlp } = options;
  const draw = initializer(options.init, random, options.initScale);
  return {
    "mlp.W_in": tensor(draw.linear("mlp.W_in", width, dMlp), [width, dMlp], dtype), // [width, dMlp]
    "mlp.W_out": tensor(draw.linear("mlp.W_out", dMlp, 1), [dMlp, 1], dtype), // [dMlp, 1]
  };
}

function apply(params: Params, batch: Batch, tap: Tap): Tensor {
  if (batch.kind !== "bits") throw new UsageError("model bit-mlp: needs a batch of bits");
  const W_in = params["mlp.W_in"];
  const W_out = params["mlp.W_out"];
  if (tap === untapped) return bitMlp(batch.bits, W_in, W_out); // [n, 1]
  const pre = tap("mlp.pre", bitProduct(batch.bits, W_in)); // [n, dMlp]
  const post = tap("mlp.post", relu(pre)); // [n, dMlp]
  return tap("logits", matmul(post, W_out)); // [n, 1]
}

/**
 * The parity network of "Do Machine Learning Models Memorize or Generalize?" (Pearce et al. 2023): logit =
 * ReLU(x · W_in) · W_out. Its only bias is the task's last input column, fixed to 1.
 */
export const bitMlpModel = defineModel({
  name: "bit-mlp",
  summary: "one hidden ReLU layer over bits, one logit",
  fields,
  inputs: "bits",
  init,
  apply,
  check: (task) => {
    if (task.numClasses !== 2)
      throw new UsageError(`model bit-mlp: decides between 2 classes, the task has ${task.numClasses}`);
  },
});
