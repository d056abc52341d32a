import { type DType, type NamedArrays, type Params, type Tensor, mul, sum, tensor } from "../src/tensor/index.ts";
import { importArrays, read, scalarValue, scope, valueAndGrad, view } from "../src/tensor/index.ts";

/** Plain numbers between -1 and 1, the same for the same seed: test data that does not lean on the code under test. */
export function numbers(count: number, seed: number): Float64Array {
  let state = Math.imul(seed + 1, 0x9e3779b1);
  return Float64Array.from({ length: count }, () => {
    state = Math.imul(state ^ (state >>> 15), 0x85ebca6b) + 0x6d2b79f5;
    state ^= state >>> 13;
    return state / 2 ** 31;
  });
}

/** A named float64 array of such numbers. */
export function array(shape: readonly number[], seed: number, scale = 1, shift = 0): NamedArrays[string] {
  const size = shape.reduce((a, b) => a * b, 1);
  return { shape, data: numbers(size, seed).map((x) => x * scale + shift) };
}

/** A tensor of such numbers. */
export const filled = (shape: readonly number[], seed: number, dtype: DType): Tensor =>
  tensor(array(shape, seed).data, shape, dtype);

/** Any tensor to a scalar in which every entry counts differently. */
export function weigh(t: Tensor): Tensor {
  return sum(mul(t, tensor(numbers(t.size, 99), t.shape, t.dtype)));
}

/**
 * Compares the gradient of `f`, a scalar function of float64 parameters, with central differences, entry by entry.
 * Returns the largest difference relative to 1 + |gradient|; right gradients stay below 1e-7 for functions of moderate size.
 * @throws Error that names the entry when the difference exceeds `tolerance`.
 */
export function gradcheck(f: (params: Params) => Tensor, arrays: NamedArrays, tolerance = 1e-7): number {
  return scope(() => {
    const params = importArrays(arrays);
    const { grads } = valueAndGrad(f, params);
    let worst = 0;
    for (const [name, parameter] of Object.entries(params)) {
      const gradient = read(grads[name]);
      for (let i = 0; i < parameter.size; i++) {
        const x = view(parameter)[i];
        const step = 6e-6 * Math.max(1, Math.abs(x));
        const at = (value: number): number => {
          view(parameter)[i] = value;
          return scope(() => scalarValue(f(params)));
        };
        const slope = (at(x + step) - at(x - step)) / (2 * step);
        view(parameter)[i] = x;
        const difference = Math.abs(slope - gradient[i]) / (1 + Math.abs(slope));
        if (!(difference <= tolerance))
          throw new Error(`gradient by ${name}[${i}]: ${gradient[i]}, by central differences ${slope}`);
        worst = Math.max(worst, difference);
      }
    }
    return worst;
  });
}
