import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { App } from "./browser.ts";
import { openAt, overflow, violations } from "./open-page.ts";

let app: App;
beforeAll(async () => {
  app = await App.open();
});
afterEach(() => app.expectNoComplaints());
afterAll(() => app.close());

describe("the sweeps view", () => {
  it("trains a small sweep, maps its verdicts, and judges them again by other thresholds", async () => {
    const page = await openAt(app, "#/sweeps");
    const starter = page.locator("form.card");
    await starter.getByLabel("Weight decays").fill("0, 0.1");
    await starter.getByLabel("Widths (neurons)").fill("16, 32");
    await starter.getByLabel("Seeds").fill("2");
    await starter.getByLabel("Steps").fill("400");
    await starter.getByRole("button", { name: "Train them" }).click();
    await page.getByText("8 of 8 runs are over.").waitFor({ timeout: 120_000 });
    const map = page.getByRole("group", { name: /^Cells of the map/ });
    expect(await map.locator("[data-cell]").count()).toBe(4);
    expect(await map.locator("[data-run]").count()).toBe(8);
    await page.getByRole("heading", { name: "Statistics over seeds" }).waitFor();

    const cell = page.locator(".detail p").first();
    const before = await cell.textContent();
    await map.focus();
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => cell.textContent()).not.toBe(before);

    const summary = () => map.getByRole("img").first().getAttribute("aria-label");
    const strict = await summary();
    await page.getByRole("slider", { name: /^learned/ }).fill("0");
    await expect.poll(summary).not.toBe(strict);
    await page.getByRole("button", { name: "As published" }).click();
    await expect.poll(summary).toBe(strict);
    expect(await violations(page)).toEqual([]);

    await page.getByRole("button", { name: "seed 0" }).click();
    await expect.poll(() => page.url()).toContain("#/lab?");
    await page.context().close();
  });

  it("shows the shipped map of 1,125 networks, and opens one of them", async () => {
    const page = await openAt(app, "#/sweeps?sweep=sparse-parity-sweep");
    const map = page.getByRole("group", { name: /^Cells of the map/ });
    await map.locator("[data-run]").first().waitFor();
    expect(await map.locator("[data-run]").count()).toBe(1125);
    await page.getByLabel("Colored by").selectOption({ label: "the delay from fitting to generalizing" });
    await map.getByText(/^delay from fitting to generalizing: up to [\d,]+$/).waitFor();
    expect(await map.locator("[data-run][fill-opacity]").count()).toBeGreaterThan(300);
    const heads = map.locator("svg text", { hasText: /^weightDecay/ });
    const tops = await heads.evaluateAll((texts) => texts.map((text) => Math.round(text.getBoundingClientRect().top)));
    expect(new Set(tops).size).toBe(1);
    await map.locator("[data-run]").first().click();
    await expect.poll(() => page.url()).toMatch(/#\/lab\?.*task=sparse-parity/);
    await page.context().close();
  });

  it.each([390, 768, 1440])(
    "shows seven hyperparameters in sixteen cells, and others as they are chosen, at %i px",
    async (width) => {
      const page = await openAt(app, "#/sweeps?sweep=architecture-sweep", { viewport: { width, height: 900 } });
      const map = page.getByRole("group", { name: /^Cells of the map/ });
      const cells = map.locator("[data-cell]");
      await cells.first().waitFor();
      expect(await cells.count()).toBe(16);
      expect(await map.locator("svg").textContent()).not.toContain("…");
      expect(await map.getByText("A cell holds every width, learningRate and penalty.").count()).toBe(1);
      expect(await overflow(page)).toBeLessThanOrEqual(0);

      // Small multiples of the cell that is pointed at, told apart by what is pooled.
      await cells.nth(5).hover();
      await page.getByRole("button", { name: /^width \d+, learningRate .*, penalty .*, seed 0$/ }).first().waitFor(); // prettier-ignore
      await page.getByLabel("Beside each other").selectOption("nothing");
      await expect.poll(() => cells.count()).toBe(4);
      await page.getByLabel("Beside each other").selectOption("penalty");
      await page.getByLabel("and", { exact: true }).selectOption("width");
      await page.getByLabel("Along", { exact: true }).selectOption("collapsedHidden");
      await expect.poll(() => cells.count()).toBe(24);
      expect(page.url()).toContain("facets=penalty%2Cwidth");
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      if (width === 768) expect(await violations(page)).toEqual([]);

      const named = await page.locator(".detail button").first().textContent();
      expect(named).toContain("learningRate");
      await map.locator("[data-run]").first().click();
      await expect.poll(() => page.url()).toMatch(/#\/lab\?.*task=modular-addition/);
      await page.context().close();
    },
  );

  it("says in one sentence what is wrong with a sweep", async () => {
    const page = await openAt(app, "#/sweeps");
    const starter = page.locator("form.card");
    await starter.getByLabel("Seeds").fill("50");
    await starter.getByLabel("Weight decays").fill("0 0.1 0.2 0.3 0.4");
    await starter.getByRole("button", { name: "Train them" }).click();
    await page
      .getByRole("alert")
      .getByText(/more than a page trains; at most 200 runs/)
      .waitFor();
    await starter.getByLabel("Weight decays").fill("much");
    await starter.getByRole("button", { name: "Train them" }).click();
    await page.getByRole("alert").getByText("is not a list of numbers").waitFor();
    await page.context().close();
  });

  it("fits a narrow page", async () => {
    const page = await openAt(app, "#/sweeps", { viewport: { width: 390, height: 844 } });
    await page.waitForTimeout(300);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await violations(page)).toEqual([]);
    await page.context().close();
  });
});
