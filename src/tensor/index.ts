/** Tensors with gradients on one WebAssembly memory per thread. The same calls give the same bits on every machine. */
export type { DType } from "./engine.ts";
export { MemoryError, dispose, keep, memoryInUse, scope } from "./memory.ts";
export { ShapeError } from "./shape.ts";
export { valueAndGrad } from "./tape.ts";
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
