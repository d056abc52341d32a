import { describe, expect, it } from "vitest";
import { random } from "../rng.ts";
import { initializer } from "./initializer.ts";

const variance = (numbers: ArrayLike<number>): number => {
  const all = Array.from(numbers);
  return all.reduce((sum, x) => sum + x * x, 0) / all.length;
};
const largest = (numbers: ArrayLike<number>): number =>
  Array.from(numbers).reduce((a, x) => Math.max(a, Math.abs(x)), 0);

describe.each(["named", "haiku"] as const)("initial weights, %s", (kind) => {
  const [rows, columns] = [50, 2000];
  const draw = (scale: number) => initializer(kind, random(3), scale);

  it("gives embeddings a variance of 2 / fan-in", () => {
    const weights = draw(1).embedding("embed.W_E", rows, columns);
    expect(weights).toHaveLength(rows * columns);
    expect(variance(weights) / (2 / rows)).toBeCloseTo(1, 1);
    expect(largest(weights)).toBeLessThanOrEqual((2 * Math.sqrt(2 / rows)) / 0.87962566 + 1e-6);
  });

  it("cuts linear layers at two of 1 / √fan-in, without correcting the variance", () => {
    const weights = draw(1).linear("mlp.W_in", rows, columns);
    expect(largest(weights)).toBeLessThanOrEqual(2 / Math.sqrt(rows));
    expect(largest(weights)).toBeGreaterThan(1.99 / Math.sqrt(rows));
    expect(variance(weights) * rows).toBeCloseTo(0.87962566 ** 2, 1);
  });

  it("multiplies every weight by the scale", () => {
    const once = draw(1).linear("mlp.W_in", rows, 10);
    expect(Array.from(draw(2).linear("mlp.W_in", rows, 10))).toEqual(Array.from(once, (x) => 2 * x));
  });
});
