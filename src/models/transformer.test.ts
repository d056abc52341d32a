import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { array, gradcheck, weigh } from "../../test/gradcheck.ts";
import { findOptimizer } from "../optim/index.ts";
import { resolve } from "../options.ts";
import { random } from "../rng.ts";
import { sequenceInputs, sequencesOf, type Probes } from "../tasks/index.ts";
import {
  clipGlobalNorm,
  crossEntropy,
  dispose,
  importArrays,
  indices,
  l2Norm,
  read,
  scalarValue,
  scope,
  valueAndGrad,
  view,
  type NamedArrays,
  type Params,
  type Tensor,
} from "../tensor/index.ts";
import { findModel, untapped, type SequenceBatch, type TaskShape } from "./index.ts";
import { transformerLayout } from "./transformer-init.ts";
import type { TransformerOptions } from "./transformer-options.ts";

interface Flat {
  shape: number[];
  data: number[];
}
interface Case {
  options: Record<string, string | number | boolean>;
  params: Record<string, Flat>;
  logits: Flat;
  loss: number;
  grads: Record<string, Flat>;
  norms: number[];
  after: Record<string, Flat>;
}
const reference = JSON.parse(readFileSync(new URL("reference-transformer.json", import.meta.url), "utf8")) as {
  vocabSize: number;
  eos: number;
  sos: number;
  sequences: number[][];
  cases: Case[];
};
const { sequences, eos, sos } = reference;
const definition = findModel("transformer");
const optionsOf = (given: Record<string, unknown>) => resolve(definition.fields, given, "model");
const arrays = (flat: Record<string, Flat>): NamedArrays =>
  Object.fromEntries(Object.entries(flat).map(([k, { shape, data }]) => [k, { shape, data: Float64Array.from(data) }]));

/** A task's shape with a vocabulary of this size and sequences of up to this length. */
function shapeOf(vocabSize: number, maxLength: number): TaskShape {
  const train = sequencesOf([new Int32Array(maxLength).fill(1)]);
  const one = Int32Array.of(0);
  const probes: Probes = { kind: "nextToken", sequence: one, position: one, choices: sequencesOf([[1]]), answers: one };
  const set = { sequences: train, probes };
  const words = Array.from({ length: vocabSize - 2 }, (_, i) => `w${i}`);
  return {
    numClasses: vocabSize,
    inputs: sequenceInputs({ words, train, validation: set, generalization: set }),
  };
}

function batchOf(lists: readonly (readonly number[])[], more: Partial<SequenceBatch> = {}): SequenceBatch {
  const rows = lists.map((list) => [sos, ...list]);
  const offsets = Int32Array.from({ length: rows.length + 1 }, (_, i) =>
    rows.slice(0, i).reduce((sum, { length }) => sum + length, 0),
  );
  const positions = rows.flatMap((list) => list.map((_, i) => i));
  return { kind: "sequences", n: rows.length, tokens: indices(rows.flat()), positions: indices(positions), offsets, ...more }; // prettier-ignore
}
const targets = () => indices(sequences.flatMap((list) => [...list, eos]));

function close(found: ArrayLike<number>, wanted: ArrayLike<number>, what: string, tolerance = 1e-11): void {
  expect(found.length, what).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++)
    expect(Math.abs(found[i] - wanted[i]), `${what}[${i}]: ${found[i]} for ${wanted[i]}`).toBeLessThan(tolerance);
}

