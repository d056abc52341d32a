import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toPublished } from "../../models/transformer-published.ts";
import { decodeSafetensors, encodeSafetensors } from "../../tensor/formats/safetensors.ts";
import type { NamedArrays } from "../../tensor/index.ts";
import { Place } from "../testing/io.ts";

const sizes = { trainSize: 300, validationSize: 40, generalizationSize: 40 };
const asked = Object.entries(sizes).flatMap(([name, value]) => ["--set", `${name}=${value}`]);
let place: Place;
let published: NamedArrays;

/** A run, exported, and the same weights as PyTorch would have saved them. */
beforeAll(async () => {
  place = new Place();
  const experiment = {
    task: { name: "question-formation", ...sizes },
    model: { name: "transformer", dModel: 16, nLayers: 2, nHeads: 2, mlpRatio: 1.5 },
    optimizer: { name: "adamw", learningRate: 0.003 },
    training: { steps: 20, evalEvery: 10, checkpointEvery: 10 },
  };
  place.file("qf.json", JSON.stringify(experiment));
  await place.call(["run", "qf.json"]);
  await place.call(["export", "last", "--format", "safetensors", "--out", "own.safetensors"]);
  const { arrays } = decodeSafetensors(readFileSync(join(place.folder, "own.safetensors")));
  published = toPublished(arrays);
  save("published.safetensors", published);
});
afterAll(() => place.remove());

const save = (file: string, arrays: NamedArrays): void =>
  writeFileSync(join(place.folder, file), encodeSafetensors(arrays));
type Row = Readonly<Record<string, unknown>>;
const rows = (stdout: string): Row[] => stdout.trim().split("\n").map((line) => JSON.parse(line) as Row); // prettier-ignore
const part = (of: readonly Row[], name: string): unknown => of.find((row) => row["name"] === name)?.["rows"];

describe("groklab explain, of a language model's file", () => {
  it("measures weights by the published names as it measures the run that they are of", async () => {
    const call = ["explain", "published.safetensors", "--task", "question-formation", "--heads", "2", ...asked];
    const outside = await place.call([...call, "--json"]);
    expect([outside.code, outside.stderr]).toEqual([0, ""]);
    const [of, own] = [rows(outside.stdout), rows((await place.call(["explain", "last", "--json"])).stdout)];
    for (const name of ["heads", "trees", "sparsity", "example"]) expect(part(of, name)).toEqual(part(own, name)); // prettier-ignore
    const live = (found: readonly Row[]): number => (part(found, "norms") as { readonly live: number }).live;
    expect(live(of)).toBeCloseTo(live(own), 10); // its tensors are added up in the file's order
    expect(of.at(-1)?.["rule"]).toEqual(own.at(-1)?.["rule"]);
    const evals = rows((await place.call(["show", "last", "--json"])).stdout);
    const last = evals.filter(({ type }) => type === "eval").at(-1)!;
    expect(of.at(-1)?.["source"]).toMatchObject({ kind: "weights", measured: { train: last["train"], test: last["test"] } }); // prettier-ignore
  });

  it("tells rule, heads and trees in words, without a course", async () => {
    const { code, stdout } = await place.call(["explain", "published.safetensors", "--task", "question-formation", "--heads", "2", ...asked]); // prettier-ignore
    expect(code).toBe(0);
    for (const words of ["rule, where the two differ", "2 layers of width 16, 2 heads, feed-forward 24", "in-domain", "F1 with gold"]) expect(stdout).toContain(words); // prettier-ignore
    expect(stdout).not.toMatch(/stopping early|NaN|undefined/);
  });

  it("knows its own exports by their plan, and writes a page of them", async () => {
    const { code, stdout } = await place.call(["explain", "own.safetensors", "--out", "page"]);
    expect(code).toBe(0);
    expect(stdout).toContain("own.safetensors");
    const page = readFileSync(join(place.folder, "page", "report.html"), "utf8");
    expect(page).toContain("What it can do");
    expect(page).not.toMatch(/NaN|undefined|What happened when|stopping early/);
  });

  it.each([
    [["published.safetensors"], "--task: weights by the published names do not tell their task"],
    [["published.safetensors", "--task", "question-formatin"], 'unknown task "question-formatin"'],
    [["published.safetensors", "--task", "tense-inflection", "--heads", "2"], "the weights' vocabulary has 71 rows"],
    [["published.safetensors", "--task", "question-formation", "--heads", "3"], "nHeads: 3 heads cannot share"],
    [["published.safetensors", "--task", "question-formation", "--p", "67"], "--p: these are the weights of a lang"],
    [["other.safetensors", "--task", "question-formation", "--heads", "2"], '"trafo.encoder.layers.0.attn.c_attn.weight" is no parameter'], // prettier-ignore
    [["short.safetensors", "--task", "question-formation", "--heads", "2"], "trafo.encoder.layers.1.linear1.weight is [24, 15], and should be [24, 16]"], // prettier-ignore
    [["bare.safetensors"], "bare.safetensors: a transformer without its plan"],
    [["foreign.safetensors"], "the checkpoint is of another network: blocks.0.attn.W_Q is [2, 16, 7]"],
    [["own.safetensors", "--task", "dyck"], "--task: this file brings its plan along"],
    [["last", "--task", "dyck"], "--task: a run knows this itself"],
    [["own.safetensors", "--step", "10"], "--step: a file of weights is of one step"],
  ])("%j: one line, exit 2", async (args, words) => {
    const weight = published["trafo.encoder.layers.1.linear1.weight"];
    save("other.safetensors", { ...published, "trafo.encoder.layers.0.attn.c_attn.weight": weight });
    const narrow = { shape: [24, 15], data: weight.data.slice(0, 360) };
    save("short.safetensors", { ...published, "trafo.encoder.layers.1.linear1.weight": narrow });
    const { arrays, metadata } = decodeSafetensors(readFileSync(join(place.folder, "own.safetensors")));
    save("bare.safetensors", arrays);
    const W_Q = { shape: [2, 16, 7], data: new Float32Array(224) };
    writeFileSync(join(place.folder, "foreign.safetensors"), encodeSafetensors({ ...arrays, "blocks.0.attn.W_Q": W_Q }, metadata)); // prettier-ignore
    const { code, stdout, stderr } = await place.call(["explain", ...args]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(words);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });
});
