import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openStore } from "../../runs/open-store.ts";
import { Place } from "../testing/io.ts";
import { storeTinySweep, tinySweepId } from "../testing/tiny-sweep.ts";

let place: Place;
beforeAll(async () => {
  place = new Place();
  await storeTinySweep(place.folder);
});
afterAll(() => place.remove());

const copy = (...args: readonly string[]) => place.call(["store", "copy", ".groklab", ...args]);
async function stored(folder: string) {
  const store = await openStore(join(place.folder, folder));
  const found = { runs: await store.list(), sweeps: await store.listSweeps() };
  await store.close();
  return found;
}

it("copies all runs and sweeps, and says so", async () => {
  const { code, stdout, stderr } = await copy("all");
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "11 runs:\n      11  copied\n", stderr: "" });
  expect(await stored("all")).toEqual(await stored(".groklab"));
  expect((await copy("all")).stdout).toBe("11 runs:\n      11  there already\n");
  const shown = await place.call(["show", "tiny", "--store", "all", "--json"]);
  expect(shown.code).toBe(0);
});

it("copies the runs of one sweep, or those named", async () => {
  expect((await copy("sweep", "--sweep", "tiny", "--json")).code).toBe(0);
  expect((await stored("sweep")).sweeps.map(({ id }) => id)).toEqual([tinySweepId]);
  const [first] = (await stored(".groklab")).runs;
  const { stdout } = await copy("one", "--runs", `last,${first.id}`, "--json");
  const lines = stdout.trimEnd().split("\n").map((line) => JSON.parse(line) as unknown); // prettier-ignore
  expect(lines).toEqual([
    { type: "run", id: first.id, outcome: "copied", note: null },
    { type: "summary", from: ".groklab", to: "one", total: 1, copied: 1, updated: 0, there: 0, held: 0, different: 0, failed: 0, left: 0 }, // prettier-ignore
  ].map((line, i) => (i === 0 ? line : { ...line, from: expect.stringContaining(".groklab") as string, to: expect.stringContaining("one") as string }))); // prettier-ignore
  expect((await stored("one")).runs).toEqual([first]);
  expect((await stored("one")).sweeps).toEqual([]);
});

it("exits with 1 and names the run where another one is in its place", async () => {
  const [first] = (await stored(".groklab")).runs;
  const store = await openStore(join(place.folder, "other"));
  const claim = await store.claim(first.id, first.plan);
  await store.append(claim, [{ ...first.last!, step: 0 }]);
  await store.finish(claim, { status: "finished", seconds: 1, weightsHash: "sha256:00" });
  await store.close();
  const { code, stdout, stderr } = await copy("other", "--runs", first.id);
  expect(code).toBe(1);
  expect(stdout).toMatch(/1 {2}different there, and left as they are/);
  expect(stderr).toContain(`different: ${first.id}: another run of the same plan`);
});

it.each([
  [["store", "cpy", "a", "b"], 'cannot "cpy"; known: copy; did you mean "copy"?'],
  [["store", "copy", ".groklab"], "give a to"],
  [["store", "copy", ".groklab", "./.groklab/"], "is both of them"],
  [["store", "copy", ".groklab", "memory:"], "memory: ends with the command"],
  [["store", "copy", "nothing-here", "x"], "no run is stored in nothing-here"],
  [["store", "copy", ".groklab", "x", "--sweep", "tinny"], 'did you mean "tiny"?'],
  [["store", "copy", ".groklab", "x", "--sweep", "tiny", "--runs", "last"], "not both"],
])("%j is a wrong call", async (argv, message) => {
  const { code, stderr } = await place.call(argv);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});
