import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findNode, otherMajors } from "../../scripts/lib/nodes.mjs";
import { bundleReport, inChromium, inNode } from "./engines.ts";
import { report, type Report } from "./report.ts";

let here: Report;
let bundle: Awaited<ReturnType<typeof bundleReport>>;

beforeAll(async () => {
  bundle = await bundleReport();
  here = await report();
});
afterAll(() => bundle?.remove());

describe("the same seed gives the same bits", () => {
  it("in Chromium, in the page and in a worker", async () => {
    const there = await inChromium(bundle.file);
    expect(there.main).toEqual(here);
    expect(there.worker).toEqual(here);
  });

  it("in another process of this Node, on the main thread and on a worker thread", async () => {
    const there = await inNode(process.execPath, bundle.file);
    expect(there.main).toEqual(here);
    expect(there.worker).toEqual(here);
  });

  for (const major of otherMajors) {
    const node = findNode(major);
    // `npm run test:all` fetches the other Node. Without the npm registry it cannot, which only CI treats as a failure.
    it.skipIf(node === undefined && !process.env.CI)(`in Node ${major}, on both kinds of thread`, async () => {
      if (node === undefined) throw new Error(`Node ${major} is not here; npm run test:all fetches it`);
      const there = await inNode(node, bundle.file);
      expect(there.engine).toMatch(new RegExp(`^Node ${major}\\.`));
      expect(there.main).toEqual(here);
      expect(there.worker).toEqual(here);
    });
  }
});
