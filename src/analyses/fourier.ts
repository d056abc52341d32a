import type { Matrix } from "./network.ts";
import { multiply, zeros } from "./matrix.ts";

/**
 * The real Fourier basis of the numbers 0 … p - 1, for any p.
 *
 * Rows, each of length 1 and orthogonal to the others: the constant 1/√p; for k = 1 … ⌈p/2⌉ - 1 the pair
 * √(2/p) cos(2πkn/p) in row 2k - 1 and √(2/p) sin(2πkn/p) in row 2k; and, for an even p, the alternating row
 * (-1)^n/√p, which is frequency p/2 and has no sine. (Pearce et al. 2023, whose basis stops at odd p.)
 */
export function fourierBasis(p: number): Matrix {
  const known = bases.get(p);
  if (known !== undefined) return known;
  const basis = zeros(p, p);
  basis.data.fill(1 / Math.sqrt(p), 0, p);
  for (let row = 1; row < p; row++) {
    const k = frequencyOfRow(row);
    const scale = Math.sqrt((2 * k === p ? 1 : 2) / p);
    for (let n = 0; n < p; n++) {
      // k·n is reduced in whole numbers, so that the angle keeps its digits.
      const angle = (2 * Math.PI * ((k * n) % p)) / p;
      basis.data[row * p + n] = scale * (row % 2 === 1 ? Math.cos(angle) : Math.sin(angle));
    }
  }
  if (bases.size >= 16) bases.clear();
  bases.set(p, basis);
  return basis;
}
const bases = new Map<number, Matrix>();

/** Frequency of a row of the basis: 0, 1, 1, 2, 2, … */
export const frequencyOfRow = (row: number): number => Math.floor((row + 1) / 2);

/** Highest frequency of p numbers: k and p - k are the same wave. */
export const highestFrequency = (p: number): number => Math.floor(p / 2);

/** Components of every column in the Fourier basis: F · columns, [p, n]. */
export const dft = (columns: Matrix): Matrix => multiply(fourierBasis(columns.rows), columns);

/** amplitude · cos(2πkn/p - phase) over n = 0 … p - 1. */
export interface Wave {
  /** Half of the distance from crest to trough. */
  readonly amplitude: number;
  /** Radians in (-π, π]: the crest stands at n = p · phase / 2πk. */
  readonly phase: number;
  /** Length of the wave as a vector of p numbers: what its two components in the orthonormal basis make. */
  readonly norm: number;
}

/** The part of one frequency in one column of a spectrum. */
export function waveOf(spectrum: Matrix, k: number, column: number): Wave {
  const { rows: p, cols, data } = spectrum;
  const cos = k === 0 ? data[column] : data[(2 * k - 1) * cols + column];
  const sin = k === 0 || 2 * k === p ? 0 : data[2 * k * cols + column];
  const norm = Math.hypot(cos, sin);
  return { amplitude: norm * Math.sqrt((k === 0 || 2 * k === p ? 1 : 2) / p), phase: Math.atan2(sin, cos), norm };
}

/** Power of each frequency 0 … ⌊p/2⌋ in each column: the sum of its squared components, [⌊p/2⌋ + 1, n]. */
export function powers(spectrum: Matrix): Matrix {
  const { rows: p, cols, data } = spectrum;
  const out = zeros(highestFrequency(p) + 1, cols);
  for (let row = 0; row < p; row++) {
    const to = frequencyOfRow(row) * cols;
    for (let j = 0; j < cols; j++) out.data[to + j] += data[row * cols + j] * data[row * cols + j];
  }
  return out;
}

/** Into (-π, π]. */
export function wrap(angle: number): number {
  const turned = angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
  return turned <= -Math.PI ? turned + 2 * Math.PI : turned;
}

/** Values of a wave at 0 … p - 1, written to `data` at `offset`, `offset + stride`, … */
export function writeWave(
  { amplitude, phase }: Pick<Wave, "amplitude" | "phase">,
  k: number,
  p: number,
  data: Float64Array,
  offset: number,
  stride: number,
): void {
  for (let n = 0; n < p; n++) {
    data[offset + n * stride] = amplitude * Math.cos((2 * Math.PI * ((k * n) % p)) / p - phase);
  }
}
