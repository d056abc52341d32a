import { FormatError } from "../../tensor/formats/format-error.ts";

/** One matrix of a network through its training: what it was at each kept step. */
export interface Track {
  /** What it holds, e.g. `inputs.0`: see `Recording`. */
  readonly name: string;
  readonly rows: number;
  readonly cols: number;
  /** Ascending. */
  readonly steps: readonly number[];
  /** Row-major, one matrix after the other: `[steps, rows, cols]`. */
  readonly data: Float32Array;
}

export interface CodedTrack {
  /** Size of one level, for each step. */
  readonly scales: Float32Array;
  /** Levels, less what the matrix before predicts: `[steps, rows, cols]`. */
  readonly levels: Int16Array;
}

/**
 * Largest number of levels above zero: a matrix whose largest entry is M is kept with an error of at most M / (2 · 1023)
 * in each entry, 0.05 % of M.
 */
export const maxLevel = 1023;

/**
 * Each matrix in whole levels of its own scale, predicted from the matrix before it as the reader will have it, so that
 * errors do not add up. Reader and writer do the same exact float32 and float64 steps.
 * @param top levels above zero, at most `maxLevel`: an entry errs by at most half a level
 * @throws FormatError where an entry is not finite
 */
export function quantize({ name, rows, cols, steps, data }: Track, top = maxLevel): CodedTrack {
  const size = rows * cols;
  const scales = new Float32Array(steps.length);
  const levels = new Int16Array(data.length);
  const kept = new Float32Array(size);
  for (let frame = 0; frame < steps.length; frame++) {
    const values = data.subarray(frame * size, (frame + 1) * size);
    let largest = 0;
    for (const value of values) {
      if (!Number.isFinite(value)) throw new FormatError(`${name}: not a finite number at step ${steps[frame]}`);
      largest = Math.max(largest, Math.abs(value));
    }
    const scale = (scales[frame] = largest / top);
    for (let i = 0; i < size; i++) {
      const level = scale === 0 ? 0 : clamp(Math.round(values[i] / scale));
      levels[frame * size + i] = level - predicted(kept[i], scale);
      kept[i] = level * scale;
    }
  }
  return { scales, levels };
}

/** The matrices again, `[steps, rows, cols]`. */
export function dequantize({ scales, levels }: CodedTrack, size: number): Float32Array {
  const data = new Float32Array(levels.length);
  for (let frame = 0; frame < scales.length; frame++) {
    const scale = scales[frame];
    const start = frame * size;
    for (let i = 0; i < size; i++) {
      const before = frame === 0 ? 0 : data[start - size + i];
      data[start + i] = (levels[start + i] + predicted(before, scale)) * scale;
    }
  }
  return data;
}

const predicted = (before: number, scale: number): number => (scale === 0 ? 0 : clamp(Math.round(before / scale)));
const clamp = (level: number): number => Math.max(-maxLevel, Math.min(maxLevel, level));
