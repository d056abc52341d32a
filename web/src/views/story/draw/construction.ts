import { constructedRows, type ConstructedRows } from "../../../../../src/analyses/constructed.ts";
import { circleSum } from "../../../../../src/figures/circle-sum.ts";
import { constructionError } from "../../../../../src/figures/construction-error.ts";
import { reluWrap } from "../../../../../src/figures/relu-wrap.ts";
import { adaptive } from "../../../../../src/figures/svg/index.ts";
import { halfOf } from "../data/construction.ts";

/** Angle of the first neuron, as on the published page: no number lies exactly along a neuron. */
const rotation = 0.15;
const known = new Map<string, ConstructedRows>();

/** What the machine of N neurons answers on a clock of M numbers, over all pairs. */
export function construction(modulus: number, neurons: number, activation: "relu" | "square"): ConstructedRows {
  const key = `${modulus} ${neurons} ${activation}`;
  const before = known.get(key);
  if (before) return before;
  if (known.size > 40) known.clear();
  const made = constructedRows({ modulus, neurons, activation, rotation });
  known.set(key, made);
  return made;
}

export const circles = (a: number, b: number, modulus: number, width: number): string =>
  circleSum({ modulus, a, b }, { width: Math.min(width, 640), theme: adaptive });

export const projections = (a: number, b: number, modulus: number, neurons: number, width: number): string =>
  reluWrap({ modulus, neurons, activation: "relu", rotation, a, b }, { width: Math.min(width, 640), theme: adaptive });

export const errors = (a: number, b: number, modulus: number, neurons: number, width: number): string =>
  constructionError(construction(modulus, neurons, "relu"), {
    width: Math.min(width, 640),
    theme: adaptive,
    selected: halfOf(a + b, modulus),
  });
