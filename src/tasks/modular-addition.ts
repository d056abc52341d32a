import { modulus, pairs, pairTask } from "./tables/pairs.ts";
import { defineTask } from "./task.ts";

/** a + b mod p. (Power et al. 2022; with unordered pairs as in "Do machine learning models memorize or generalize?", 2023) */
export const modularAddition = defineTask({
  name: "modular-addition",
  summary: "The sum of two numbers modulo p.",
  fields: { p: modulus, pairs },
  examples: "table",
  inputs: "tokens",
  build: (options) => pairTask("modular-addition", options, (a, b) => (a + b) % options.p, true),
});
