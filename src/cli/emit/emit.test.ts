import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { newFolder } from "../../../test/store/folders.ts";
import { chooseSweep } from "../sweep-choice.ts";
import { emitScript, type EmitOptions } from "./index.ts";

const options = { store: ".groklab", program: "groklab", cwd: ".", seeds: "0-29" };
const emit = (kind: string, more: Partial<EmitOptions> = {}, what = "quick") => {
  const all = { ...options, ...more };
  return emitScript(what, chooseSweep(what, all, all.cwd), { ...all, kind });
};

/** A folder whose `groklab` writes down its arguments, one per line. */
function noting(): { readonly folder: string; readonly run: (script: string, env?: object) => readonly string[][] } {
  const folder = newFolder();
  mkdirSync(folder, { recursive: true });
  const program = join(folder, "groklab");
  // The line is written at once: parts run side by side.
  writeFileSync(program, `#!/bin/sh\nprintf '%s\\n' "$(printf '%s\\001' "$@")"\n`);
  chmodSync(program, 0o755);
  return {
    folder,
    run: (script, env = {}) => {
      const file = join(folder, "script.sh");
      writeFileSync(file, script);
      const path = `${folder}:${process.env["PATH"] ?? ""}`;
      const said = execFileSync("bash", [file], { encoding: "utf8", env: { ...process.env, PATH: path, ...env } });
      return said.trimEnd().split("\n").map((line) => line.split("\u0001").slice(0, -1)); // prettier-ignore
    },
  };
}

const awkward = `note='a b' $HOME "x"; touch pwned #`;

describe("a script for SLURM", () => {
  it("has a task for each part, and trains that part", () => {
    const script = emit("slurm", { shards: 8, workers: 4 });
    expect(script).toMatch(/^#!\/bin\/bash\n/);
    expect(script).toContain("\n#SBATCH --array=1-8\n");
    expect(script).toContain("\n#SBATCH --cpus-per-task=4\n");
    const [args] = noting().run(script, { SLURM_ARRAY_TASK_ID: "3" });
    expect(args).toEqual(["sweep", "quick", "--seeds", "0-29", "--workers", "4", "--shard", "3/8"]);
  });

  it("hands every word on as it was given", () => {
    const [args] = noting().run(emit("slurm", { store: `it's ${awkward}` }), { SLURM_ARRAY_TASK_ID: "1" });
    expect(args[args.indexOf("--store") + 1]).toBe(`it's ${awkward}`);
  });

  it("holds no password", () => {
    const script = emit("slurm", { store: "postgres://me:s3cret%40x@db.example:5432/runs?sslmode=require" });
    expect(script).toContain("--store 'postgres://me@db.example:5432/runs?sslmode=require'");
    expect(script).not.toContain("s3cret");
    expect(script).toContain("PGPASSWORD");
    expect(script.indexOf("#SBATCH --signal")).toBeLessThan(script.indexOf("PGPASSWORD"));
  });
});

describe("a script for one machine", () => {
  it("runs every part once, hands every word on, and needs no GNU parallel", () => {
    const said = noting().run(emit("parallel", { shards: 3, store: `it's ${awkward}` }));
    expect(said.map((args) => String(args.at(-1))).sort()).toEqual(["1/3", "2/3", "3/3"]);
    for (const args of said) expect(args[args.indexOf("--store") + 1]).toBe(`it's ${awkward}`);
  });
});

interface Manifest {
  readonly kind: string;
  readonly data: Record<string, string>;
  readonly spec: {
    readonly completions: number;
    readonly completionMode: string;
    readonly template: {
      readonly spec: { readonly containers: readonly { readonly command: string[]; readonly env?: unknown }[] };
    };
  };
}
const manifests = (text: string) => parseAllDocuments(text).map((document) => document.toJS() as Manifest);

describe("a manifest for Kubernetes", () => {
  it("is an indexed job with a pod for each part", () => {
    const [job] = manifests(emit("kubernetes", { shards: 5 }));
    expect(job).toMatchObject({ kind: "Job", spec: { completions: 5, completionMode: "Indexed" } });
    const [{ command }] = job.spec.template.spec.containers;
    expect(command.slice(0, 2)).toEqual(["npx", "--yes"]);
    expect(command[2]).toMatch(/^groklab@\d/);
    expect(command.slice(3)).toEqual(["sweep", "quick", "--seeds", "0-29", "--workers", "2", "--shard", "/5"]);
  });

  it("brings the sweep's file, whatever is in it, and reads the password from a secret", () => {
    const folder = newFolder();
    mkdirSync(folder, { recursive: true });
    const text = "base: quick\nset: { steps: 50 }\nseeds: 0-3 # 'a' \"b\" --- {{x}}\n";
    writeFileSync(join(folder, "mine.yaml"), text);
    const more = { cwd: folder, store: "postgres://me:s3cret@db/runs", seeds: "0-29" };
    const found = emit("kubernetes", more, "mine.yaml");
    const [map, job] = manifests(found);
    expect(map).toMatchObject({ kind: "ConfigMap", data: { "mine.yaml": text } });
    const [{ command, env }] = job.spec.template.spec.containers;
    expect(command[4]).toBe("/groklab-sweep/mine.yaml");
    expect(command).toContain("postgres://me@db/runs");
    expect(JSON.stringify(env)).toContain("secretKeyRef");
    expect(found).not.toContain("s3cret");
  });
});

describe("--emit", () => {
  it.each([
    ["slrum", {}, /"slrum" is not allowed; give slurm, kubernetes, parallel; did you mean "slurm"/],
    ["slurm", { shards: 31 }, /--shards: 31 is not allowed; this sweep has 30 runs/],
    ["slurm", { shards: 0 }, /--shards: 0 is not allowed/],
    ["slurm", { workers: 0 }, /--workers: 0 is not allowed with --emit/],
    ["slurm", { store: "a\nb" }, /holds a line break/],
  ])("refuses %s with %j", (kind, more, message) => {
    expect(() => emit(kind, more)).toThrow(message);
  });
});
