import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { resolve } from "../options.ts";
import { importArrays, indices, read, scope, type NamedArrays } from "../tensor/index.ts";
import { findModel, untapped } from "./index.ts";
import { fromPublished, isPublished, toPublished } from "./transformer-published.ts";

type Flat = Record<string, { shape: number[]; data: number[] }>;
const reference = JSON.parse(
  readFileSync(new URL("reference-published-transformer.json", import.meta.url), "utf8"),
) as { heads: number; sequence: number[]; arrays: Flat; logits: { data: number[] } };
const { heads, sequence } = reference;
const arrays: NamedArrays = Object.fromEntries(
  Object.entries(reference.arrays).map(([name, { shape, data }]) => [name, { shape, data: Float64Array.from(data) }]),
);
const without = (...names: string[]): NamedArrays =>
  Object.fromEntries(Object.entries(arrays).filter(([name]) => !names.some((part) => name.includes(part))));
const wrong = (given: NamedArrays) => () => fromPublished(given, heads);

describe("fromPublished", () => {
  const imported = fromPublished(arrays, heads);

  it("gives a network with PyTorch's logits", () => {
    scope(() => {
      const { fields, apply } = findModel("transformer");
      const batch = {
        ...{ kind: "sequences" as const, n: 1, tokens: indices(sequence) },
        ...{ positions: indices([...sequence.keys()]), offsets: Int32Array.of(0, sequence.length) },
      };
      const options = resolve(fields, imported.options, "model");
      const logits = read(apply(importArrays(imported.params), batch, untapped, options));
      reference.logits.data.forEach((value, i) => expect(logits[i]).toBeCloseTo(value, 12));
    });
  });

  it("reads the options off the shapes, and says what it leaves out", () => {
    expect(imported.options).toMatchObject({
      dModel: 6,
      nLayers: 2,
      nHeads: 2,
      mlpRatio: 2,
      norm: "post",
      tied: false,
    });
    expect(imported.vocabSize).toBe(9);
    expect(imported.notes).toEqual([
      "left out: 3 tensors of trafo.decoder, which a language model never uses",
      "left out: int_seq, pos.pe, which hold no weights",
    ]);
    expect(fromPublished(without("decoder", "int_seq", "pos.pe"), heads).notes).toEqual([]);
  });

  it("takes names with a prefix, and an output that is the embedding", () => {
    const prefixed = Object.fromEntries(Object.entries(arrays).map(([name, array]) => [`module.${name}`, array]));
    expect(isPublished(prefixed)).toBe(true);
    expect(fromPublished(prefixed, heads).params).toEqual(imported.params);
    const tied = fromPublished(without("output_map"), heads);
    expect(tied.options["tied"]).toBe(true);
    expect([...tied.params["unembed.b_U"].data]).toEqual(new Array(9).fill(0));
  });

  it("names what is missing, unknown, or of a wrong shape", () => {
    expect(isPublished({ "transformer.wte.weight": arrays["output_map.bias"] })).toBe(false);
    expect(wrong({ "transformer.wte.weight": arrays["output_map.bias"] })).toThrow(
      /no input_embedding.weight: not a network by the published names \(found: transformer.wte.weight/,
    );
    expect(wrong(without("layers.1.linear2.bias"))).toThrow(
      "these weights have no trafo.encoder.layers.1.linear2.bias",
    );
    expect(wrong(without("encoder.layers.0"))).toThrow("these weights have no layer 0, but 1 others");
    expect(wrong({ ...arrays, "trafo.encoder.layers.0.linear1.weigth": arrays["output_map.bias"] })).toThrow(
      /"trafo.encoder.layers.0.linear1.weigth" is no parameter .*did you mean "trafo.encoder.layers.0.linear1.weight"\?/,
    );
    expect(wrong({ ...arrays, "trafo.encoder.layers.1.norm2.bias": arrays["output_map.bias"] })).toThrow(
      "trafo.encoder.layers.1.norm2.bias is [9], and should be [6]",
    );
    expect(() => fromPublished(arrays, 4)).toThrow(/nHeads: 4 heads cannot share a width of 6/);
  });
});

describe("toPublished", () => {
  it("is the way back", () => {
    const { params } = fromPublished(arrays, heads);
    expect(toPublished(params)).toEqual(without("decoder", "int_seq", "pos.pe"));
  });

  it("refuses what has no published name", () => {
    const { params } = fromPublished(arrays, heads);
    expect(() => toPublished({ ...params, "pos_embed.W_pos": params["embed.W_E"] })).toThrow(
      /pos_embed.W_pos: the pub/,
    );
    expect(() => toPublished({ "embed.W_E": params["embed.W_E"] })).toThrow(/these parameters/);
  });
});
