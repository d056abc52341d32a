import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { findOptimizer } from "../optim/index.ts";
import { resolve } from "../options.ts";
import { random } from "../rng.ts";
import {
  binaryCrossEntropy,
  bitRows,
  crossEntropy,
  disposeBits,
  exportArrays,
  importArrays,
  indices,
  read,
  scalarValue,
  scope,
  valueAndGrad,
  zeros,
  type NamedArrays,
  type Params,
  type Tensor,
} from "../tensor/index.ts";
import { findModel, models, untapped, type Batch, type TaskShape } from "./index.ts";

interface Flat {
  shape: number[];
  data: number[];
}
interface Case {
  name: string;
  model: { name: string } & Record<string, unknown>;
  optimizer: { name: string } & Record<string, unknown>;
  inputs: number[][];
  labels: number[];
  params: Record<string, Flat>;
  logits: Flat;
  loss: number;
  grads: Record<string, Flat>;
  after: Record<string, Flat>;
}
const reference = JSON.parse(readFileSync(new URL("reference.json", import.meta.url), "utf8")) as {
  p: number;
  cases: Case[];
};

const arrays = (flat: Record<string, Flat>): NamedArrays =>
  Object.fromEntries(Object.entries(flat).map(([k, { shape, data }]) => [k, { shape, data: Float64Array.from(data) }]));

function shapeOf({ model, inputs }: Case): TaskShape {
  if (model.name === "bit-mlp") {
    const width = inputs[0].length;
    return { numClasses: 2, inputs: { kind: "bits", bits: new Uint8Array(0), width, low: 0, high: 1 } };
  }
  const { p } = reference;
  return { numClasses: p, inputs: { kind: "tokens", tokens: new Int32Array(0), seqLen: 2, vocabSize: p } };
}

function batchOf({ model, inputs }: Case): Batch {
  const n = inputs.length;
  const width = inputs[0].length;
  if (model.name !== "bit-mlp") return { kind: "tokens", n, seqLen: width, tokens: indices(inputs.flat()) };
  return { kind: "bits", n, width, bits: bitRows(Uint8Array.from(inputs.flat()), n, width, { low: 0, high: 1 }) };
}

function close(found: ArrayLike<number>, wanted: ArrayLike<number>, what: string): void {
  expect(found.length, what).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++) {
    expect(Math.abs(found[i] - wanted[i]), `${what}[${i}]: ${found[i]} for ${wanted[i]}`).toBeLessThan(1e-11);
  }
}

describe.each(reference.cases)("$model.name, $optimizer.name: $name", (example) => {
  const definition = findModel(example.model.name);
  const { name: _, ...given } = example.model;
  const options = resolve(definition.fields, given, "model");
  const lossOf = (logits: Tensor, labels: number[]): Tensor =>
    definition.name === "bit-mlp"
      ? binaryCrossEntropy(logits, indices(labels), {})
      : crossEntropy(logits, indices(labels));

  it("has PyTorch's logits, loss and gradients", () => {
    scope(() => {
      const params = importArrays(arrays(example.params));
      const batch = batchOf(example);
      close(read(definition.apply(params, batch, untapped, options)), example.logits.data, "logits");
      const { value, grads } = valueAndGrad(
        (p) => lossOf(definition.apply(p, batch, untapped, options), example.labels),
        params,
      );
      close([scalarValue(value)], [example.loss], "loss");
      expect(Object.keys(grads).sort()).toEqual(Object.keys(example.grads).sort());
      for (const [name, grad] of Object.entries(example.grads)) close(read(grads[name]), grad.data, name);
      if (batch.kind === "bits") disposeBits(batch.bits);
    });
  });

  it("is where PyTorch is after ten updates", () => {
    scope(() => {
      const optimizer = findOptimizer(example.optimizer.name);
      const { name: _, ...settings } = example.optimizer;
      const update = resolve(optimizer.fields, settings, "optimizer");
      const params = importArrays(arrays(example.params));
      const state = optimizer.init(params, update);
      const batch = batchOf(example);
      for (let count = 1; count <= 10; count++) {
        const { grads } = valueAndGrad(
          (p) => lossOf(definition.apply(p, batch, untapped, options), example.labels),
          params,
        );
        optimizer.update(grads, state, params, update, { count, learningRate: settings["learningRate"] as number });
      }
      for (const [name, { data }] of Object.entries(example.after)) close(read(params[name]), data, name);
      if (batch.kind === "bits") disposeBits(batch.bits);
    });
  });

  it("initializes the matrices of the reference, with their shapes", () => {
    scope(() => {
      const params = definition.init(shapeOf(example), options, random(1), "float64");
      const shapes = (of: Params | Record<string, Flat>) =>
        Object.fromEntries(Object.entries(of).map(([name, { shape }]) => [name, [...shape]]));
      expect(shapes(params)).toEqual(shapes(example.params));
    });
  });

  it("gives every activation to the tap, and goes on with what the tap returns", () => {
    scope(() => {
      const params = importArrays(arrays(example.params));
      const batch = batchOf(example);
      const seen: string[] = [];
      const plain = definition.apply(params, batch, (name, a) => (seen.push(name), a), options);
      expect(seen).toEqual(["mlp.pre", "mlp.post", "logits"]);
      close(read(plain), example.logits.data, "tapped logits");
      const ablated = definition.apply(
        params,
        batch,
        (name, a) => (name === "mlp.post" ? zeros(a.shape, a.dtype) : a),
        options,
      );
      expect(read(ablated).every((x) => x === 0)).toBe(true);
      if (batch.kind === "bits") disposeBits(batch.bits);
    });
  });
});