describe.each(reference.cases)("transformer $options", (example) => {
  const options = optionsOf({ ...example.options, dropout: 0 });
  const lossOf = (p: Params): Tensor => crossEntropy(definition.apply(p, batchOf(sequences), untapped, options), targets()); // prettier-ignore

  it("has PyTorch's logits, loss and gradients", () => {
    scope(() => {
      const params = importArrays(arrays(example.params));
      close(read(definition.apply(params, batchOf(sequences), untapped, options)), example.logits.data, "logits");
      const { value, grads } = valueAndGrad(lossOf, params);
      close([scalarValue(value)], [example.loss], "loss");
      expect(Object.keys(grads).sort()).toEqual(Object.keys(example.grads).sort());
      for (const [name, grad] of Object.entries(example.grads)) close(read(grads[name]), grad.data, name);
    });
  });

  it("is where PyTorch is after ten updates with a clipped gradient", () => {
    scope(() => {
      const optimizer = findOptimizer("adamw");
      const settings = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, eps: 1e-7, weightDecay: 0.1 };
      const update = resolve(optimizer.fields, settings, "optimizer");
      const params = importArrays(arrays(example.params));
      const state = optimizer.init(params, update);
      const norms = Array.from({ length: 10 }, (_, i) => {
        const { grads } = valueAndGrad(lossOf, params);
        const norm = clipGlobalNorm(grads, 0.5);
        optimizer.update(grads, state, params, update, { count: i + 1, learningRate: 0.01 });
        return norm;
      });
      close(norms, example.norms, "norm", 1e-10);
      for (const [name, { data }] of Object.entries(example.after)) close(read(params[name]), data, name, 1e-9);
    });
  });

  it("initializes the tensors of the reference, with their shapes", () => {
    const layout = transformerLayout(shapeOf(9, 11), options as TransformerOptions);
    const shapes = (of: Iterable<readonly [string, { readonly shape: readonly number[] }]>) =>
      Object.fromEntries([...of].map(([name, { shape }]) => [name, [...shape]]));
    expect(shapes(layout)).toEqual(shapes(Object.entries(example.params)));
  });

  it("writes with a cache what it would write reading everything anew", () => {
    scope(() => {
      const params = importArrays(arrays(example.params));
      const maxTokens = 6;
      const written = definition.generate!(params, batchOf(sequences), { eos, maxTokens }, options);
      sequences.forEach((start, i) => {
        const list = [...start];
        while (list.length < start.length + maxTokens) {
          const logits = read(definition.apply(params, batchOf([list]), untapped, options)).slice(-9);
          const next = logits.indexOf(Math.max(...logits));
          if (next === eos) break;
          list.push(next);
          if (options["positions"] === "learned" && list.length === 12) break; // the table's end
        }
        expect([...written[i]]).toEqual(list.slice(start.length));
      });
      expect(written.some(({ length }) => length > 1)).toBe(true);
    });
  });
});

