import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeNpz } from "../../tensor/formats/npz.ts";
import { decodeSafetensors } from "../../tensor/formats/safetensors.ts";
import { weightsHash } from "../../tensor/formats/weights-hash.ts";
import { plan, runId } from "../../train/plan.ts";
import { Place } from "../testing/io.ts";
import { tiny, tinyJson } from "../testing/tiny.ts";

let place: Place;
let summary: { readonly weightsHash: string };
const id = runId(plan(tiny));
const read = (name: string) => readFileSync(join(place.folder, name));
beforeAll(async () => {
  place = new Place();
  place.file("tiny.json", tinyJson);
  mkdirSync(join(place.folder, "folder"));
  const { stdout } = await place.call(["run", "tiny.json", "--json"]);
  summary = JSON.parse(stdout.trimEnd().split("\n").at(-1)!) as typeof summary;
});
afterAll(() => place.remove());

describe("groklab export", () => {
  it("writes curves as CSV, and says what and where", async () => {
    const { code, stdout, stderr } = await place.call(["export", "last", "--out", "run.csv"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(new RegExp(`^curves of ${id}: run\\.csv, [\\d.]+ kB\\n$`));
    const rows = read("run.csv").toString().trimEnd().split("\n");
    expect(rows).toHaveLength(22);
    expect(rows[0]).toContain("step");
  });

  it("writes the same to standard output", async () => {
    const { stdout } = await place.call(["export", id, "--format", "csv", "--out", "-"]);
    await place.call(["export", id, "--format", "csv", "--out", "same.txt"]);
    expect(stdout).toBe(read("same.txt").toString());
  });

  it("writes weights whose hash is the run's", async () => {
    await place.call(["export", id, "--out", "w.npz"]);
    await place.call(["export", id, "--out", "w.safetensors"]);
    expect(weightsHash(decodeNpz(read("w.npz")))).toBe(summary.weightsHash);
    expect(weightsHash(decodeSafetensors(read("w.safetensors")).arrays)).toBe(summary.weightsHash);
    const { bytes } = await place.call(["export", id, "--format", "npz", "--out", "-"]);
    expect(weightsHash(decodeNpz(bytes))).toBe(summary.weightsHash);
  });

  it("writes the weights of an earlier step", async () => {
    const { stdout } = await place.call(["export", id, "--out", "early.npz", "--step", "50"]);
    expect(stdout).toMatch(/^weights at step 50 of /);
    const cut = await place.call([
      "run",
      "tiny.json",
      "--json",
      "--store",
      "cut",
      "--stop-after",
      "1h",
      "--until",
      "train.loss<100",
      "--hold",
      "6",
    ]);
    expect(cut.stdout).toContain(weightsHash(decodeNpz(read("early.npz"))));
  });

  it("names the step of the newest whole checkpoint, though the run is evaluated further", async () => {
    await place.call(["run", "tiny.json", "--seed", "5", "--store", "killed"]);
    const name = runId(plan({ ...tiny, seed: 5 }));
    const checkpoint = (step: number) => join(place.folder, "killed", "checkpoints", name, `${step}.safetensors`);
    rmSync(checkpoint(200));
    const call = (out: string) => place.call(["export", name, "--out", out, "--store", "killed"]);
    expect((await call("150.npz")).stdout).toMatch(/^weights at step 150 of /);
    writeFileSync(checkpoint(150), "damaged");
    const { stdout, stderr } = await call("100.npz");
    expect(stdout).toMatch(/^weights at step 100 of /);
    expect(stderr).toMatch(/^groklab: .*150\.safetensors.*\n$/);
    await place.call(["export", name, "--out", "asked.npz", "--step", "100", "--store", "killed"]);
    expect(read("100.npz")).toEqual(read("asked.npz"));
  });

  it.each(["json", "parquet"])("writes %s", async (format) => {
    const { code } = await place.call(["export", id, "--out", `run.${format}`]);
    expect(code).toBe(0);
    expect(read(`run.${format}`).length).toBeGreaterThan(100);
  });

  it("writes over a file only with --force, and leaves no part of one behind", async () => {
    place.file("mine.csv", "mine");
    const refused = await place.call(["export", id, "--out", "mine.csv"]);
    expect(refused).toMatchObject({ code: 2, stderr: "groklab: --out mine.csv: it exists; --force writes over it\n" });
    expect(read("mine.csv").toString()).toBe("mine");
    expect((await place.call(["export", id, "--out", "mine.csv", "--force"])).code).toBe(0);
    expect(read("mine.csv").toString()).not.toBe("mine");
    expect(readdirSync(place.folder).filter((name) => name.includes(".part"))).toEqual([]);
  });

  it("writes to a device without replacing it", async () => {
    symlinkSync("/dev/null", join(place.folder, "nothing.csv"));
    expect((await place.call(["export", id, "--out", "nothing.csv"])).code).toBe(0);
    expect(readdirSync(place.folder, { withFileTypes: true }).find(({ name }) => name === "nothing.csv")!.isSymbolicLink()).toBe(true); // prettier-ignore
  });

  it.each([
    [
      "--format cvs --out x",
      '--format: "cvs" is not allowed; give one of csv, parquet, npz, safetensors, json; did you mean "csv"?',
    ],
    ["--out x", "--out x: its name tells no format; give --format, one of csv, parquet, npz, safetensors, json"],
    ["--out folder --format csv", "--out folder: it is a folder; give a file in it"],
    ["--out none/x.csv", "--out none/x.csv: there is no folder none; make it first"],
    ["--out tiny.json/x.csv", "--out tiny.json/x.csv: a part of its path is not a folder"],
    ["--out x.npz --step 55", `run ${id} has no checkpoint at step 55; nearest: 50 and 100`],
    ["--out x.npz --step half", '--step: "half" is not allowed; give a whole number of at least 0'],
    ["--out x.csv --step 50", "step: csv holds every step; a step is chosen for npz and safetensors only"],
  ])("refuses %s in one line", async (flags, line) => {
    const { code, stdout, stderr } = await place.call(["export", id, ...flags.split(" ")]);
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: "", stderr: `groklab: ${line}\n` });
    expect(readdirSync(place.folder).filter((name) => name.startsWith("x"))).toEqual([]);
  });

  it("sends no binary to a terminal", async () => {
    const { code, stderr } = await place.call(["export", id, "--format", "npz", "--out", "-"], { tty: true });
    expect(code).toBe(2);
    expect(stderr).toBe("groklab: --out -: npz is not text for a terminal; send it to a file or a pipe\n");
  });
});

describe("groklab figure", () => {
  it("draws the training curves as SVG", async () => {
    const { code, stdout } = await place.call(["figure", "last", "--out", "run.svg"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^training-curves of ${id}: run\\.svg, [\\d.]+ kB\\n$`));
    expect(read("run.svg").toString()).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
    const piped = await place.call(["figure", "last", "--out", "-"]);
    expect(piped.stdout).toBe(read("run.svg").toString());
  });
});
