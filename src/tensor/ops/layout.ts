import { ShapeError, type Tensor, alias, contribute, empty, kernel, record, show, sizeOf, tracked } from "../op.ts";

/** The same numbers in another shape. Shares memory with `a`. @throws ShapeError when the sizes differ. */
export function reshape(a: Tensor, shape: readonly number[]): Tensor {
  if (sizeOf(shape) !== a.size)
    throw new ShapeError(`reshape: ${show(a.shape)} to ${show(shape)}, ${a.size} and ${sizeOf(shape)} numbers`);
  const out = alias(a, shape.slice());
  return tracked(a) ? record(out, (g) => contribute(a, alias(g, a.shape))) : out;
}

/** Axes in another order: axis i of the result is axis `axes[i]` of `a`. `permute(a, [1, 0])` transposes a matrix. */
export function permute(a: Tensor, axes: readonly number[]): Tensor {
  const rank = a.shape.length;
  const inverse = new Array<number>(rank).fill(-1);
  axes.forEach((axis, i) => (inverse[axis] = i));
  if (axes.length !== rank || inverse.length !== rank || inverse.includes(-1))
    throw new ShapeError(`permute: ${show(a.shape)} by ${show(axes)}, give each of its ${rank} axes once`);
  const strides = new Array<number>(rank); // of a, in numbers
  for (let i = rank - 1, stride = 1; i >= 0; stride *= a.shape[i], i--) strides[i] = stride;
  const out = empty(
    axes.map((axis) => a.shape[axis]),
    a.dtype,
  );
  copy(
    a,
    out,
    axes.map((axis) => strides[axis]),
  );
  return tracked(a) ? record(out, (g) => contribute(a, permute(g, inverse))) : out;
}

/** Fill `out` from `a`, whose numbers lie `strides` apart along out's axes. The kernel does four axes, loops the rest. */
function copy(a: Tensor, out: Tensor, strides: readonly number[]): void {
  const run = kernel("permute", a.dtype);
  const width = a.dtype === "float32" ? 4 : 8;
  const leading = Math.max(0, out.shape.length - 4);
  const d = [1, 1, 1, 1, ...out.shape].slice(-4);
  const s = [0, 0, 0, 0, ...strides].slice(-4);
  const block = d[0] * d[1] * d[2] * d[3] * width;
  let to = out.ptr;
  const visit = (axis: number, from: number): void => {
    if (axis === leading) {
      run(from, to, d[0], d[1], d[2], d[3], s[0], s[1], s[2], s[3]);
      to += block;
    } else for (let i = 0; i < out.shape[axis]; i++) visit(axis + 1, from + i * strides[axis] * width);
  };
  visit(0, a.ptr);
}
