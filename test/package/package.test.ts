import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { read, root } from "../tree.ts";

const run = promisify(execFile);
let folder: string;
const inFolder = (program: string, ...args: string[]) => run(program, args, { cwd: folder, maxBuffer: 1e8 });

/** What the files of a user would see: the package packed, and installed in an empty folder. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "groklab-package-"));
  const pack = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
  const { stdout } = await run("npm", pack, { cwd: root });
  const [packed] = Object.values(JSON.parse(stdout) as Record<string, { filename: string }>);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  await inFolder("npm", "install", "--prefer-offline", "--no-audit", "--no-fund", `./${packed?.filename ?? ""}`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the package, installed in an empty folder", () => {
  it("runs the library example of the README", async () => {
    const example = /^```ts\n([\s\S]*?)^```/m.exec(read("README.md"))?.[1] ?? "";
    writeFileSync(join(folder, "example.mjs"), example);
    const { stdout, stderr } = await inFolder(process.execPath, "example.mjs");
    const rows = stdout
      .trim()
      .split("\n")
      .map((line) => line.split(" ").map(Number));
    expect(rows.map(([step]) => step)).toEqual([0, 200, 400, 600, 800, 1000]);
    const [, known] = rows.at(-1) ?? [];
    expect(known).toBeGreaterThan(0.9);
    expect(stderr).toBe("");
  });

  it("brings the command, which trains and ends with a summary", async () => {
    const { stdout } = await inFolder("npx", "groklab", "run", "quick", "--steps", "100", "--json");
    const rows = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { type: string; weightsHash?: string });
    expect(rows[0]?.type).toBe("eval");
    expect(rows.at(-1)).toMatchObject({ type: "summary", weightsHash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) });
  });

  it("trains a sweep on threads", async () => {
    const args = ["groklab", "sweep", "quick", "--set", "steps=100", "--seeds", "1-3", "--workers", "2", "--json"];
    const { stdout } = await inFolder("npx", ...args);
    const rows = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { type: string; outcome?: string });
    expect(rows.map(({ type }) => type)).toEqual(["run", "run", "run", "summary"]);
    expect(rows[0]?.outcome).toBe("finished");
  });

  it("runs the library example of docs/sweeps.md", async () => {
    const example = /^```js\n([\s\S]*?)^```/m.exec(read("docs/sweeps.md"))?.[1] ?? "";
    writeFileSync(join(folder, "sweep.mjs"), example);
    const { stdout } = await inFolder(process.execPath, "sweep.mjs");
    const counts = [...stdout.matchAll(/: (\d+)/g)].map(([, n]) => Number(n));
    expect(counts.reduce((sum, n) => sum + n, 0)).toBe(6);
  });

  it("answers a wrong call with one line and exit code 2", async () => {
    const failed = await inFolder("npx", "groklab", "run", "modular-adition").catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 2, stdout: "" });
    const { stderr } = failed as { stderr: string };
    expect(stderr.split("\n").filter((line) => !line.startsWith("npm ") && line !== "")).toHaveLength(1);
    expect(stderr).toContain("modular-addition");
  });

  it("has types, and no tests", () => {
    const at = (file: string) => readFileSync(join(folder, "node_modules/groklab", file), "utf8");
    expect(at("dist/src/index.d.ts")).toContain("train");
    expect(() => at("dist/src/rng/stream.test.js")).toThrow("ENOENT");
  });
});
