import { cos, exp, read, scale, scope, sin, tensor, type DType, type Tensor } from "../tensor/index.ts";

/**
 * Sinusoids of positions (Vaswani et al. 2017): entry 2 i of row t is sin(t f_i), entry 2 i + 1 is cos(t f_i), with f_i =
 * 10000^(-2 i / d). Computed in float64 with the engine's functions and rounded once.
 */
export function sinusoids(rows: number, d: number, dtype: DType): Tensor {
  return tensor(table(rows, d).subarray(0, rows * d), [rows, d], dtype); // [rows, d]
}

/** One table for each width, as long as was ever asked for: a step should not compute it again. */
const tables = new Map<number, Float64Array>();
const LN_10000 = 9.210340371976184;

function table(rows: number, d: number): Float64Array {
  const known = tables.get(d);
  if (known && known.length >= rows * d) return known;
  let length = 64;
  while (length < rows) length *= 2;
  const half = Math.ceil(d / 2);
  const out = new Float64Array(length * d);
  scope(() => {
    const exponents = Float64Array.from({ length: half }, (_, i) => (-2 * i) / d);
    const frequencies = read(exp(scale(tensor(exponents, [half], "float64"), LN_10000)));
    const angles = Float64Array.from(
      { length: length * half },
      (_, at) => Math.floor(at / half) * frequencies[at % half],
    );
    const angle = tensor(angles, [length * half], "float64");
    const [sines, cosines] = [read(sin(angle)), read(cos(angle))];
    for (let t = 0; t < length; t++)
      for (let j = 0; j < d; j++) out[t * d + j] = (j % 2 === 0 ? sines : cosines)[t * half + (j >> 1)];
  });
  tables.set(d, out);
  return out;
}
