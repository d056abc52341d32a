import { quoted, suggestion, UsageError } from "../options.ts";
import type { FloatArray, NamedArray, NamedArrays } from "../tensor/index.ts";

/**
 * The parameter names of the published PyTorch code of Murty et al. (2023), from and to this project's. Its linear layers
 * hold `[out, in]`. The rows of `data_to_q` are heads of queries; those of `data_to_kv` are, head by head, keys and then
 * values; the columns of `multi_head_merge` are heads.
 */
const layerPrefix = "trafo.encoder.layers.";
const layerParts = [
  ...["self_attn.data_to_q.weight", "self_attn.data_to_kv.weight", "self_attn.multi_head_merge.weight"],
  ...["linear1.weight", "linear1.bias", "linear2.weight", "linear2.bias"],
  ...["norm1.weight", "norm1.bias", "norm2.weight", "norm2.bias"],
];
const outer = ["input_embedding.weight", "output_map.weight", "output_map.bias"];

export interface Imported {
  readonly params: NamedArrays;
  /** Options of the model `transformer` that these weights are of. */
  readonly options: Readonly<Record<string, number | string | boolean>>;
  /** Rows of embedding and output: the words with pad, EOS and SOS. */
  readonly vocabSize: number;
  /** What was left out, one line each. */
  readonly notes: readonly string[];
}

/** Whether these arrays bear the published names, so that they can be taken in. */
export const isPublished = (arrays: NamedArrays): boolean => prefixOf(arrays) !== undefined;

/** What stands before every name, such as `module.`; undefined where there is no embedding. */
function prefixOf(arrays: NamedArrays): string | undefined {
  const embedding = Object.keys(arrays).find((name) => name.endsWith(outer[0]));
  return embedding?.slice(0, -outer[0].length);
}

/**
 * Weights by the published names as parameters of `transformer`. The decoder that the published model carries but never
 * trains, and its buffers, are left out.
 * @param nHeads heads, which no shape tells; the published code has 8 whatever it is asked for
 * @throws UsageError that names what is missing, unknown, or of a wrong shape
 */
export function fromPublished(arrays: NamedArrays, nHeads = 8): Imported {
  const prefix = prefixOf(arrays);
  if (prefix === undefined)
    throw new UsageError(
      `these weights have no ${outer[0]}: not a network by the published names (found: ${Object.keys(arrays).slice(0, 4).join(", ")} …)`,
    );
  const given = new Map(
    Object.entries(arrays).map(([name, array]) => [name.startsWith(prefix) ? name.slice(prefix.length) : name, array]),
  );
  const { nLayers, notes } = survey([...given.keys()]);
  const take = (name: string, ...shape: readonly (number | undefined)[]): NamedArray => {
    const found = given.get(name);
    if (!found) throw new UsageError(`these weights have no ${name}`);
    const fits = found.shape.length === shape.length && shape.every((n, i) => n === undefined || n === found.shape[i]);
    const wanted = shape.map((n) => n ?? "any").join(", ");
    if (!fits) throw new UsageError(`${name} is [${found.shape.join(", ")}], and should be [${wanted}]`);
    return found;
  };
  const embedding = take(outer[0], undefined, undefined);
  const [vocabSize, d] = embedding.shape;
  if (d % nHeads !== 0) throw new UsageError(`nHeads: ${nHeads} heads cannot share a width of ${d}; give a divisor`);
  const width = d / nHeads;
  const [f] = take(`${layerPrefix}0.linear1.weight`, undefined, d).shape;
  const params: Record<string, NamedArray> = { "embed.W_E": embedding };
  for (let layer = 0; layer < nLayers; layer++) {
    const part = (name: string, ...shape: number[]): NamedArray => take(`${layerPrefix}${layer}.${name}`, ...shape);
    const put = (name: string, array: NamedArray): void => void (params[`blocks.${layer}.${name}`] = array);
    const q = part("self_attn.data_to_q.weight", d, d);
    const kv = part("self_attn.data_to_kv.weight", 2 * d, d);
    const merge = part("self_attn.multi_head_merge.weight", d, d);
    const rows = (stride: number, first: number) => (h: number, i: number, c: number) =>
      (h * stride + first + c) * d + i;
    put("attn.W_Q", made([nHeads, d, width], q, rows(width, 0)));
    put("attn.W_K", made([nHeads, d, width], kv, rows(2 * width, 0)));
    put("attn.W_V", made([nHeads, d, width], kv, rows(2 * width, width)));
    put(
      "attn.W_O",
      made([nHeads, width, d], merge, (h, c, i) => i * d + h * width + c),
    );
    put("mlp.W_in", transposed(part("linear1.weight", f, d)));
    put("mlp.b_in", part("linear1.bias", f));
    put("mlp.W_out", transposed(part("linear2.weight", d, f)));
    put("mlp.b_out", part("linear2.bias", d));
    for (const [ours, theirs] of [
      ["ln1", "norm1"],
      ["ln2", "norm2"],
    ] as const) {
      // prettier-ignore
      put(`${ours}.w`, part(`${theirs}.weight`, d));
      put(`${ours}.b`, part(`${theirs}.bias`, d));
    }
  }
  // A tied output has no weight of its own, or the embedding's once more.
  const output = given.get("output_map.weight");
  const tied = output === undefined || output.data === embedding.data;
  if (!tied) params["unembed.W_U"] = transposed(take("output_map.weight", vocabSize, d));
  const bias = given.has("output_map.bias") || !tied ? take("output_map.bias", vocabSize) : zeros(embedding, vocabSize);
  params["unembed.b_U"] = bias;
  return {
    params,
    options: { dModel: d, nLayers, nHeads, mlpRatio: f / d, norm: "post", positions: "sinusoid", tied },
    vocabSize,
    notes,
  };
}

