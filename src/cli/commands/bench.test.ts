import { afterAll, expect, it, vi } from "vitest";
import { works } from "../bench.ts";
import { Place } from "../testing/io.ts";

const updates = vi.hoisted(() => ({ done: 0 }));
vi.mock("../../train/setup.ts", async (importOriginal) => {
  const { setUp } = await importOriginal<typeof import("../../train/setup.ts")>();
  const counted = (...args: Parameters<typeof setUp>): ReturnType<typeof setUp> => {
    const setup = setUp(...args);
    return {
      ...setup,
      update: (...given) => {
        updates.done++;
        return setup.update(...given);
      },
    };
  };
  return { setUp: counted };
});

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
    ["steps/s", "float32"],
    ["GFLOP/s", "float32"],
    ["GFLOP/s", "float64"],
  ]);
  expect(lines.at(-1)).toMatchObject({
    type: "summary",
    machine: expect.any(String),
    software: expect.stringMatching(/^groklab /),
  });
  const table = await place.call(["bench", "--steps", "2", "--blocks", "1"]);
  expect(table.stdout).toMatch(/^work, one thread +type +median +least +greatest/);
  expect(table.stdout.split("\n")[1]).toMatch(/float32( +[\d,]+){3} {2}steps\/s {2}[\d.]+ ms$/);
});

it("groklab bench counts as many updates to a stretch as it measures", () => {
  // By this clock an update takes a quarter of a second, and nothing else takes any time.
  expect(works[0].measure({ blocks: 3, steps: 5, now: () => updates.done / 4 })).toEqual([4, 4, 4]);
  expect(updates.done).toBeGreaterThanOrEqual(15);
});
