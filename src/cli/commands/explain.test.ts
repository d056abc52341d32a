import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { transpose } from "../../analyses/matrix.ts";
import type { Matrix } from "../../analyses/network.ts";
import { adder, memorizer } from "../../analyses/testing/planted.ts";
import { encodeNpz } from "../../tensor/formats/npz.ts";
import type { NamedArray } from "../../tensor/index.ts";
import type { Experiment } from "../../train/experiment.ts";
import { plan, runId } from "../../train/plan.ts";
import { Place } from "../testing/io.ts";

/** A circle that is given, and five neurons that learn to use it: a second of training. */
const circle: Experiment = {
  task: { name: "modular-addition", p: 11, pairs: "unordered" },
  split: { trainFraction: 0.6 },
  model: { name: "factored", dModel: 2, dMlp: 5, frozenEmbedding: "circle-unit" },
  optimizer: { name: "adamw", learningRate: 0.05, weightDecay: 1e-4 },
  training: { steps: 400, evalEvery: 20, checkpointEvery: 100 },
  seed: 3,
};
const bits: Experiment = {
  task: { name: "sparse-parity", n: 8, k: 2, trainSize: 120, testSize: 200 },
  model: { name: "bit-mlp", dMlp: 12 },
  optimizer: { name: "adamw", learningRate: 0.02, weightDecay: 0.05 },
  training: { steps: 600, evalEvery: 20, checkpointEvery: 100 },
};
const array = ({ rows, cols, data }: Matrix): NamedArray => ({ shape: [rows, cols], data });
const jsonLines = (text: string) => text.trimEnd().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>); // prettier-ignore

let place: Place;
beforeAll(async () => {
  place = new Place();
  place.file("circle.json", JSON.stringify(circle));
  place.file("bits.json", JSON.stringify(bits));
  await place.call(["run", "circle.json"]);
  await place.call(["run", "bits.json"]);
  const three = [2, 5, 9].map((frequency, i) => ({ frequency, neurons: 5, rotation: 0.3 + i }));
  const { inputs, output } = adder(23, three, "relu");
  place.file("adder.npz", encodeNpz({ "fc1.weight": array(transpose(inputs[0])), "fc2.weight": array(transpose(output)), pair: { shape: [1, 2], data: Float64Array.of(3, 9) } })); // prettier-ignore
  const table = memorizer(13, 2);
  const known = [...table.examples.train.keys()].filter((i) => table.examples.train[i] === 1);
  const pairs = Float64Array.from(known.flatMap((i) => [table.examples.a[i], table.examples.b[i]]));
  const both = Float64Array.from([...table.inputs[0].data, ...table.inputs[1].data]);
  place.file(
    "table.npz",
    encodeNpz({
      first: { shape: [26, table.inputs[0].cols], data: both },
      second: array(table.output),
      pairs: { shape: [known.length, 2], data: pairs },
    }),
  );
});
afterAll(() => place.remove());

