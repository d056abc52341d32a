import { describe, expect, it } from "vitest";
import { nearestStop, placeOf, readPlotFrame, stopBeside, valueAt } from "./plot-frame.ts";

const attributes =
  (given: Readonly<Record<string, string>>) =>
  (name: string): string | null =>
    given[name] ?? null;

describe("a plot's frame", () => {
  const linear = { "data-plot": "40,10,200,100", "data-x-domain": "0,5000", "data-x-scale": "linear" };

  it("maps a place to a step and back", () => {
    const frame = readPlotFrame(attributes(linear))!;
    expect(valueAt(frame, 140)).toBe(2500);
    expect(placeOf(frame, 2500)).toBe(140);
    expect(valueAt(frame, -50)).toBe(0);
    expect(valueAt(frame, 1e9)).toBe(5000);
  });

  it("knows logarithmic axes", () => {
    const frame = readPlotFrame(attributes({ ...linear, "data-x-domain": "1,10000", "data-x-scale": "log" }))!;
    expect(valueAt(frame, 140)).toBeCloseTo(100);
    expect(placeOf(frame, 100)).toBeCloseTo(140);
  });

  it.each([{}, { "data-plot": "1,2,3" }, { ...linear, "data-x-domain": "7,7" }, { ...linear, "data-plot": "a,b,c,d" }])(
    "is not there where %j",
    (given) => {
      expect(readPlotFrame(attributes(given))).toBeUndefined();
    },
  );
});

describe("stops", () => {
  const stops = [0, 10, 100, 1000];
  it.each([
    [-5, 0],
    [4, 0],
    [5, 0],
    [6, 10],
    [54, 10],
    [56, 100],
    [1e9, 1000],
  ])("the nearest to %d is %d", (value, stop) => expect(nearestStop(stops, value)).toBe(stop));

  it("are walked one by one, and end at their ends", () => {
    expect(stopBeside(stops, 10, 1)).toBe(100);
    expect(stopBeside(stops, 10, -5)).toBe(0);
    expect(stopBeside(stops, 1000, 3)).toBe(1000);
    expect(stopBeside([], 7, 1)).toBe(7);
  });
});
