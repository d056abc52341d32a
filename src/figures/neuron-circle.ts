import type { Circuit } from "../analyses/circuit.ts";
import { stars, type StarOptions } from "./stars.ts";

export type NeuronCircleOptions = Omit<StarOptions, "circle" | "names">;

/**
 * The neurons of a network with one fixed circle, by their input and their output weights on it; the circle stands at the
 * largest norm. With edges in the order of the input phase, five neurons draw a pentagon and a star. As SVG text.
 */
export const neuronCircle = (circuit: Pick<Circuit, "groups">, options: NeuronCircleOptions = {}): string =>
  stars(circuit, { width: 420, edges: false, ...options, circle: "largest", names: "network" });
