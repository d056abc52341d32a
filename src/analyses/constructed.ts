import { choice, float, int } from "../options.ts";
import { defineAnalysis } from "./analysis.ts";
import { writeWave } from "./fourier.ts";
import { zeros } from "./matrix.ts";
import type { Network } from "./network.ts";

export const constructionFields = {
  neurons: int(5, "directions, evenly spaced", { min: 1, max: 1000 }),
  modulus: int(67, "numbers on the circle", { min: 2, max: 1024 }),
  activation: choice(["relu", "square"], "relu", "what a neuron does with its input"),
  rotation: float(0.15, "angle of the first direction, in radians"),
};
export interface Construction {
  readonly neurons: number;
  readonly modulus: number;
  readonly activation: Network["activation"];
  readonly rotation: number;
}

/** What a network made of evenly spaced directions answers. Errors are in tokens: 1 is the distance to the next number. */
export interface ConstructedRows extends Construction {
  /** Share of all modulus² pairs whose nearest answer is the right one. */
  readonly accuracy: number;
  /** Pairs (i, i): the output angle in tokens, between 0 and the modulus, the target 2i mod modulus, and their distance. */
  readonly diagonal: readonly {
    readonly i: number;
    readonly output: number;
    readonly target: number;
    /** output - target, wrapped to ±modulus / 2. */
    readonly error: number;
  }[];
  /** Largest |error| over the pairs (i, i). */
  readonly maxError: number;
  /**
   * Pairs whose midpoint is the center (a - b is half of an even modulus): every neuron is 0, no answer exists, and the
   * pair counts as wrong.
   */
  readonly undecidable: number;
}

/**
 * Adding on a circle without training: direction j stands at φ_j = 2πj/N + rotation, neuron j is
 * act(cos(θ_a - φ_j) + cos(θ_b - φ_j)) with θ = 2π/M times the number, and pulls the output towards the angle 2φ_j.
 * The sum of the pulls points to θ_a + θ_b: exactly for squares with N = 3 or N >= 5, nearly for ReLU.
 *
 * (Pearce et al. 2023, appendix. Its condition N > 4 is sufficient, not necessary: squares are exact for N = 3 too. Its
 * proof divides by cos²((a - b)π/M), which is 0 for even M and a - b = M/2: these pairs have no answer.)
 *
 * The table of accuracies and errors that it must give is in its test.
 */
export const constructed = defineAnalysis({
  name: "constructed",
  summary: "What a network made by hand of evenly spaced directions gets right.",
  source: "Pearce et al. 2023, appendix: the circle construction and its proof for squares",
  needs: "nothing",
  fields: constructionFields,
  run: (_, options): ConstructedRows => constructedRows(options),
});

export function constructedRows(options: Construction): ConstructedRows {
  const { neurons, modulus, activation, rotation } = options;
  const project = outputVector(options);
  let right = 0;
  let undecidable = 0;
  for (let a = 0; a < modulus; a++) {
    for (let b = 0; b < modulus; b++) {
      if (2 * Math.abs(a - b) === modulus) {
        undecidable++; // what rounding leaves of 0 would point anywhere
        continue;
      }
      const [x, y] = project(a, b);
      if (nearest(tokensOf(x, y, modulus), modulus) === (a + b) % modulus) right++;
    }
  }
  const diagonal = Array.from({ length: modulus }, (_, i) => {
    const [x, y] = project(i, i);
    const output = tokensOf(x, y, modulus);
    const target = (2 * i) % modulus;
    const error = output - target - modulus * Math.round((output - target) / modulus);
    return { i, output, target, error };
  });
  return {
    neurons,
    modulus,
    activation,
    rotation,
    accuracy: right / (modulus * modulus),
    diagonal,
    maxError: diagonal.reduce((worst, { error }) => Math.max(worst, Math.abs(error)), 0),
    undecidable,
  };
}

/** Direction of an output vector in tokens, in [0, modulus). */
function tokensOf(x: number, y: number, modulus: number): number {
  const turn = Math.atan2(y, x) / (2 * Math.PI);
  return modulus * (turn < 0 ? turn + 1 : turn);
}

const nearest = (tokens: number, modulus: number): number => Math.round(tokens) % modulus;

/** The sum of the neurons' pulls for a pair. */
export function outputVector({ neurons, modulus, activation, rotation }: Construction) {
  const angles = Array.from({ length: neurons }, (_, j) => (2 * Math.PI * j) / neurons + rotation);
  const reach = angles.map((angle) => Float64Array.from({ length: modulus }, (_, n) => Math.cos((2 * Math.PI * n) / modulus - angle))); // prettier-ignore
  const pull = angles.map((angle) => [Math.cos(2 * angle), Math.sin(2 * angle)] as const);
  return (a: number, b: number): readonly [number, number] => {
    let [x, y] = [0, 0];
    for (let j = 0; j < neurons; j++) {
      const pre = reach[j][a] + reach[j][b];
      const post = activation === "square" ? pre * pre : Math.max(0, pre);
      x += post * pull[j][0];
      y += post * pull[j][1];
    }
    return [x, y];
  };
}

/** One frequency of a network made by hand: its directions, evenly spaced from `rotation`. */
export interface PlantedGroup {
  readonly frequency: number;
  readonly neurons: number;
  readonly rotation: number;
  readonly amplitude?: number;
}

/** The construction as a network, several frequencies side by side. It has no examples. */
export function constructedNetwork(
  p: number,
  groups: readonly PlantedGroup[],
  activation: Network["activation"],
): Network {
  const directions = groups.flatMap(({ frequency, neurons, rotation, amplitude = 1 }) =>
    Array.from({ length: neurons }, (_, j) => ({
      frequency,
      amplitude,
      phase: (2 * Math.PI * j) / neurons + rotation,
    })),
  );
  const n = directions.length;
  const input = zeros(p, n);
  const output = zeros(n, p);
  directions.forEach(({ frequency, phase, amplitude }, j) => {
    writeWave({ amplitude, phase }, frequency, p, input.data, j, n);
    writeWave({ amplitude, phase: 2 * phase }, frequency, p, output.data, j * p, 1);
  });
  const none = new Int32Array(0);
  return {
    p,
    inputs: [input, input],
    output,
    activation,
    examples: { a: none, b: none, label: none, train: new Uint8Array(0) },
  };
}
