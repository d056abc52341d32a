import { type DType, buffer, floats32, floats64, ints } from "./engine.ts";
import { Handle } from "./memory.ts";
import { ShapeError, show } from "./shape.ts";
import type { Tape } from "./tape.ts";

export type FloatArray = Float32Array | Float64Array;

/** Numbers in row-major order. Made by the functions below and by ops; never changed by an op. */
export class Tensor extends Handle {
  readonly shape: readonly number[];
  readonly size: number;
  readonly dtype: DType;
  /** The tape that follows this tensor, while `valueAndGrad` runs. */
  tape: Tape | null = null;
  /** Gradient of the loss by this tensor, while the tape is walked back. */
  gradient: Tensor | null = null;

  constructor(shape: readonly number[], size: number, dtype: DType, memory?: Tensor) {
    super(memory ?? size * (dtype === "float32" ? 4 : 8));
    this.shape = shape;
    this.size = size;
    this.dtype = dtype;
  }
}

/** Named tree of tensors, flat: `embed.W_E`, `blocks.0.attn.W_Q`. */
export type Params = Readonly<Record<string, Tensor>>;

/** A tensor's copy outside the engine. Its type of array is its precision. */
export interface NamedArray {
  readonly shape: readonly number[];
  readonly data: FloatArray;
}
export type NamedArrays = Readonly<Record<string, NamedArray>>;

/** Row numbers or labels: int32 in the engine's memory, with their range, which ops check once instead of each time. */
export class Indices extends Handle {
  readonly length: number;
  /** Smallest and largest index; 0 and -1 when there is none. */
  readonly min: number;
  readonly max: number;

  constructor(values: Int32Array | readonly number[]) {
    super(values.length * 4);
    let min = values.length === 0 ? 0 : values[0];
    let max = values.length === 0 ? -1 : values[0];
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (value !== (value | 0)) throw new ShapeError(`indices: ${value} at position ${i} is not a 32-bit integer`);
      if (value < min) min = value;
      if (value > max) max = value;
    }
    this.length = values.length;
    this.min = min;
    this.max = max;
    ints.set(values, this.ptr / 4);
  }
}

/** How many numbers a shape holds: the product of its sizes. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const length of shape) size *= length;
  return size;
}

/** A tensor whose numbers are not set yet. For ops, which write all of them. */
export function empty(shape: readonly number[], dtype: DType): Tensor {
  return new Tensor(shape, sizeOf(shape), dtype);
}

/** An unset tensor like `a`. */
export function emptyLike(a: Tensor): Tensor {
  return new Tensor(a.shape, a.size, a.dtype);
}

/** Another handle on the same numbers, under its own shape. */
export function alias(a: Tensor, shape: readonly number[] = a.shape): Tensor {
  return new Tensor(shape, a.size, a.dtype, a);
}

/** A tensor of `data`, row-major. @throws ShapeError unless `data` has as many numbers as `shape`. */
export function tensor(data: ArrayLike<number>, shape: readonly number[], dtype: DType): Tensor {
  checkShape("tensor", shape);
  if (data.length !== sizeOf(shape))
    throw new ShapeError(`tensor: ${data.length} numbers for the shape ${show(shape)}, which holds ${sizeOf(shape)}`);
  const out = empty(shape.slice(), dtype);
  view(out).set(data);
  return out;
}

export function zeros(shape: readonly number[], dtype: DType): Tensor {
  return full(shape, 0, dtype);
}

export function full(shape: readonly number[], value: number, dtype: DType): Tensor {
  checkShape("full", shape);
  const out = empty(shape.slice(), dtype);
  view(out).fill(value);
  return out;
}

function checkShape(op: string, shape: readonly number[]): void {
  for (const size of shape)
    if (!Number.isSafeInteger(size) || size < 0)
      throw new ShapeError(`${op}: ${show(shape)} is not a shape, sizes are whole numbers of at least 0`);
}

/** The only number of a tensor. @throws ShapeError when there are more. */
export function scalarValue(t: Tensor): number {
  if (t.size !== 1) throw new ShapeError(`scalarValue: ${show(t.shape)} holds ${t.size} numbers, not one`);
  return t.dtype === "float32" ? floats32[t.ptr / 4] : floats64[t.ptr / 8];
}

/** A copy of the numbers. */
export function read(t: Tensor): FloatArray {
  return view(t).slice();
}

/** A window on the numbers themselves. Gone after the next allocation, which may move the memory. */
export function view(t: Tensor): FloatArray {
  return t.dtype === "float32" ? new Float32Array(buffer(), t.ptr, t.size) : new Float64Array(buffer(), t.ptr, t.size);
}

export function indices(values: Int32Array | readonly number[]): Indices {
  return new Indices(values);
}

/** A copy of the indices. */
export function readIndices(i: Indices): Int32Array {
  return new Int32Array(buffer(), i.ptr, i.length).slice();
}

/** Copies of all tensors, for a checkpoint. */
export function exportArrays(params: Params): NamedArrays {
  const arrays: Record<string, NamedArray> = {};
  for (const [name, t] of Object.entries(params)) arrays[name] = { shape: t.shape, data: read(t) };
  return arrays;
}

/** Tensors of all arrays, bit for bit: the inverse of `exportArrays`. */
export function importArrays(arrays: NamedArrays): Params {
  const params: Record<string, Tensor> = {};
  for (const [name, { shape, data }] of Object.entries(arrays))
    params[name] = tensor(data, shape, data instanceof Float32Array ? "float32" : "float64");
  return params;
}