/** Number of layers, and notes on what is left out. @throws UsageError on a name that is neither known nor dead */
function survey(names: readonly string[]): { readonly nLayers: number; readonly notes: readonly string[] } {
  const dead = names.filter((name) => name.startsWith("trafo.decoder."));
  const buffers = names.filter((name) => ["int_seq", "pos.pe"].includes(name));
  const layers = new Set<number>();
  for (const name of names) {
    if (dead.includes(name) || buffers.includes(name) || outer.includes(name)) continue;
    const [, number, part = ""] = /^trafo\.encoder\.layers\.(\d+)\.(.+)$/.exec(name) ?? [];
    if (number === undefined || !layerParts.includes(part)) {
      const known = [...outer, ...layerParts.map((known) => `${layerPrefix}${number ?? 0}.${known}`)];
      throw new UsageError(`${quoted(name)} is no parameter of the published network${suggestion(name, known)}`);
    }
    layers.add(Number(number));
  }
  for (let layer = 0; layer < layers.size; layer++)
    if (!layers.has(layer)) throw new UsageError(`these weights have no layer ${layer}, but ${layers.size} others`);
  if (layers.size === 0) throw new UsageError(`these weights have no ${layerPrefix}0`);
  const notes = [
    ...(dead.length > 0
      ? [`left out: ${dead.length} tensors of trafo.decoder, which a language model never uses`]
      : []),
    ...(buffers.length > 0 ? [`left out: ${buffers.join(", ")}, which hold no weights`] : []),
  ];
  return { nLayers: layers.size, notes };
}

/** Parameters of a post-norm `transformer` by the published names. @throws UsageError where they have no such name */
export function toPublished(params: NamedArrays): NamedArrays {
  const out: Record<string, NamedArray> = { "input_embedding.weight": params["embed.W_E"] };
  const foreign = Object.keys(params).find((name) => name.startsWith("pos_embed.") || name.startsWith("ln_final."));
  if (foreign !== undefined || !("embed.W_E" in params) || !("blocks.0.attn.W_Q" in params))
    throw new UsageError(
      `${foreign ?? "these parameters"}: the published network has post-norm layers and sinusoids, nothing else has its names`,
    );
  for (let layer = 0; `blocks.${layer}.attn.W_Q` in params; layer++) {
    const ours = (name: string): NamedArray => params[`blocks.${layer}.${name}`];
    const put = (name: string, array: NamedArray): void => void (out[`${layerPrefix}${layer}.${name}`] = array);
    const W_Q = ours("attn.W_Q");
    const [, d, width] = W_Q.shape;
    const head = (at: number): number => Math.floor(at / width);
    const from = (array: NamedArray, row: number, i: number) => array.data[(head(row) * d + i) * width + (row % width)];
    put(
      "self_attn.data_to_q.weight",
      filled(W_Q, [d, d], (row, i) => from(W_Q, row, i)),
    );
    put(
      "self_attn.data_to_kv.weight",
      filled(W_Q, [2 * d, d], (row, i) => {
        const h = Math.floor(row / (2 * width));
        const rest = row % (2 * width);
        return rest < width ? from(ours("attn.W_K"), h * width + rest, i) : from(ours("attn.W_V"), h * width + rest - width, i); // prettier-ignore
      }),
    );
    put("self_attn.multi_head_merge.weight", transposed({ shape: [d, d], data: ours("attn.W_O").data }));
    put("linear1.weight", transposed(ours("mlp.W_in")));
    put("linear1.bias", ours("mlp.b_in"));
    put("linear2.weight", transposed(ours("mlp.W_out")));
    put("linear2.bias", ours("mlp.b_out"));
    for (const n of [1, 2]) {
      put(`norm${n}.weight`, ours(`ln${n}.w`));
      put(`norm${n}.bias`, ours(`ln${n}.b`));
    }
  }
  out["output_map.weight"] =
    "unembed.W_U" in params ? transposed(params["unembed.W_U"]) : out["input_embedding.weight"];
  out["output_map.bias"] = params["unembed.b_U"];
  return out;
}

const arrayLike = ({ data }: NamedArray, size: number): FloatArray =>
  data instanceof Float32Array ? new Float32Array(size) : new Float64Array(size);

const zeros = (like: NamedArray, size: number): NamedArray => ({ shape: [size], data: arrayLike(like, size) });

/** `[h, a, b]` whose entries stand at `at(h, a, b)` of another array. */
function made(
  shape: readonly [number, number, number],
  from: NamedArray,
  at: (h: number, a: number, b: number) => number,
): NamedArray {
  const [H, A, B] = shape;
  const data = arrayLike(from, H * A * B);
  for (let h = 0, k = 0; h < H; h++)
    for (let a = 0; a < A; a++) for (let b = 0; b < B; b++) data[k++] = from.data[at(h, a, b)];
  return { shape, data };
}

function filled(
  like: NamedArray,
  shape: readonly [number, number],
  at: (row: number, column: number) => number,
): NamedArray {
  // prettier-ignore
  const data = arrayLike(like, shape[0] * shape[1]);
  for (let row = 0, k = 0; row < shape[0]; row++)
    for (let column = 0; column < shape[1]; column++) data[k++] = at(row, column);
  return { shape, data };
}

const transposed = (a: NamedArray): NamedArray =>
  filled(a, [a.shape[1], a.shape[0]], (row, column) => a.data[column * a.shape[1] + row]);
