import type { Chart } from "../analyses/charts.ts";
import type { Matrix } from "../analyses/network.ts";
import type { NumberCircleRows } from "./number-circle.ts";

/**
 * Where the numbers stand in the plane of one frequency k of their embedding E, [p, d]: the plane spanned by the
 * directions u = Σ_n cos(2πkn/p) E_n and v = Σ_n sin(2πkn/p) E_n, v taken square to u. Numbers that are a clean wave of
 * this frequency stand on a circle, k turns of it.
 * @param chart the coordinates in which the task is an addition; numbers without any are left out
 */
export function embeddingPlane(
  { rows, cols, data }: Matrix,
  frequency: number,
  { a: coordinates, order }: Pick<Chart, "a" | "order">,
): NumberCircleRows {
  const known = Array.from({ length: rows }, (_, n) => n).filter((n) => coordinates[n] >= 0);
  const along = (wave: (angle: number) => number): Float64Array => {
    const direction = new Float64Array(cols);
    for (const n of known) {
      const weight = wave((2 * Math.PI * ((frequency * coordinates[n]) % order)) / order);
      for (let d = 0; d < cols; d++) direction[d] += weight * data[n * cols + d];
    }
    return direction;
  };
  const u = unit(along(Math.cos));
  const v = along(Math.sin);
  const overlap = dot(u, v);
  const square = unit(v.map((value, d) => value - overlap * u[d]));
  const points = known.map((n) => {
    const row = data.subarray(n * cols, (n + 1) * cols);
    return { n, x: dot(row, u), y: dot(row, square) };
  });
  return { points, frequency };
}

const dot = (x: Float64Array, y: Float64Array): number => x.reduce((sum, value, i) => sum + value * y[i], 0);

function unit(x: Float64Array): Float64Array {
  const length = Math.sqrt(dot(x, x));
  return length > 0 ? x.map((value) => value / length) : x;
}
