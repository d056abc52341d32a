import { AxeBuilder } from "@axe-core/playwright";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { decodeSafetensors } from "../../src/tensor/formats/safetensors.ts";
import { weightsHash } from "../../src/tensor/formats/weights-hash.ts";
import { plan, withOption } from "../../src/train/plan.ts";
import { App, endOf, forkedHashInNode, hashInNode, linkTo, quickPlan, short, trainToEnd } from "./browser.ts";

let app: App;
beforeAll(async () => {
  app = await App.open();
});
afterEach(() => app.expectNoComplaints());
afterAll(() => app.close());

const shortPlan = plan(short);
const status = "section[aria-label=Training]";

describe("the lab", () => {
  it("trains a whole run to the bits of the command line, and so does its link in another profile", async () => {
    const expected = hashInNode(await quickPlan());
    const page = await app.page();
    await page.goto(`${app.url}#/lab`);
    expect(await trainToEnd(page)).toBe(expected);
    expect(await page.textContent("#outcome-title")).toContain("grok");

    const other = await app.page();
    await other.goto(page.url());
    await other.getByText("not started").waitFor();
    expect(await trainToEnd(other)).toBe(expected);
    await other.context().close();
    await page.context().close();
  });

  it("pauses, goes on by single steps, and forks with other options, as its link does", async () => {
    const page = await app.page();
    await page.goto(app.url + linkTo(shortPlan));
    await page.getByRole("button", { name: "Train", exact: true }).click();
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByText("paused").waitFor();
    const step = async () => Number(/step ([\d,]+) of/.exec((await page.textContent(status)) ?? "")?.[1]?.replaceAll(",", "")); // prettier-ignore
    const before = await step();
    expect(before).toBeLessThan(4000);
    await page.getByRole("button", { name: "One step" }).click();
    await page.waitForFunction(
      ([selector, next]) => document.querySelector(selector)?.textContent?.includes(`step ${next} of`),
      [status, (before + 1).toLocaleString("en")],
    );
    const at = before + 1;

    await page.getByLabel("weight decay").fill("0.1");
    await page.getByRole("button", { name: /Fork at step/ }).click();
    const expected = forkedHashInNode(shortPlan, at, plan(withOption(shortPlan, "weightDecay", "0.1")));
    expect(await endOf(page)).toBe(expected);
    expect(page.url()).toContain(`fork=${at}%3Boptimizer.weightDecay%3D0.1`);
    expect(await page.getByRole("list", { name: "Runs laid over" }).getByRole("listitem").count()).toBe(2);
    // The curve says where.
    const curves = page.getByRole("slider", { name: /Accuracy and loss/ });
    expect(await curves.locator("text", { hasText: /^fork$/ }).count()).toBe(1);
    expect(await curves.getAttribute("aria-valuetext")).toContain(`fork at step ${at.toLocaleString("en")}.`);

    const other = await app.page();
    await other.goto(page.url());
    expect(await trainToEnd(other)).toBe(expected);
    await other.context().close();
    await page.context().close();
  });

  it("goes on after a reload, to the same bits", async () => {
    const page = await app.page();
    await page.goto(app.url + linkTo(shortPlan));
    await page.getByRole("button", { name: "Train", exact: true }).click();
    await page.waitForFunction(
      (selector) => /step ([\d,]+) of/.exec(document.querySelector(selector)?.textContent ?? "")?.[1]?.includes(","),
      status,
    );
    await page.reload();
    expect(await endOf(page)).toBe(hashInNode(shortPlan));
    // Evaluations from before the reload are still there.
    expect(await page.getByRole("slider").getAttribute("aria-valuemin")).toBe("0");
    await page.context().close();
  });

  it("is scrubbed by mouse, by touch and by keyboard, with the weights in step", async () => {
    const page = await app.page({ hasTouch: true });
    await page.goto(app.url + linkTo(shortPlan));
    await trainToEnd(page);
    const slider = page.getByRole("slider", { name: /Accuracy and loss/ });
    const now = async () => Number(await slider.getAttribute("aria-valuenow"));
    await slider.focus();
    await page.keyboard.press("End");
    expect(await now()).toBe(4000);
    await page.keyboard.press("ArrowLeft");
    expect(await now()).toBe(3950);
    await page.keyboard.press("PageDown");
    expect(await now()).toBe(3450);
    await page.keyboard.press("Home");
    expect(await now()).toBe(0);
    expect(await slider.getAttribute("aria-valuetext")).toContain("step 0.");
    await page.getByRole("heading", { name: "Inside, at step 0" }).waitFor();

    const box = (await slider.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + 100);
    expect(Math.abs((await now()) - 2000)).toBeLessThan(200);
    await page.touchscreen.tap(box.x + box.width * 0.25, box.y + 100);
    expect(Math.abs((await now()) - 950)).toBeLessThan(250);
    await page.context().close();
  });

  it("ablates neurons and says what becomes of the loss; tells right answers from wrong", async () => {
    const page = await app.page();
    await page.goto(app.url + linkTo(plan(withOption(shortPlan, "steps", "1000"))));
    await trainToEnd(page);
    await page.getByText("Ablate: set neurons to zero").click();
    await page.getByRole("button", { name: "Neuron 0", exact: true }).click();
    const row = page.getByRole("row", { name: /ablated/ });
    await row.waitFor();
    const scores = async (name: RegExp) => (await page.getByRole("row", { name }).textContent())?.trim();
    expect(await scores(/ablated/)).not.toBe((await scores(/as trained/))?.replace("as trained", "ablated"));
    for (const panel of ["Weights", "Spectrum", "Waves", "Stars", "Progress"]) {
      await page.getByRole("button", { name: panel, exact: true }).click();
      await page.locator("section[aria-labelledby=inside-title] figure svg").first().waitFor();
    }
    await page.getByRole("button", { name: "Mechanism", exact: true }).click();
    await page.getByRole("region", { name: "Evidence" }).waitFor();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.target.join(" ") ?? ""}`)).toEqual([]);
    await page.getByRole("button", { name: "Predictions", exact: true }).click();
    expect(await page.getByRole("list", { name: "Key" }).textContent()).toMatch(/train, right: \d+.*test, wrong: \d+/s);
    await page.context().close();
  });

  it("holds its view in the address: panel, step, axis and ablated neurons, in another profile, too", async () => {
    const page = await app.page();
    await page.goto(app.url + linkTo(plan(withOption(shortPlan, "steps", "1000"))));
    await trainToEnd(page);
    await page.getByRole("button", { name: "Stars", exact: true }).click();
    await page.getByText("Ablate: set neurons to zero").click();
    await page.getByRole("button", { name: "Neuron 5", exact: true }).click();
    await page.getByLabel("logarithmic steps").check();
    await page.getByRole("slider", { name: /Accuracy and loss/ }).press("PageDown");
    await expect.poll(() => page.url()).toMatch(/show=stars&at=500&log=steps&off=5$/);

    const other = await app.page();
    await other.goto(page.url());
    await trainToEnd(other);
    await other.getByRole("heading", { name: "Inside, at step 500" }).waitFor();
    expect(await other.getByRole("button", { name: "Stars", exact: true }).getAttribute("aria-pressed")).toBe("true");
    expect(await other.getByLabel("logarithmic steps").isChecked()).toBe(true);
    await other.getByRole("row", { name: /ablated/ }).waitFor();
    expect(await other.getByRole("slider", { name: /Accuracy and loss/ }).getAttribute("aria-valuenow")).toBe("500");
    await other.context().close();
    await page.context().close();
  });

  it("is used by keyboard alone: train, scrub, look inside, ablate", async () => {
    const page = await app.page();
    await page.goto(app.url + linkTo(plan(withOption(shortPlan, "steps", "500"))));
    await page.getByRole("button", { name: "Train", exact: true }).waitFor();
    /** Tab until something of this name has the focus. */
    const reach = async (name: RegExp): Promise<void> => {
      for (let i = 0; i < 150; i++) {
        await page.keyboard.press("Tab");
        const focused = await page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent.trim() ?? ""); // prettier-ignore
        if (name.test(focused)) return;
      }
      throw new Error(`no ${name.source} is reached by Tab`);
    };
    await reach(/^Train$/);
    await page.keyboard.press("Enter");
    await endOf(page);
    await reach(/^Accuracy and loss: step shown/);
    await page.keyboard.press("ArrowLeft");
    await page.getByRole("heading", { name: "Inside, at step 4" }).waitFor();
    await reach(/^Weights$/);
    await page.keyboard.press("Enter");
    await reach(/^Weights\. /);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("row", { name: /ablated/ }).waitFor();
    await page.context().close();
  });

  it("trains a transformer, and looks into it: answers, attention, trees, rule", async () => {
    const page = await app.page({ viewport: { width: 390, height: 844 } });
    const small = plan({
      task: { name: "question-formation" },
      model: { name: "transformer", nLayers: 1, dModel: 32, nHeads: 2 },
      optimizer: { name: "adamw" },
      training: { steps: 40, evalEvery: 20, evalSequences: 20 },
    });
    await page.goto(app.url + linkTo(small));
    expect(await trainToEnd(page)).toBe(hashInNode(small));
    const inside = page.locator("section[aria-labelledby=inside-title]");
    await inside.getByText(/The first 200 of [\d,]+, wrong answers first/).waitFor();
    await inside.getByRole("button", { name: "Weights", exact: true }).click();
    await inside
      .getByRole("img", { name: /Attention of 1 layer with 2 heads each/ })
      .first()
      .waitFor();
    await inside.getByRole("button", { name: "Mechanism", exact: true }).click();
    await inside.getByRole("cell", { name: "prefers the linear rule's word" }).waitFor();
    await inside.getByRole("button", { name: "Waves", exact: true }).click();
    await inside.getByText("this one reads words").waitFor();
    expect(await page.getByText("loss (nats per token)").count()).toBe(1);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.target.join(" ") ?? ""}`)).toEqual([]);
    await page.context().close();
  });

  it("exports curves and weights with the bits it shows, and takes a run in again elsewhere", async () => {
    const page = await app.page();
    await page.goto(app.url + linkTo(plan(withOption(shortPlan, "steps", "500"))));
    const hash = await trainToEnd(page);
    const saved = async (name: string) => {
      const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name }).click()]);
      return (await download.path()) ?? "";
    };
    const weights = decodeSafetensors(new Uint8Array(readFileSync(await saved("Weights, safetensors"))));
    expect(weightsHash(weights.arrays)).toBe(hash);
    const csv = readFileSync(await saved("Curves, CSV"), "utf8");
    expect(csv.split("\n")).toHaveLength(13);
    expect(readFileSync(await saved("Figure, SVG"), "utf8")).toMatch(/^<svg/);
    expect([...readFileSync(await saved("Figure, PNG")).subarray(1, 4)].map((c) => String.fromCharCode(c)).join("")).toBe("PNG"); // prettier-ignore
    const file = await saved("Run, JSON");

    const other = await app.page();
    await other.goto(`${app.url}#/lab`);
    await other.getByLabel("Import a run file").setInputFiles(file);
    await other.getByText("1 of 1 runs are new here").waitFor();
    await other.goto(`${app.url}#/runs`);
    await other.getByRole("row", { name: /modular-addition/ }).waitFor();
    await other.context().close();
    await page.context().close();
  });

  it.each([
    ["steps=999999999", "more than a page trains"],
    ["p=3.5", "is not allowed"],
    ["weihgtDecay=1", "did you mean"],
    ["task=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E", "unknown task"],
    ["fork=%3Cscript%3E", "needs a step"],
    ["__proto__=1", "__proto__"],
    ["p=1e999", "is not allowed"],
    [`seed=${"9".repeat(40)}`, "is not allowed"],
    [`run=${"a".repeat(90)}`, "is not stored"],
    ["task=agreement&model=transformer&trainSize=300001", "more than a page trains"],
  ])("refuses a hostile link with a sentence: %s", async (query, words) => {
    const page = await app.page();
    let alerts = 0;
    page.on("dialog", (dialog) => {
      alerts++;
      void dialog.dismiss();
    });
    await page.goto(`${app.url}#/lab?${query}`);
    await page.getByText(words).first().waitFor();
    expect(alerts).toBe(0);
    await page.context().close();
  });

  it.each([
    [
      "a script in every name",
      (text: string) =>
        text
          .replace(/"software":"[^"]*"/, '"software":"<img src=x onerror=alert(1)>"')
          .replace(/"id":"[^"]*"/, '"id":"<script>alert(1)</script>"'),
      "1 of 1 runs are new here",
    ],
    ["a prototype", (text: string) => text.replace('"task":{', '"task":{"__proto__":{"x":1},'), "__proto__"],
    [
      "a depth without end",
      (text: string) => text.replace('"task":{', `"task":{"q":${"[".repeat(1e6)}${"]".repeat(1e6)},`),
      "task",
    ],
    ["its second half missing", (text: string) => text.slice(0, text.length / 2), "this is not JSON"],
    ["a hundred megabytes", (text: string) => text + " ".repeat(100 * 2 ** 20), "larger than 64 MB"],
  ])("takes no harm from a run file with %s", async (_, change, words) => {
    const tiny = plan(withOption(shortPlan, "steps", "50"));
    const record = { id: "x", plan: tiny, status: "finished", step: 0, software: "x", createdAt: "2026-01-01", updatedAt: "2026-01-01", seconds: 1 }; // prettier-ignore
    const score = { loss: 1, accuracy: 0 };
    const evals = [0, 50].map((step) => ({ step, train: score, test: score, normL1: 1, normL2: 1 }));
    const folder = mkdtempSync(join(tmpdir(), "groklab-hostile-"));
    const file = join(folder, "run.json");
    writeFileSync(file, change(JSON.stringify({ ...record, evals })));
    const page = await app.page();
    let alerts = 0;
    page.on("dialog", (dialog) => {
      alerts++;
      void dialog.dismiss();
    });
    await page.goto(`${app.url}#/lab`);
    await page.getByLabel("Import a run file").setInputFiles(file);
    await page.locator("section[aria-labelledby=share-title]").getByText(words).waitFor();
    await page.goto(`${app.url}#/runs`);
    await page.locator("main h1").waitFor();
    expect(await page.evaluate(() => ({}))).toEqual({});
    expect(alerts).toBe(0);
    await page.context().close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("says beside the field what is wrong with it, and starts nothing", async () => {
    const page = await app.page();
    await page.goto(`${app.url}#/lab`);
    await page.getByLabel("learning rate", { exact: true }).fill("-1");
    const field = page.getByLabel("learning rate", { exact: true });
    expect(await field.getAttribute("aria-invalid")).toBe("true");
    const described = (await field.getAttribute("aria-describedby"))?.split(" ") ?? [];
    expect(await page.textContent(`#${described.at(-1) ?? ""}`)).toContain("a number above 0");
    expect(await page.getByRole("button", { name: "Train", exact: true }).isDisabled()).toBe(true);
    await page.context().close();
  });
});
