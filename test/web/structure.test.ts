import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { encodeRecordings } from "../../src/runs/recording/encode.ts";
import type { Recording } from "../../src/runs/recording/recording.ts";
import { plan } from "../../src/train/plan.ts";
import { App } from "./browser.ts";
import { openAt, overflow, violations } from "./open-page.ts";

let app: App;
beforeAll(async () => {
  app = await App.open();
});
afterEach(() => app.expectNoComplaints());
afterAll(() => app.close());

/** A planted run: in-domain accuracy is best at step 2, the generalization of deep ones rises later. */
function planted(nLayers: number, seed: number): Recording {
  const late = nLayers === 4 && seed === 0;
  return {
    plan: plan({
      task: { name: "question-formation" },
      model: { name: "transformer", nLayers, dModel: 16, nHeads: 2 },
      optimizer: { name: "adamw" },
      training: { steps: 40 },
      seed,
    }),
    evals: [0, 10, 20, 30, 40].map((step) => ({
      step,
      train: { loss: 1, accuracy: step === 20 ? 1 : 0.99 },
      test: { loss: 1, accuracy: late && step > 20 ? 0.97 : 0.3 },
      normL1: 1,
      normL2: 10 + step,
      measures: { treeScore: step / 100, "test.accuracy.ORC": 0.5 },
    })),
    tracks: [],
  };
}
const runs = [planted(2, 0), planted(2, 1), planted(4, 0), planted(4, 1)];

describe("the structure view", () => {
  it("shows the shipped seeds of question formation, and what one of them makes of a sentence", async () => {
    const page = await openAt(app, "#/structure");
    await page.getByRole("heading", { name: "Seed by seed" }).waitFor();
    expect(await page.getByRole("img", { name: /^Seed \d+\. / }).count()).toBeGreaterThanOrEqual(4);
    await page.getByRole("img", { name: /tree/i }).first().waitFor();
    expect(await violations(page)).toEqual([]);
    await page.context().close();
  });

  it("says how to make a run where there is none", async () => {
    const page = await openAt(app, "#/lab");
    await page.route("**/recordings/index.json", (route) => route.fulfill({ json: [] }));
    await page.goto(`${app.url}#/structure`);
    await page.getByText("No transformer has been trained here yet").waitFor();
    expect(await page.getByText("npx groklab run").count()).toBe(1);
    expect(await violations(page)).toEqual([]);
    await page.context().close();
  });

  it.each([390, 1440])("shows planted runs: seeds, early stopping, depths, measures, at %i px", async (width) => {
    const page = await openAt(app, "#/lab", { viewport: { width, height: 900 } });
    const words = ["my", "walrus", "does", "giggle"];
    const even = Array.from({ length: 5 }, (_, i) => Array.from({ length: 5 }, (_, j) => (j <= i ? 1 / (i + 1) : 0)));
    const { runId } = await import("../../src/train/plan.ts");
    const sentence = {
      ...{ run: runId(runs[2].plan), step: 40, words, attention: [[even, even]] },
      ...{ projected: [0, [1, [2, 3]]], gold: [[0, 1], [2, 3]] }, // prettier-ignore
    };
    const files: Readonly<Record<string, string | Buffer>> = {
      "index.json": JSON.stringify(["structure.rec", "structure-sentences.json"]),
      "structure.rec": Buffer.from(encodeRecordings(runs)),
      "structure-sentences.json": JSON.stringify([sentence]),
    };
    await page.route("**/recordings/*", (route) => {
      const body = files[route.request().url().split("/").at(-1) ?? ""];
      return body === undefined ? route.fulfill({ status: 404 }) : route.fulfill({ body });
    });
    await page.evaluate(() => (location.hash = "#/structure"));
    await page
      .getByRole("img", { name: /^Accuracy over the seeds, 4 layers/ })
      .first()
      .waitFor();
    const bars = page.getByRole("img", { name: /4 layers 1 of 2 at the end, 0 if stopped early/ });
    await bars.first().waitFor();
    await page
      .getByRole("img", { name: /^Seed 0\. .*Generalization ends at 97%; early stopping would have stopped at step/ })
      .first()
      .waitFor();
    await page.getByRole("row", { name: /ORC 50\.0 %/ }).waitFor();
    await page
      .getByRole("img", { name: /2 of 3 brackets in common/ })
      .first()
      .waitFor();
    await page
      .getByRole("img", { name: /Attention of 1 layer with 2 heads/ })
      .first()
      .waitFor();
    await page.getByLabel("Layers", { exact: true }).selectOption("2");
    await page.getByRole("heading", { name: "Seed 0 from inside" }).waitFor();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await violations(page)).toEqual([]);
    await page.context().close();
  });
});
