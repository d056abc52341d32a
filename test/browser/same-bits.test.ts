import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findNode, otherMajors } from "../../scripts/lib/nodes.mjs";
import { cases } from "./cases.ts";
import { bundleReport, inChromium, inNode, type Reports } from "./engines.ts";
import { report, resumed, run, type Report } from "./report.ts";

let here: Report;
let bundle: Awaited<ReturnType<typeof bundleReport>>;

beforeAll(async () => {
  bundle = await bundleReport();
  here = report();
});
afterAll(() => bundle.remove());

function expectTheSame({ main, worker }: Reports): void {
  expect(main).toEqual(here);
  expect(worker).toEqual(here);
}

describe("the report that every engine computes", () => {
  it("holds each case to its last step, and finite numbers", () => {
    for (const [name, { training }] of Object.entries(cases)) {
      expect(here[name].at(-1)).toMatch(
        new RegExp(`^finished at ${String(training?.["steps"])}: sha256:[0-9a-f]{64}$`),
      );
      expect(here[name].join(" ")).not.toMatch(/NaN|Infinity/);
    }
  });

  it("shows a change of one part in 10^15 of one option", () => {
    const [[name, experiment]] = Object.entries(cases);
    const learningRate = Number(experiment.optimizer["learningRate"]) * (1 + 1e-15);
    const changed = { ...experiment, optimizer: { ...experiment.optimizer, learningRate } };
    expect(run(changed)).not.toEqual(here[name]);
  });
});

describe("the same seed gives the same bits", () => {
  it.each(Object.entries(cases))("broken off, stored and continued: %s", (name, experiment) => {
    const [, , third] = here[name];
    expect(resumed(experiment, Number(third.split(" ")[0]))).toEqual(here[name]);
  });

  // Written on x86-64. A change of a kernel or a stream changes it: then `vitest run --project browser -u`, and say so in
  // the log, because every stored run's hash is another from there on. Elsewhere a difference is a machine that differs.
  it("on every machine: the hashes kept beside this test", async () => {
    const { functions, ...runs } = here;
    const ends = Object.entries(runs).map(([name, lines]) => `${name}: ${String(lines.at(-1))}`);
    await expect([...functions, ...ends, ""].join("\n")).toMatchFileSnapshot("hashes.txt");
  });

  it("in Chromium, in the page and in a worker", async () => {
    expectTheSame(await inChromium(bundle.file));
  });

  it("in another process of this Node, on the main thread and on a worker thread", async () => {
    expectTheSame(await inNode(process.execPath, bundle.file));
  });

  for (const major of otherMajors) {
    const node = findNode(major);
    // `npm run test:all` fetches the other Node. Without the npm registry it cannot, which only CI treats as a failure.
    it.skipIf(node === undefined && !process.env.CI)(`in Node ${major}, on both kinds of thread`, async () => {
      if (node === undefined) throw new Error(`Node ${major} is not here; npm run test:all fetches it`);
      const there = await inNode(node, bundle.file);
      expect(there.engine).toMatch(new RegExp(`^Node ${major}\\.`));
      expectTheSame(there);
    });
  }
});
