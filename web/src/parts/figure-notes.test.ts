import { describe, expect, it } from "vitest";
import { trainingCurves } from "../../../src/figures/training-curves.ts";
import { notePanels, placeNotes } from "./figure-notes.ts";

const score = (loss: number, accuracy: number) => ({ loss, accuracy });
const evals = [0, 500, 1000].map((step) => ({
  ...{ step, normL1: 1, normL2: 1 },
  train: score(10 ** (-step / 250), step / 1000),
  test: score(1, 0),
}));

describe("notes on a figure", () => {
  const svg = trainingCurves(evals, { width: 700 });
  const panels = notePanels(svg);

  it("find the panels with both axes, each once", () => {
    expect(panels).toHaveLength(2);
    expect(panels[0]).toMatchObject({ xDomain: [0, 1000], yDomain: [0, 1], yScale: "linear" });
    expect(panels[1].yScale).toBe("log");
  });

  it("point at the value that they speak of, on either kind of axis", () => {
    const end = (panel: number, y: number) => {
      const [placed] = placeNotes([{ text: ["here"], panel, to: [500, y], at: [0.1, 0.5] }], panels);
      return placed.arrow.split(" ").slice(-2).map(Number);
    };
    const [top, bottom] = panels;
    expect(end(0, 0.5)).toEqual(
      [top.left + top.width / 2, top.top + top.height / 2].map((v) => Math.round(v * 10) / 10),
    );
    const [low, high] = bottom.yDomain!;
    const middle = Math.sqrt(low * high);
    expect(end(1, middle)[1]).toBeCloseTo(bottom.top + bottom.height / 2, 0);
  });

  it("stay inside their panel, and are left out where it is not there", () => {
    const [placed] = placeNotes([{ text: ["many words in one line"], to: [0, 0], at: [0.99, 0.2] }], panels);
    expect(placed.x + 22 * 6).toBeLessThan(panels[0].left + panels[0].width + 4);
    expect(placeNotes([{ text: ["lost"], panel: 7, to: [0, 0], at: [0, 0] }], panels)).toEqual([]);
  });
});
