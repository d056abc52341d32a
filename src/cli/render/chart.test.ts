import { describe, expect, it } from "vitest";
import { chart, type ChartOptions, type ChartSeries } from "./chart.ts";
import { plain, styleFor } from "./style.ts";
import { width } from "./text.ts";

const series = (name: string, ...values: readonly number[]): ChartSeries => ({
  name,
  points: values.map((value, i) => ({ step: 100 * i, value })),
});
const options: ChartOptions = { title: "accuracy", columns: 16, rows: 3, style: plain, scale: "linear", range: [0, 1] };

describe("chart", () => {
  it("draws the first curve dotted and the second, on top, as a line with corners", () => {
    const lines = chart([series("train", 1, 1, 1), series("test", 0, 0, 1)], options);
    expect(lines).toEqual([
      "accuracy  · train  ─ test",
      "  1│··········╭",
      "0.5│          │",
      "  0│──────────╯",
      "   └───────────",
      "    0  step 200",
    ]);
  });

  it("falls with the other corners", () => {
    const lines = chart([series("train"), series("test", 1, 0)], options);
    expect(lines.slice(1, 4)).toEqual(["  1│──────────╮", "0.5│          │", "  0│          ╰"]);
  });

  it("leaves out what a logarithmic axis cannot show", () => {
    const lines = chart([series("train", 1, 0.1, 0), series("test", NaN, Infinity, 0.01)], {
      ...options,
      scale: "log",
      range: undefined as never,
    });
    expect(lines[1]).toMatch(/^ +1│·/);
    expect(lines[3]).toMatch(/^0\.01│/);
  });

  it("says so when there is nothing to draw", () => {
    expect(chart([series("train", NaN), series("test")], options)).toEqual(["accuracy", "no finite value"]);
  });

  it("draws a single point and a flat line", () => {
    const { range: _, ...free } = options;
    expect(chart([series("train", 0.5), series("test", 0.5)], free).join("\n")).toContain("─");
    expect(chart([series("train", 2, 2), series("test", 2, 2)], free).join("\n")).toContain("─");
  });

  it("survives a quarter of a million evaluations", () => {
    const many = { name: "test", points: Array.from({ length: 250_000 }, (_, step) => ({ step, value: step })) };
    const { range: _, ...free } = options;
    expect(chart([many, many], free)).toHaveLength(6);
  });

  it("has a form in ASCII, no line of it wider than asked", () => {
    const dumb = styleFor({ isTTY: true }, { TERM: "dumb" });
    const lines = chart([series("train", 0, 1, 1), series("test", 0, 0, 1)], { ...options, style: dumb, columns: 40 });
    expect(lines.every((line) => /^[ -~]*$/.test(line))).toBe(true);
    expect(Math.max(...lines.map(width))).toBeLessThanOrEqual(40);
  });

  it("spreads steps in proportion on a logarithmic step axis", () => {
    const points = [1, 10, 100].map((step, i) => ({ step, value: i / 2 }));
    const lines = chart(
      [
        { name: "train", points: [] },
        { name: "test", points },
      ],
      { ...options, stepScale: "log", columns: 15 },
    );
    // The second of three steps, ten times the first, lies in the middle.
    expect(lines[3]).toBe("  0│─────╯");
    expect(lines[1]).toBe("  1│         ╭");
  });
});
