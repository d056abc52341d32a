// Every kernel, in float32 and float64 from one generic source: `name_f32` and `name_f64`.
export { heapBase } from "./memory";
export {
  add_f32,
  add_f64,
  addRows_f32,
  addRows_f64,
  sub_f32,
  sub_f64,
  subRows_f32,
  subRows_f64,
  mul_f32,
  mul_f64,
  mulRows_f32,
  mulRows_f64,
  div_f32,
  div_f64,
  divRows_f32,
  divRows_f64,
  reluGradient_f32,
  reluGradient_f64,
  tanhGradient_f32,
  tanhGradient_f64,
  neg_f32,
  neg_f64,
  sqrt_f32,
  sqrt_f64,
  relu_f32,
  relu_f64,
  square_f32,
  square_f64,
  exp_f32,
  exp_f64,
  scale_f32,
  scale_f64,
  addScalar_f32,
  addScalar_f64,
} from "./elementwise";
export { log_f32, log_f64, sin_f32, sin_f64, cos_f32, cos_f64 } from "./functions";
export { log1p_f32, log1p_f64 } from "./log1p";
export { tanh_f32, tanh_f64 } from "./tanh";
export { gather_f32, gather_f64, gatherAdd_f32, gatherAdd_f64, scatterAdd_f32, scatterAdd_f64 } from "./rows";
export { permute_f32, permute_f64 } from "./layout";
export {
  sumAxis_f32,
  sumAxis_f64,
  spreadAxis_f32,
  spreadAxis_f64,
  sumAbsolute_f32,
  sumAbsolute_f64,
  sumSquares_f32,
  sumSquares_f64,
} from "./reduce";
export {
  maxAxis_f32,
  maxAxis_f64,
  maxAxisGradient_f32,
  maxAxisGradient_f64,
  argmax_f32,
  argmax_f64,
  correct_f32,
  correct_f64,
  correctSign_f32,
  correctSign_f64,
} from "./extremes";
export {
  crossEntropy_f32,
  crossEntropy_f64,
  softmax_f32,
  softmax_f64,
  logSoftmax_f32,
  logSoftmax_f64,
  softmaxGradient_f32,
  softmaxGradient_f64,
  logSoftmaxGradient_f32,
  logSoftmaxGradient_f64,
} from "./softmax";
export { binaryCrossEntropy_f32, binaryCrossEntropy_f64 } from "./logistic";
export { matmulScratch, matmul_f32, matmul_f64 } from "./matmul";
export { skipZerosScratch_f32, skipZerosScratch_f64, skipZeros_f32, skipZeros_f64 } from "./skip-zeros";
export { adamw_f32, adamw_f64, sgd_f32, sgd_f64 } from "./update";
export { bitProduct_f32, bitProduct_f64, bitProductGradient_f32, bitProductGradient_f64 } from "./bits";
export { bitMlp_f32, bitMlp_f64, bitMlpGradient_f32, bitMlpGradient_f64 } from "./bit-mlp";
export { layerNorm_f32, layerNorm_f64, layerNormGradient_f32, layerNormGradient_f64 } from "./layer-norm";
export { dropout_f32, dropout_f64, dropoutMasked_f32, dropoutMasked_f64 } from "./dropout";
export {
  attentionPattern_f32,
  attentionPattern_f64,
  attentionOuter_f32,
  attentionOuter_f64,
  attentionSum_f32,
  attentionSum_f64,
  attentionSoftmaxGradient_f32,
  attentionSoftmaxGradient_f64,
} from "./attention";
export { cacheRows_f32, cacheRows_f64, attendCached_f32, attendCached_f64 } from "./attention-cache";
