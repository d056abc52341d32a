import { modulus, pairs, pairTask } from "./tables/pairs.ts";
import { defineTask } from "./task.ts";

/** a b mod p, zeros included. */
export const modularMultiplication = defineTask({
  name: "modular-multiplication",
  summary: "The product of two numbers modulo p.",
  fields: { p: modulus, pairs },
  examples: "table",
  inputs: "tokens",
  build: (options) => pairTask("modular-multiplication", options, (a, b) => (a * b) % options.p, true),
});
