import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Experiment } from "../../train/experiment.ts";
import { Place } from "../testing/io.ts";
import { tinyJson } from "../testing/tiny.ts";

/** A circle that is given, and five neurons that learn to use it. */
const circle: Experiment = {
  task: { name: "modular-addition", p: 11, pairs: "unordered" },
  split: { trainFraction: 0.6 },
  model: { name: "factored", dModel: 2, dMlp: 5, frozenEmbedding: "circle-unit" },
  optimizer: { name: "adamw", learningRate: 0.05, weightDecay: 1e-4 },
  training: { steps: 400, evalEvery: 20, checkpointEvery: 100 },
  seed: 3,
};

let place: Place;
beforeAll(async () => {
  place = new Place();
  place.file("circle.json", JSON.stringify(circle));
  place.file("bits.json", tinyJson);
  await place.call(["run", "bits.json"]);
  await place.call(["run", "circle.json"]);
});
afterAll(() => place.remove());
const bytes = (name: string): Buffer => readFileSync(join(place.folder, name));

describe("groklab figure", () => {
  const network = ["training-curves", "weights", "waves", "spectrum", "stars", "neuron-circle", "neuron-components", "logits", "embedding", "embedding-circle", "progress", "announcements", "ablations"]; // prettier-ignore
  it.each(network)("draws %s of a run on numbers", async (name) => {
    const pair = name === "logits" ? ["--a", "3", "--b", "9"] : [];
    const { code, stdout } = await place.call(["figure", "modular", name, "--out", "-", ...pair]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
    expect(stdout).not.toMatch(/NaN|undefined/);
  });

  it.each(["training-curves", "parity-weights", "weight-trajectories"])("draws %s of a run on bits", async (name) => {
    const { code, stdout } = await place.call(["figure", "sparse", name, "--out", "-"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
  });

  it("draws the checkpoint of the step that it is told", async () => {
    const { stdout } = await place.call(["figure", "modular", "weights", "--step", "100", "--out", "-"]);
    expect(stdout).toContain(`data-step="100"`);
    const wrong = await place.call(["figure", "modular", "weights", "--step", "130", "--out", "-"]);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(/has no checkpoint at step 130; the nearest are at 0, 100, 200\n$/);
  });

  it("writes PNG, with its own fonts", async () => {
    const { code, stdout } = await place.call(["figure", "last", "stars", "--out", "stars.png", "--scale", "1"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^stars of modular-addition-\S+: stars\.png, [\d.]+ kB\n$/);
    const png = bytes("stars.png");
    expect(png.subarray(0, 8).toString("latin1")).toBe("\x89PNG\r\n\x1a\n");
    expect(png.readUInt32BE(16)).toBe(720);
    await place.call(["figure", "last", "stars", "--out", "large.png", "--theme", "dark", "--width", "400"]);
    expect(bytes("large.png").readUInt32BE(16)).toBe(800);
  });

  it("needs no run for a construction", async () => {
    const call = ["figure", "construction-error", "--set", "modulus=12", "--set", "activation=square", "--out", "-"];
    const { code, stdout } = await place.call([...call, "--store", "nowhere"]);
    expect(code).toBe(0);
    expect(stdout).toContain(`data-modulus="12"`);
    expect(readdirSync(place.folder)).not.toContain("nowhere");
  });

  it("says what a run lacks for a figure", async () => {
    const { code, stderr } = await place.call(["figure", "sparse", "stars", "--out", "x.svg"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/this figure needs a network on pairs of numbers\n$/);
    expect(readdirSync(place.folder)).not.toContain("x.svg");
  });

  it("lists what it can draw", async () => {
    const { code, stdout } = await place.call(["figure"]);
    expect(code).toBe(0);
    for (const name of [...network, "parity-weights", "circle-sum"]) expect(stdout).toContain(name);
    const listed = await place.call(["list", "figures", "logits"]);
    expect(listed.stderr).toBe("");
    expect(listed.stdout).toContain("second number");
  });

  it("writes over nothing", async () => {
    place.file("there.svg", "mine");
    const { code } = await place.call(["figure", "last", "--out", "there.svg"]);
    expect(code).toBe(2);
    expect(bytes("there.svg").toString()).toBe("mine");
  });
});

describe("groklab explain --out", () => {
  it("writes the report, and the rows beside it", async () => {
    const { code, stdout, stderr } = await place.call(["explain", "modular", "--out", "report"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^evidence$/m);
    expect(stderr).toMatch(/^groklab: report\/report\.html and \d+ files of rows written\n$/);
    const page = bytes("report/report.html").toString();
    expect(page).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
    expect(page).not.toMatch(/NaN|undefined/);
    expect(page).toContain("groklab explain modular --out report");
    const files = readdirSync(join(place.folder, "report"));
    for (const file of files.filter((name) => name.endsWith(".json"))) {
      expect(page).toContain(`<code>${file}</code>`);
      expect(() => JSON.parse(bytes(`report/${file}`).toString()) as unknown).not.toThrow();
    }
    expect(files).toEqual(expect.arrayContaining(["circuit.json", "progress.json", "experiment.json", "evals.json"]));
  });

  it("can be run again from the plan beside it", async () => {
    await place.call(["explain", "sparse", "--out", "bits"]);
    const again = await place.call(["run", "bits/experiment.json", "--store", "memory:", "--json"]);
    expect(again.code).toBe(0);
  });

  it("writes over no report", async () => {
    const { code, stderr } = await place.call(["explain", "modular", "--out", "report"]);
    expect(code).toBe(2);
    expect(stderr).toBe("groklab: --out report: it has a report already; --force writes over it\n");
    const forced = await place.call(["explain", "modular", "--out", "report", "--force"]);
    expect(forced.code).toBe(0);
    const onFile = await place.call(["explain", "modular", "--out", "circle.json"]);
    expect(onFile.stderr).toBe("groklab: --out circle.json: it is not a folder; give one, or one to make\n");
  });
});