describe("models", () => {
  it("covers every registered model", () => {
    const covered = new Set([...reference.cases.map((example) => example.model.name), "transformer"]); // its own test
    expect(models.map(({ name }) => name).sort()).toEqual([...covered].sort());
  });

  it("initializes the same weights from the same seed, and others from another", () => {
    const draw = (seed: number): NamedArrays =>
      scope(() => {
        const example = reference.cases[0];
        const definition = findModel(example.model.name);
        return exportArrays(
          definition.init(shapeOf(example), resolve(definition.fields, {}, "model"), random(seed), "float64"),
        );
      });
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });
});

describe("factored", () => {
  const { check, fields } = findModel("factored");
  const task: TaskShape = {
    numClasses: 5,
    inputs: { kind: "tokens", tokens: new Int32Array(0), seqLen: 2, vocabSize: 5 },
  };
  const complaint =
    (given: Record<string, unknown>, shape = task) =>
    () =>
      check?.(shape, resolve(fields, given, "model"));

  it("says which switches do not fit", () => {
    expect(complaint({ collapsedHidden: true, dModel: 4, dMlp: 3 })).toThrow(/dMlp \(3\) must equal dModel \(4\)/);
    expect(complaint({}, { ...task, numClasses: 7 })).toThrow(/5 tokens and 7 classes/);
    expect(complaint({ frozenEmbedding: "circle-unit", dModel: 3 })).toThrow(/give 2/);
    expect(complaint({ frozenEmbedding: "circle-published", dModel: 2, frequencies: [10] })).toThrow(
      /10 is no circle of 5/,
    );
    expect(complaint({ frozenEmbedding: "circle-unit", dModel: 2, embed: "untied" })).toThrow(
      /embed tied or input-tied/,
    );
    expect(complaint({})).not.toThrow();
  });

  it("freezes the embedding on its circle", () => {
    const definition = findModel("factored");
    const options = (frozenEmbedding: string) =>
      resolve(fields, { frozenEmbedding, dModel: 4, frequencies: [1, 2] }, "model");
    for (const [kind, radius] of [
      ["circle-unit", 1],
      ["circle-published", Math.sqrt(2 / 5)],
    ] as const) {
      scope(() => {
        const params = definition.init(task, options(kind), random(0), "float64");
        const points = read(params["embed.W_E"]); // [5, 4]
        for (let n = 0; n < 5; n++) {
          for (let f = 0; f < 2; f++) {
            const [x, y] = [points[4 * n + 2 * f], points[4 * n + 2 * f + 1]];
            expect(Math.hypot(x, y)).toBeCloseTo(radius, 14);
            expect(x / radius).toBeCloseTo(Math.cos((2 * Math.PI * (f + 1) * n) / 5), 14);
          }
        }
      });
      expect(definition.frozen?.(options(kind))).toEqual(["embed.W_E"]);
    }
  });
});
