/**
 * The published one-layer networks before and after their first update, rebuilt from their seeds in plain float64 loops,
 * apart from the engine: streams, split and initialization are right when the printed losses and norms come out.
 */
import { describe, expect, it } from "vitest";
import { resolve } from "../../src/options.ts";
import { haikuKeys, jaxTruncatedNormal, random } from "../../src/rng.ts";
import { findTask } from "../../src/tasks/index.ts";
import { splitFields, splitTask } from "../../src/tasks/split.ts";

type Matrix = ArrayLike<number>;
const p = 67;

/** Row-major a [n, k] times b [k, m]. */
function product(a: Matrix, b: Matrix, n: number, k: number, m: number): Float64Array {
  const out = new Float64Array(n * m);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < k; j++) for (let l = 0; l < m; l++) out[i * m + l] += a[i * k + j] * b[j * m + l];
  return out;
}

/** The transpose of a [n, m]. */
function transpose(a: Matrix, n: number, m: number): Float64Array {
  return Float64Array.from({ length: n * m }, (_, at) => a[(at % n) * m + Math.floor(at / n)]);
}

/** The next parameter: truncated normal at ±2, times sigma, in its own precision. */
function draw(
  keys: ReturnType<typeof haikuKeys>,
  shape: [number, number],
  sigma: number,
  dtype: "float32" | "float64",
) {
  const scale = dtype === "float32" ? Math.fround(sigma) : sigma;
  return jaxTruncatedNormal(keys.next(), -2, 2, shape, dtype).map((x) => x * scale);
}

/** The published split: unordered pairs, NumPy's legacy permutation. */
function publishedSplit(seed: number, trainFraction: number) {
  const source = random(seed);
  const definition = findTask("modular-addition");
  const task = definition.build(resolve(definition.fields, { p, pairs: "unordered" }, "task"), source);
  const split = splitTask(task, resolve(splitFields, { trainFraction, stream: "numpy" }, "split"), source);
  if (task.inputs.kind !== "tokens") throw new Error("modular addition has tokens");
  const { tokens } = task.inputs;
  const pairs = (half: Int32Array) => Array.from(half, (i) => [tokens[2 * i], tokens[2 * i + 1]] as const);
  return { train: pairs(split.train), test: pairs(split.test) };
}

/**
 * Mean cross-entropy divided by p (the published loss), and its gradients.
 * @param into [p, width] what each operand adds to the hidden layer @param out [width, p]
 */
function evaluate(pairs: readonly (readonly [number, number])[], into: Matrix, out: Matrix, width: number) {
  let loss = 0;
  const dInto = new Float64Array(p * width);
  const dOut = new Float64Array(width * p);
  const scale = 1 / (pairs.length * p);
  for (const [a, b] of pairs) {
    const hidden = Float64Array.from({ length: width }, (_, j) =>
      Math.max(0, into[a * width + j] + into[b * width + j]),
    );
    const logits = product(hidden, out, 1, width, p);
    const top = Math.max(...logits);
    const logSum = top + Math.log(logits.reduce((sum, x) => sum + Math.exp(x - top), 0));
    const label = (a + b) % p;
    loss += (logSum - logits[label]) * scale;
    const dLogits = logits.map((x, c) => (Math.exp(x - logSum) - (c === label ? 1 : 0)) * scale);
    for (let j = 0; j < width; j++) {
      if (hidden[j] === 0) continue;
      let dHidden = 0;
      for (let c = 0; c < p; c++) {
        dOut[j * p + c] += hidden[j] * dLogits[c];
        dHidden += dLogits[c] * out[j * p + c];
      }
      dInto[a * width + j] += dHidden;
      dInto[b * width + j] += dHidden;
    }
  }
  return { loss, dInto, dOut };
}

/** The first update of AdamW (rate 0.001, eps 1e-8, decoupled decay 1): the bias-corrected moments are g and g². */
function updated(values: Matrix, gradient: Matrix): Float64Array {
  return Float64Array.from(values, (x, i) => x - 1e-3 * (gradient[i] / (Math.abs(gradient[i]) + 1e-8) + x));
}

describe("main run, seed 165", () => {
  const { train, test } = publishedSplit(165, 0.4);
  const keys = haikuKeys(165);
  const [d, h] = [500, 24];
  const embed = draw(keys, [p, d], Math.sqrt(2 / p) / 0.87962566103423978, "float32"); // [67, 500]
  const hidden = draw(keys, [d, h], 1 / Math.sqrt(d), "float64"); // [500, 24]
  const out = draw(keys, [h, d], 1 / Math.sqrt(h), "float64"); // [24, 500]
  const start = evaluate(train, product(embed, hidden, p, d, h), product(out, transpose(embed, p, d), h, d, p), h);

  it("splits 2278 pairs into 911 and 1367, beginning with (19, 23), (23, 52), (30, 50)", () => {
    expect([train.length, test.length]).toEqual([911, 1367]);
    expect(train.slice(0, 3)).toEqual([
      [19, 23],
      [23, 52],
      [30, 50],
    ]);
  });

  it("starts at the published training loss", () => {
    // Printed: .06518848329. XLA's float32 inverse error function is not the same in every release and on every device;
    // JAX 0.10 on a processor gives .06518848318 from the same keys.
    expect(Math.abs(start.loss - 0.06518848329)).toBeLessThan(1.5e-10);
  });

  it("has the published norms and test loss after its first update", () => {
    const gradEmbed = product(start.dInto, transpose(hidden, d, h), p, h, d);
    product(transpose(start.dOut, h, p), out, p, h, d).forEach((g, i) => (gradEmbed[i] += g));
    const embed1 = updated(embed, gradEmbed);
    const hidden1 = updated(hidden, product(transpose(embed, p, d), start.dInto, d, p, h));
    const out1 = updated(out, product(start.dOut, embed, h, p, d));

    const all = [...embed1, ...hidden1, ...out1];
    expect(Math.sqrt(all.reduce((sum, x) => sum + x * x, 0)).toFixed(6)).toBe("37.386533");
    expect(all.reduce((sum, x) => sum + Math.abs(x), 0).toFixed(3)).toBe("6898.158");
    const unembed = product(out1, transpose(embed1, p, d), h, d, p);
    const { loss } = evaluate(test, product(embed1, hidden1, p, d, h), unembed, h);
    expect(Math.abs(loss - 0.06436516008)).toBeLessThan(1.5e-10);
  });
});

it("five neurons on a fixed circle, seed 86, start at the published training loss", () => {
  const { train } = publishedSplit(86, 0.3);
  expect(train.length).toBe(683);
  const keys = haikuKeys(86);
  const hidden = draw(keys, [2, 5], 1 / Math.sqrt(2), "float64"); // [2, 5]
  const out = draw(keys, [5, 2], 1 / Math.sqrt(5), "float64"); // [5, 2]
  // Columns cos and sin of 2πi/67, each of length 1: the circle has radius sqrt(2/67).
  const circle = Float64Array.from({ length: 2 * p }, (_, at) => {
    const angle = (2 * Math.PI * Math.floor(at / 2)) / p;
    return (at % 2 === 0 ? Math.cos(angle) : Math.sin(angle)) * Math.sqrt(2 / p);
  }); // [67, 2]
  const unembed = product(out, transpose(circle, p, 2), 5, 2, p);
  const { loss } = evaluate(train, product(circle, hidden, p, 2, 5), unembed, 5);
  expect(loss).toBeCloseTo(0.06275183509400713, 15);
});
