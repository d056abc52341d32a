import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resolve, type Value } from "../options.ts";
import { random } from "../rng.ts";
import { findTask } from "./index.ts";
import type { Task } from "./task.ts";

function build(name: string, options: Record<string, Value>): Task {
  const definition = findTask(name);
  return definition.build(resolve(definition.fields, options, "task"), random(0));
}

/** Examples as [a, b, answer]. */
function rows(task: Task): number[][] {
  if (task.inputs.kind !== "tokens") throw new Error("tokens expected");
  const { tokens } = task.inputs;
  return Array.from(task.labels, (label, i) => [tokens[2 * i], tokens[2 * i + 1], label]);
}

const moduli = fc.integer({ min: 2, max: 40 });
const mod = (x: bigint, p: number) => Number(((x % BigInt(p)) + BigInt(p)) % BigInt(p));
const rules: Record<string, (a: bigint, b: bigint) => bigint> = {
  "modular-addition": (a, b) => a + b,
  "modular-subtraction": (a, b) => a - b,
  "modular-multiplication": (a, b) => a * b,
  "sum-of-squares": (a, b) => a ** 2n + b ** 2n,
  "quadratic-form": (a, b) => a ** 2n + a * b + b ** 2n,
};

describe.each(Object.entries(rules))("%s", (name, rule) => {
  it("lists every ordered pair once, a outer, b inner, with the answer of exact arithmetic", () => {
    fc.assert(
      fc.property(moduli, (p) => {
        const expected = Array.from({ length: p * p }, (_, i) => [Math.floor(i / p), i % p]);
        expect(rows(build(name, { p }))).toEqual(expected.map(([a, b]) => [a, b, mod(rule(BigInt(a), BigInt(b)), p)]));
      }),
      { numRuns: 20 },
    );
  });
});

const symmetric = ["modular-addition", "modular-multiplication", "sum-of-squares", "quadratic-form"];

it.each(symmetric)(
  "%s: unordered pairs are the ordered ones with a <= b, in the same order, without orbits",
  (name) => {
    fc.assert(
      fc.property(moduli, (p) => {
        const unordered = build(name, { p, pairs: "unordered" });
        expect(rows(unordered)).toEqual(rows(build(name, { p })).filter(([a, b]) => a <= b));
        expect(unordered.orbits).toBeUndefined();
      }),
      { numRuns: 20 },
    );
  },
);

it.each(symmetric)("%s: an orbit of ordered pairs is exactly a pair and its mirror", (name) => {
  fc.assert(
    fc.property(moduli, (p) => {
      const { orbits } = build(name, { p });
      expect(new Set(orbits).size).toBe((p * (p + 1)) / 2);
      for (let i = 0; i < p * p; i++) expect(orbits?.[i]).toBe(orbits?.[(i % p) * p + Math.floor(i / p)]);
    }),
    { numRuns: 20 },
  );
});

it("the published tables have 2278 unordered pairs of 67 and 12769 ordered pairs of 113", () => {
  expect(build("modular-addition", { p: 67, pairs: "unordered" }).n).toBe(2278);
  expect(build("modular-addition", { p: 113 }).n).toBe(12769);
});

it("chance is 1/p where answers are equally frequent, and more where they are not", () => {
  expect(build("modular-addition", { p: 67, pairs: "unordered" }).chance).toBe(1 / 67);
  expect(build("modular-subtraction", { p: 10 }).chance).toBe(1 / 10);
  // 0·b and a·0: 2·5 - 1 of 25 products modulo 5 are 0.
  expect(build("modular-multiplication", { p: 5 }).chance).toBe(9 / 25);
});

describe("modular-division", () => {
  it("gives the c with c b = a, for every b but 0", () => {
    for (const p of [2, 3, 7, 97]) {
      const table = rows(build("modular-division", { p }));
      expect(table.length).toBe(p * (p - 1));
      for (const [a, b, c] of table) expect([b > 0, (c * b) % p]).toEqual([true, a]);
    }
  });
  it("refuses a modulus that is not prime", () => {
    expect(() => build("modular-division", { p: 12 })).toThrow(
      "task.p: 12 is not prime, so not every b has an inverse; give a prime such as 11 or 13",
    );
    expect(() => build("modular-division", { p: 1024 })).toThrow("give a prime such as 1021");
  });
});

it("refuses a modulus outside 2 to 1024", () => {
  for (const p of [1, 1025, 2.5])
    expect(() => build("modular-addition", { p })).toThrow(
      `task.p: ${p} is not allowed; give a whole number from 2 to 1024`,
    );
});
