import { expect, it } from "vitest";
import { readWideCsv } from "./reference-curves.ts";

const exported = `"Step","seed 42 - acc","seed 42 - acc__MIN","seed, 52 - acc"
3000,0.3,0.3,0.5
6000,0.04,0.04,
9000,0.9,0.9,NaN
`;

it("reads a column for each run, without the trackers' extremes", () => {
  const [first, second, ...rest] = readWideCsv(exported, "x.csv");
  expect(rest).toEqual([]);
  expect(first).toEqual({ name: "seed 42 - acc", steps: Float64Array.of(3000, 6000, 9000), values: Float64Array.of(0.3, 0.04, 0.9) }); // prettier-ignore
  expect(second).toEqual({ name: "seed, 52 - acc", steps: Float64Array.of(3000), values: Float64Array.of(0.5) });
});

it.each([
  ["", "x.csv: give a header: the step, then a column for each run"],
  ["1,2\n3,4\n", "x.csv, line 1: numbers where the names of columns belong"],
  ["step,a\n1,2,3\n", "x.csv, line 2: 3 cells, the header has 2"],
  ["step,a\n1,2\n2,high\n", 'x.csv, line 3, column 2: "high" is not a number'],
  ["step,a\n,2\n", "x.csv, line 2: no step"],
])("names what is wrong: %j", (content, message) => {
  expect(() => readWideCsv(content, "x.csv")).toThrow(message);
});
