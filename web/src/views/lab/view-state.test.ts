import { describe, expect, it } from "vitest";
import { readView, writeView, type LabView } from "./view-state.ts";

const asItComes: LabView = { panel: "predictions", at: undefined, logSteps: false, ablated: [] };

describe("a link's view", () => {
  it("comes back as it was, and is not written where it is as it comes", () => {
    const view: LabView = { panel: "stars", at: 1500, logSteps: true, ablated: [3, 30] };
    const params = new URLSearchParams("seed=3");
    writeView(params, { ...view, ablated: [30, 3] });
    expect(params.toString()).toBe("seed=3&show=stars&at=1500&log=steps&off=3.30");
    expect(readView(params)).toEqual(view);
    const none = new URLSearchParams();
    writeView(none, asItComes);
    expect(none.toString()).toBe("");
  });

  it("that is wrong does no harm", () => {
    for (const query of ["show=<img>", "at=-1", "at=1e9", "log=yes", "off=x.-1.99999", "off=__proto__"]) {
      expect(readView(new URLSearchParams(query))).toEqual(asItComes);
    }
    const many = Array.from({ length: 9000 }, (_, i) => i % 1000).join(".");
    expect(readView(new URLSearchParams({ off: many })).ablated.length).toBeLessThanOrEqual(512);
  });
});
