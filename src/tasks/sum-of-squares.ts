import { modulus, pairs, pairTask } from "./tables/pairs.ts";
import { defineTask } from "./task.ts";

/** x² + y² mod p. (Power et al. 2022) */
export const sumOfSquares = defineTask({
  name: "sum-of-squares",
  summary: "The sum of the squares of two numbers modulo p.",
  fields: { p: modulus, pairs },
  examples: "table",
  inputs: "tokens",
  build: (options) => pairTask("sum-of-squares", options, (x, y) => (x * x + y * y) % options.p, true),
});