describe("groklab explain", () => {
  it("shows a run's mechanism with every number behind it", async () => {
    const { code, stdout, stderr } = await place.call(["explain", runId(plan(circle))]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(new RegExp(`^run +${runId(plan(circle))} at step 400, 5 checkpoints$`, "m"));
    expect(stdout).toMatch(/^evidence$/m);
    expect(stdout).toMatch(/accuracy of the rebuilt circuit on held-out pairs +[\d.]+ % +at least 90 %/);
    expect(stdout).toMatch(/^frequencies\n +frequency +neurons/m);
    expect(stdout).toMatch(
      /^neurons\n +neuron +input angle +norm +output angle +twice the input +off by +norm\n( +\d+ +-?[\d.]+° .*\n)+/m,
    );
    expect(stdout).toMatch(/^stages\n +to step/m);
    expect(stdout).toMatch(/^over the run\n/m);
    expect(stdout.split("\n").filter((line) => line.length > 100)).toEqual([]);
  });

  it("names the frequency that the run was given, whatever else it says", async () => {
    const lines = jsonLines((await place.call(["explain", runId(plan(circle)), "--json"])).stdout);
    expect(lines.slice(0, -1).every(({ type }) => type === "analysis")).toBe(true);
    const circuit = lines.find(({ name }) => name === "circuit") as { rows: { groups: { frequency: number }[] } };
    expect(circuit.rows.groups.map(({ frequency }) => frequency)).toEqual([1]);
    expect(lines.at(-1)).toMatchObject({ type: "explanation", kind: "modular", source: { kind: "run", step: 400 } });
  });

  it("explains an earlier checkpoint, by those up to it", async () => {
    const lines = jsonLines((await place.call(["explain", runId(plan(circle)), "--step", "200", "--json"])).stdout);
    expect(lines.at(-1)).toMatchObject({ source: { step: 200, checkpoints: [0, 100, 200] } });
    const wrong = await place.call(["explain", runId(plan(circle)), "--step", "150"]);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain("has no checkpoint at step 150; nearest: 100 and 200");
  });

  it("shows the digits of a parity", async () => {
    const { stdout } = await place.call(["explain", runId(plan(bits))]);
    expect(stdout).toMatch(/^digits\n +influence +1: /m);
    expect(stdout).toMatch(/^ +sub-network +\d+ of 12 neurons answer alike/m);
  });
});

describe("groklab explain of weights from elsewhere", () => {
  it("finds matrices, modulus and operation by themselves", async () => {
    const { code, stdout } = await place.call(["explain", "adder.npz"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Fourier circuit: adds with waves of frequencies 2, 5 and 9\n/);
    expect(stdout).toMatch(/^read as +fc1\.weightᵀ · fc2\.weightᵀ, relu/m);
    expect(stdout).toMatch(/^split +cannot be inferred, every pair is answered: all count as held out$/m);
  });

  it("calls a table a table where it is told the training pairs", async () => {
    const { stdout } = await place.call(["explain", "table.npz", "--train-pairs", "pairs", "--operation", "addition", "--activation", "relu"]); // prettier-ignore
    expect(stdout).toMatch(/^memorized table: /);
  });

  it("tells the split from the answers where these show it, and says what there is for it", async () => {
    const { stdout } = await place.call(["explain", "table.npz", "--embed", "first", "--output", "second"]);
    expect(stdout).toMatch(/^memorized table: /);
    expect(stdout).toMatch(/^split +inferred: the 50 of 169 pairs that it knows; about 0\.59 %/m);
    expect(stdout).toMatch(/^evidence for the split\n/m);
    expect(stdout).toMatch(/was inferred from which pairs it knows/);
  });

  it("counts the mirror image of a training pair as known where both operands are one", async () => {
    const call = ["explain", "adder.npz", "--embed", "fc1.weight", "--output", "fc2.weight", "--train-pairs", "pair"];
    const scores = jsonLines((await place.call([...call, "--json"])).stdout).find(({ name }) => name === "scores");
    expect(scores).toMatchObject({ rows: { train: { accuracy: 1 }, test: { accuracy: 1 } } });
    const { stdout } = await place.call(call);
    expect(stdout).toMatch(/^split +1 pairs? of pair$/m);
  });

  it("reads groklab's own export with its plan", async () => {
    const id = runId(plan(circle));
    await place.call(["export", id, "--out", "own.safetensors"]);
    const own = jsonLines((await place.call(["explain", "own.safetensors", "--json"])).stdout);
    const run = jsonLines((await place.call(["explain", id, "--json"])).stdout);
    expect(own.at(-1)).toMatchObject({ source: { split: "that of its plan, seed 3" }, mechanism: run.at(-1)!["mechanism"] }); // prettier-ignore
  });

  it.each([
    [["explain", "adder.npz", "--embed", "fc1.wieght"], /no array is called "fc1.wieght".*did you mean "fc1.weight"/],
    [["explain", "adder.npz", "--step", "3"], /--step: a file of weights is of one step/],
    [["explain", "adder.npz", "--p", "1"], /--p: "1" is not allowed; give a whole number from 2 to 1024/],
    [
      ["explain", "adder.npz", "--train-pairs", "none"],
      /--train-pairs: no array is called "none"; there are fc1.weight/,
    ],
    [["explain", "missing.npz"], /missing.npz cannot be read: it does not exist/],
    [["explain", "last", "--train-pairs", "x"], /--train-pairs: a run knows this itself/],
    [["explain", "adder.npz", "--operation", "addtion"], /--operation/],
  ])("refuses %s in one line", async (argv, message) => {
    const { code, stderr } = await place.call(argv);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });

  it("refuses a file that is not whole", async () => {
    place.file("broken.npz", "PK not a zip");
    const { code, stderr } = await place.call(["explain", "broken.npz"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/npz/);
  });
});
