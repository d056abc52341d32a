import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Place } from "../testing/io.ts";
import { tinyJson } from "../testing/tiny.ts";

let place: Place;
beforeAll(() => {
  place = new Place();
  place.file("tiny.json", JSON.stringify({ base: JSON.parse(tinyJson) as object, seeds: "0-4" }));
});
afterAll(() => place.remove());

const call = (text: string) => place.call(text.split(" "));

describe("a sweep in parts", () => {
  it("is trained by every part for itself, and read by every command as one", async () => {
    for (const part of ["1/2", "2/2"]) {
      const { code, stdout } = await call(`sweep tiny.json --workers 0 --shard ${part} --store parts`);
      expect(code).toBe(0);
      expect(stdout).toMatch(/trained\s+[23] runs/);
    }
    expect(existsSync(join(place.folder, "parts", "groklab.db"))).toBe(false);
    expect((await call("list sweeps --store parts")).stdout).toContain("tiny");
    expect((await call("show tiny --store parts")).stdout).toMatch(/0\/5|5\/5|[1-4]\/5/);
    expect((await call("export tiny --format csv --out runs.csv --store parts")).code).toBe(0);
    expect((await call("show last --store parts")).code).toBe(0);
    const again = await call("sweep tiny.json --workers 0 --store parts --json");
    expect(JSON.parse(again.stdout.trimEnd().split("\n").at(-1)!)).toMatchObject({ total: 5, before: 5, trained: 0 });
    const shown = await call("sweep tiny.json --workers 0 --shard 1/2 --dry-run --store parts");
    expect(shown.stdout).toMatch(/part 1 of 2/);
  });

  it.each([
    ["sweep tiny.json --shard 3/2", /^groklab: --shard: 3\/2 is not allowed; parts count from 1/],
    ["sweep tiny.json --shards 3", /^groklab: --shards: it belongs to --emit/],
    [
      "sweep tiny.json --shard 1/2 --queue redis://127.0.0.1",
      /^groklab: --shard: with --queue the workers share the runs/,
    ],
    ["sweep tiny.json --queue redis://127.0.0.1 --store memory:", /^groklab: --queue: no worker can reach memory:/],
    ["sweep tiny.json --queue", /^groklab: --queue: give an address/],
    [
      "sweep tiny.json --queue http://me:secret@host",
      /^groklab: --queue: "http:\/\/me@host" is not allowed; give redis:/,
    ],
    ["worker", /^groklab: worker: give --queue/],
    ["worker --queue redis://127.0.0.1 --store memory:", /^groklab: worker: memory: is gone with this process/],
    ["worker --queue redis://127.0.0.1 --workers 0", /^groklab: --workers: 0 is not allowed; give 1 to 1024/],
  ])("groklab %s: one line, exit 2", async (text, message) => {
    const { code, stdout, stderr } = await call(text);
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });

  it("a server that nobody is at is named without the password, exit 1", async () => {
    const { code, stderr } = await call("worker --queue redis://me:secret@127.0.0.1:1 --store folder");
    expect(stderr).toMatch(/^groklab: redis:\/\/me@127\.0\.0\.1:1: cannot be reached: connect ECONNREFUSED/);
    expect(stderr).not.toContain("secret");
    expect(code).toBe(1);
  });
});
