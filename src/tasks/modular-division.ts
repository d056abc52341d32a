import { UsageError } from "../options.ts";
import { modulus, pairTask } from "./tables/pairs.ts";
import { defineTask } from "./task.ts";

/** a / b mod p: the c with c b = a, for a prime p and every b but 0. (Power et al. 2022) */
export const modularDivision = defineTask({
  name: "modular-division",
  summary: "The quotient of two numbers modulo a prime p; the second is never 0.",
  fields: { p: modulus },
  examples: "table",
  inputs: "tokens",
  build: ({ p }) => {
    if (!isPrime(p)) throw new UsageError(`task.p: ${p} is not prime, so not every b has an inverse; give ${near(p)}`);
    const residues = Array.from({ length: p }, (_, i) => i);
    const inverses = residues.map((b) => residues.find((c) => (b * c) % p === 1) ?? 0);
    return pairTask(
      "modular-division",
      { p },
      (a, b) => (a * inverses[b]) % p,
      false,
      (_, b) => b !== 0,
    );
  },
});

function isPrime(n: number): boolean {
  for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
  return n >= 2;
}

/** The primes on either side of a composite number, in words, as far as the field allows them. */
function near(n: number): string {
  let below = n;
  while (!isPrime(below)) below--;
  let above = n;
  while (!isPrime(above)) above++;
  return above > (modulus.max ?? Infinity) ? `a prime such as ${below}` : `a prime such as ${below} or ${above}`;
}
