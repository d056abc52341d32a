import { random } from "../../rng.ts";
import type { Matrix, Network } from "../network.ts";

/** Numbers of mean 0 and deviation 1, the same for the same seed. */
function normals(count: number, seed: number): Float64Array {
  const stream = random(seed).stream("planted");
  return Float64Array.from({ length: count }, () => stream.normal());
}

/** The network with noise of this deviation added to every weight. */
export function noise(network: Network, deviation: number, seed: number): Network {
  const shaken = (matrix: Matrix, own: number): Matrix => {
    const added = normals(matrix.data.length, 10 * seed + own);
    return { ...matrix, data: matrix.data.map((x, i) => x + deviation * added[i]) };
  };
  const [first, second] = network.inputs;
  const a = shaken(first, 0);
  return { ...network, inputs: [a, second === first ? a : shaken(second, 1)], output: shaken(network.output, 2) };
}
