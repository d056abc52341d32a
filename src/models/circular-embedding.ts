import { cos, read, scope, sin, tensor } from "../tensor/index.ts";

/**
 * A fixed embedding of 0 … p - 1 on circles: columns cos(2πkn/p) and sin(2πkn/p) side by side for each frequency k,
 * `[p, 2 · frequencies]`. `circle-published` divides each column by its length, as the published notebook does (radius
 * √(2/p), not the unit circle that its article states); `circle-unit` keeps radius 1.
 */
export function circularEmbedding(
  p: number,
  frequencies: readonly number[],
  kind: "circle-published" | "circle-unit",
): Float64Array {
  const width = 2 * frequencies.length;
  const out = new Float64Array(p * width);
  frequencies.forEach((k, f) => {
    // k·n is reduced modulo p in whole numbers, so that the angle keeps all its digits.
    const angles = Float64Array.from({ length: p }, (_, n) => (2 * Math.PI * (((k % p) * n) % p)) / p);
    const columns = scope(() => {
      const angle = tensor(angles, [p], "float64"); // [p]
      return [[...read(cos(angle))], [...read(sin(angle))]]; // [p] each
    });
    columns.forEach((column, c) => {
      const length = kind === "circle-unit" ? 1 : Math.sqrt(column.reduce((sum, x) => sum + x * x, 0));
      column.forEach((x, n) => (out[n * width + 2 * f + c] = x / length));
    });
  });
  return out;
}