describe("transformer", () => {
  const [post] = reference.cases;
  const small = optionsOf(post.options);

  it.each([
    [71, "QF", [6_373_447, 12_674_119, 18_974_791, 25_275_463, 31_576_135, 37_876_807]],
    [101, "TI", [6_404_197, 12_704_869, 19_005_541, 25_306_213, 31_606_885, 37_907_557]],
    [43, "Dyck", [6_344_747, 12_645_419, 18_946_091, 25_246_763, 31_547_435, 37_848_107]],
  ])("has the published number of parameters: %i rows, %s", (vocabSize, _, wanted) => {
    const counts = [2, 4, 6, 8, 10, 12].map((nLayers) => {
      const layout = transformerLayout(shapeOf(vocabSize, 40), optionsOf({ nLayers }) as TransformerOptions);
      return [...layout.values()].reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
    });
    expect(counts).toEqual(wanted);
  });

  it("begins with the published squared norm: 5,531 a layer, 337 outside", () => {
    const params = definition.init(shapeOf(101, 40), optionsOf({ nLayers: 1 }), random(3), "float32");
    const squared = (of: (name: string) => boolean): number => {
      const kept = Object.fromEntries(Object.entries(params).filter(([name]) => of(name)));
      return l2Norm(kept) ** 2;
    };
    const layer = squared((name) => name.startsWith("blocks."));
    const outside = squared((name) => !name.startsWith("blocks."));
    dispose(params);
    expect(Math.abs(layer / 5531 - 1)).toBeLessThan(0.01);
    expect(Math.abs(outside / 337 - 1)).toBeLessThan(0.01);
  });

  it("gives every activation to the tap, and goes on with what the tap returns", () => {
    scope(() => {
      const params = importArrays(arrays(post.params));
      const seen = new Map<string, readonly number[]>();
      const plain = definition.apply(params, batchOf(sequences), (name, a) => (seen.set(name, a.shape), a), small);
      close(read(plain), post.logits.data, "tapped logits");
      const rows = 22;
      const block = (i: number) => [
        `blocks.${i}.resid_pre`,
        ...["q", "k", "v", "pattern", "z", "result"].map((name) => `blocks.${i}.attn.${name}`),
        ...["attn_out", "resid_mid", "normalized_resid_mid", "mlp.pre", "mlp.post", "mlp_out", "resid_post"].map(
          (name) => `blocks.${i}.${name}`,
        ),
        `blocks.${i}.normalized_resid_post`,
      ];
      expect([...seen.keys()]).toEqual(["embed", "pos_embed", ...block(0), ...block(1), "resid_final", "logits"]);
      expect(seen.get("blocks.1.attn.pattern")).toEqual([2, 36 + 4 + 100 + 16]);
      expect(seen.get("blocks.1.attn.result")).toEqual([2, rows, 8]);
      expect(seen.get("resid_final")).toEqual([rows, 8]);
    });
  });

  it("does without a head as with its output matrix at zero", () => {
    scope(() => {
      const params = importArrays(arrays(post.params));
      const ablated = definition.apply(
        params,
        batchOf(sequences),
        (name, a) => {
          if (name === "blocks.1.attn.z") view(a).fill(0, 0, a.size / 2);
          return a;
        },
        small,
      );
      const without = importArrays(arrays(post.params));
      view(without["blocks.1.attn.W_O"]).fill(0, 0, 32);
      close(read(ablated), read(definition.apply(without, batchOf(sequences), untapped, small)), "logits");
    });
  });

  it("looks only at SOS and the rows from the first visible one on, at their own places", () => {
    scope(() => {
      const params = importArrays(arrays(post.params));
      const list = sequences[2];
      const states = (tokens: readonly number[], first?: number) => {
        const batch = batchOf([tokens], first === undefined ? {} : { firstVisible: Int32Array.of(first) });
        let found: Float64Array | undefined;
        definition.apply(
          params,
          batch,
          (name, a) => (name === "resid_final" && (found = read(a) as Float64Array), a),
          small,
        );
        return found!;
      };
      const masked = states(list, 4);
      const plain = states(list);
      expect(masked.slice(0, 8)).toEqual(plain.slice(0, 8));
      expect(masked.slice(32)).not.toEqual(plain.slice(32));
      // What is hidden makes no difference.
      expect(states([...[1, 1, 1], ...list.slice(3)], 4).slice(32)).toEqual(masked.slice(32));
      expect(states([...list.slice(0, 4), 6, ...list.slice(5)], 4).slice(40)).not.toEqual(masked.slice(40));
      expect(states(list, 1)).toEqual(plain);
    });
  });

  it("has the gradient that central differences have, dropout and all", () => {
    const options = optionsOf({ dModel: 4, nHeads: 2, nLayers: 1, mlpRatio: 1.25, dropout: 0.3 });
    const layout = transformerLayout(shapeOf(9, 11), options as TransformerOptions);
    const start = Object.fromEntries([...layout].map(([name, { shape }], i) => [name, array(shape, i, 0.8)]));
    const batch = batchOf([[1, 2, 3], [4]], { dropout: { seed: 5, step: 17 } });
    gradcheck((p) => weigh(definition.apply(p, batch, untapped, options)), start, 2e-7);
  });

  it("drops the same at the same step of the same seed, something else at another", () => {
    scope(() => {
      const params = importArrays(arrays(post.params));
      const options = optionsOf({ ...post.options, dropout: 0.5 });
      const logits = (seed: number, step: number) =>
        read(definition.apply(params, batchOf(sequences, { dropout: { seed, step } }), untapped, options));
      expect(logits(1, 2)).toEqual(logits(1, 2));
      expect(logits(1, 2)).not.toEqual(logits(1, 3));
      expect(logits(1, 2)).not.toEqual(logits(2, 2));
      close(
        read(definition.apply(params, batchOf(sequences), untapped, options)),
        post.logits.data,
        "in evaluation nothing is dropped",
      );
    });
  });

  it("gives only the wanted rows", () => {
    scope(() => {
      const params = importArrays(arrays(post.params));
      const some = definition.apply(params, batchOf(sequences, { wanted: indices([5, 21, 0]) }), untapped, small);
      const all = post.logits.data;
      close(read(some), [...all.slice(45, 54), ...all.slice(189, 198), ...all.slice(0, 9)], "rows");
    });
  });

  it("refuses what does not fit", () => {
    const task = shapeOf(9, 11);
    const complaint = (given: Record<string, unknown>) => () => definition.check?.(task, optionsOf(given));
    expect(complaint({ dModel: 10, nHeads: 4 })).toThrow(/4 heads cannot share a dModel of 10/);
    expect(complaint({ positions: "learned", nCtx: 11 })).toThrow(/takes 12 positions with SOS, the table has 11/);
    expect(complaint({ nCtx: 11 })).toThrow(/sinusoid positions have no table/);
    expect(complaint({ positions: "learned", nCtx: 12 })).not.toThrow();
    scope(() => {
      const params = importArrays(arrays(reference.cases[1].params));
      const long = batchOf([new Array<number>(12).fill(1)]);
      expect(() => definition.apply(params, long, untapped, optionsOf(reference.cases[1].options))).toThrow(
        /takes 13 positions with SOS; this network's table has 12/,
      );
    });
  });
});
