/** Tensors with gradients on one WebAssembly memory per thread. The same calls give the same bits on every machine. */
export { bitRows, disposeBits, type BitRows } from "./bits.ts";
export type { DType } from "./engine.ts";
export { MemoryError, dispose, keep, memoryInUse, scope } from "./memory.ts";
export { l1Norm, l2Norm } from "./norms.ts";
export { add, addScalar, div, mul, neg, scale, sub } from "./ops/arithmetic.ts";
export { attentionPattern, attentionValues, packing, type Packing } from "./ops/attention.ts";
export { attendCached, attentionCache, cacheRows, type AttentionCache } from "./ops/attention-cache.ts";
export { bitMlp, bitProduct } from "./ops/bit-product.ts";
export { cos, exp, log, relu, sin, sqrt, square, tanh } from "./ops/functions.ts";
export { dropout, type MaskPlace } from "./ops/dropout.ts";
export { mergeHeads, splitHeads } from "./ops/heads.ts";
export { layerNorm } from "./ops/layer-norm.ts";
export { permute, reshape } from "./ops/layout.ts";
export { argmax, binaryCrossEntropy, correctCount, crossEntropy } from "./ops/loss.ts";
export { matmul, type MatmulOptions } from "./ops/matmul.ts";
export { max, mean, sum } from "./ops/reduce.ts";
export { gatherRows, gatherSum } from "./ops/rows.ts";
export { logSoftmax, softmax } from "./ops/softmax.ts";
export { ShapeError } from "./shape.ts";
export { tracked, valueAndGrad } from "./tape.ts";
export { adamw, clipGlobalNorm, powInt, sgd, type AdamWOptions, type SgdOptions } from "./update.ts";
export type { FloatArray, Indices, NamedArray, NamedArrays, Params, Tensor } from "./tensor.ts";
export {
  exportArrays,
  full,
  importArrays,
  indices,
  read,
  readIndices,
  scalarValue,
  tensor,
  view,
  zeros,
} from "./tensor.ts";
