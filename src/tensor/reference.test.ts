import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  type DType,
  type Params,
  type Tensor,
  add,
  addScalar,
  binaryCrossEntropy,
  cos,
  crossEntropy,
} from "./index.ts";
import {
  div,
  exp,
  gatherRows,
  gatherSum,
  indices,
  log,
  logSoftmax,
  max,
  mean,
  mul,
  neg,
  permute,
  read,
} from "./index.ts";
import {
  relu,
  scale,
  scalarValue,
  scope,
  sin,
  softmax,
  sqrt,
  square,
  sub,
  sum,
  tanh,
  tensor,
  valueAndGrad,
} from "./index.ts";

interface Reference {
  readonly tokens: readonly number[];
  readonly labels: readonly number[];
  readonly bits: readonly number[];
  readonly params: Readonly<Record<string, { shape: number[]; data: number[] }>>;
  readonly parts: Readonly<Record<string, number>>;
  readonly loss: number;
  readonly grads: Readonly<Record<string, number[]>>;
}
/** From PyTorch, by scripts/reference/composed.py, which is written line for line like `parts`. */
const reference = JSON.parse(
  readFileSync(new URL("../../test/reference/composed.json", import.meta.url), "utf8"),
) as Reference;

function parts({ A, B, w, b, u }: Params): Record<string, Tensor> {
  const { tokens, labels, bits } = reference;
  const [n, v] = [labels.length, A.shape[0]];
  const x = gatherSum([A, B, A], indices(tokens), n); // [n, d]
  const y = tanh(add(mul(x, w), b)); // [n, d]
  const curved = add(mul(y, softmax(x)), div(sin(x), sqrt(addScalar(square(b), 1)))); // [n, d]
  const z = sub(scale(curved, 3), cos(w)); // [n, d]
  const picked = indices(labels.map((label) => label % v));
  const rows = add(
    exp(scale(sum(gatherRows(A, picked), 1), 0.1)),
    log(addScalar(mean(square(gatherRows(B, picked)), 1), 1)),
  ); // [n]
  return {
    crossEntropy: crossEntropy(z, indices(labels)),
    spread: mean(logSoftmax(permute(z, [1, 0]))),
    peak: add(sum(relu(addScalar(max(x, 0), -0.25))), mean(max(x, 1))),
    binary: binaryCrossEntropy(mul(u, rows), indices(bits)),
    clipped: binaryCrossEntropy(scale(u, 9), indices(bits), { clip: 1e-2 }),
  };
}

function loss(params: Params): Tensor {
  const p = parts(params);
  const rest = add(scale(p["peak"], 0.01), add(p["binary"], scale(p["clipped"], 0.5)));
  return add(sub(p["crossEntropy"], scale(p["spread"], 0.1)), neg(neg(rest)));
}

describe.each([
  ["float64", 1e-13],
  ["float32", 3e-6],
] as const)("a computation with every op, in %s", (dtype: DType, tolerance) => {
  const load = (): Params =>
    Object.fromEntries(Object.entries(reference.params).map(([k, { shape, data }]) => [k, tensor(data, shape, dtype)]));

  it("has the values that PyTorch has", () => {
    scope(() => {
      const got = parts(load());
      for (const [name, expected] of Object.entries(reference.parts))
        expect(Math.abs(scalarValue(got[name]) - expected), name).toBeLessThan(tolerance * (1 + Math.abs(expected)));
    });
  });

  it("has the gradients that PyTorch has", () => {
    scope(() => {
      const { value, grads } = valueAndGrad(loss, load());
      expect(Math.abs(scalarValue(value) - reference.loss)).toBeLessThan(tolerance * 10);
      for (const [name, expected] of Object.entries(reference.grads))
        read(grads[name]).forEach((g, i) =>
          expect(Math.abs(g - expected[i]), `${name}[${i}]`).toBeLessThan(tolerance * (1 + Math.abs(expected[i]))),
        );
    });
  });
});
