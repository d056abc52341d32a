import { modulus, pairTask } from "./tables/pairs.ts";
import { defineTask } from "./task.ts";

/** a - b mod p. Order matters, so every example is its own orbit. (Power et al. 2022) */
export const modularSubtraction = defineTask({
  name: "modular-subtraction",
  summary: "The difference of two numbers modulo p.",
  fields: { p: modulus },
  examples: "table",
  inputs: "tokens",
  build: ({ p }) => pairTask("modular-subtraction", { p }, (a, b) => (a - b + p) % p, false),
});
