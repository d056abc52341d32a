import { afterAll, expect, it } from "vitest";
import { Place } from "../testing/io.ts";

const place = new Place();
afterAll(() => place.remove());

it("groklab bench measures every work and says on what", async () => {
  const { code, stdout } = await place.call(["bench", "--steps", "2", "--blocks", "1", "--json"]);
  expect(code).toBe(0);
  const lines = stdout.trimEnd().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>); // prettier-ignore
  expect(lines.slice(0, -1).map(({ unit, dtype }) => [unit, dtype])).toEqual([
    ["steps/s", "float32"],
    ["steps/s", "float64"],
    ["steps/s", "float32"],
    ["steps/s", "float64"],
    ["GFLOP/s", "float32"],
    ["GFLOP/s", "float64"],
  ]);
  // The clock of these tests moves on by a millisecond at each look: two steps take one.
  expect(lines.slice(0, 4).map(({ median }) => Math.round(median as number))).toEqual([2000, 2000, 2000, 2000]);
  expect(lines.at(-1)).toMatchObject({
    type: "summary",
    machine: expect.any(String),
    software: expect.stringMatching(/^groklab /),
  });
  const table = await place.call(["bench", "--steps", "2", "--blocks", "1"]);
  expect(table.stdout).toMatch(/^work, one thread +type +median +least +greatest/);
  expect(table.stdout.split("\n")[1]).toMatch(/float32 +2,000 +2,000 +2,000 {2}steps\/s {2}0\.5 ms$/);
});
