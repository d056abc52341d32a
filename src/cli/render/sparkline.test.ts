import { describe, expect, it } from "vitest";
import { sparkline } from "./sparkline.ts";

const unicode = { unicode: true };

describe("sparkline", () => {
  it("goes from the lowest block at 0 to the highest at 1", () => {
    expect(sparkline([0, 1 / 7, 0.5, 6 / 7, 1], 5, unicode)).toBe("▁▂▅▇█");
  });

  it("keeps to the range", () => expect(sparkline([-3, 7], 2, unicode)).toBe("▁█"));

  it("averages what shares a column, and stretches what has several", () => {
    expect(sparkline([0, 1, 1, 1], 2, unicode)).toBe("▅█");
    expect(sparkline([0, 1], 6, unicode)).toBe("▁▁▁███");
  });

  it("leaves a column blank that has no finite value", () => {
    expect(sparkline([0, NaN, 1], 3, unicode)).toBe("▁ █");
    expect(sparkline([], 3, unicode)).toBe("   ");
  });

  it("has a form in ASCII", () => expect(sparkline([0, 0.5, 1], 3, { unicode: false })).toBe("_~#"));
});
