import { modulus, pairs, pairTask } from "./tables/pairs.ts";
import { defineTask } from "./task.ts";

/** x² + xy + y² mod p. (Power et al. 2022) */
export const quadraticForm = defineTask({
  name: "quadratic-form",
  summary: "The form x² + xy + y² of two numbers modulo p.",
  fields: { p: modulus, pairs },
  examples: "table",
  inputs: "tokens",
  build: (options) => pairTask("quadratic-form", options, (x, y) => (x * x + x * y + y * y) % options.p, true),
});
