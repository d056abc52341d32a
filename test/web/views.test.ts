import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { App } from "./browser.ts";

let app: App;
beforeAll(async () => {
  app = await App.open();
});
afterEach(() => app.expectNoComplaints());
afterAll(() => app.close());

const views = ["story", "lab", "sweeps", "runs", "structure"];
const settled = async (page: Page, view: string): Promise<void> => {
  await page.goto(`${app.url}#/${view}`);
  await page.locator("main h1").first().waitFor();
  await page.locator("main [role=status] svg .unknown").waitFor({ state: "detached" }).catch(() => undefined); // prettier-ignore
};

describe("every view", () => {
  for (const colorScheme of ["light", "dark"] as const) {
    it.each(views)(`has no accessibility violations, ${colorScheme}: %s`, async (view) => {
      const page = await app.page({ colorScheme, reducedMotion: "reduce" });
      await settled(page, view);
      const { violations } = await new AxeBuilder({ page }).analyze();
      const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).slice(0, 3).join(", ")}`); // prettier-ignore
      expect(told).toEqual([]);
      await page.context().close();
    });
  }

  it.each(views)("fits a narrow screen: %s", async (view) => {
    const page = await app.page({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    await settled(page, view);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.context().close();
  });

  it("is reached by keyboard alone, and read from its top", async () => {
    const page = await app.page();
    await settled(page, "story");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to content");
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
    for (const view of views) {
      await page.getByRole("link", { name: view, exact: false }).first().focus();
      await page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: new RegExp(`^${view}$`, "i") }).press("Enter"); // prettier-ignore
      await page.waitForFunction((name) => location.hash.startsWith(`#/${name}`), view);
      // The page hears of its new address a moment after the address bar shows it.
      const title = `${view.charAt(0).toUpperCase()}${view.slice(1)} · groklab`;
      await page.waitForFunction((wanted) => document.title === wanted, title);
    }
    await page.context().close();
  });

  it("shows the colors that the reader chose, and keeps the choice", async () => {
    const page = await app.page({ colorScheme: "light" });
    await settled(page, "runs");
    const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const light = await paper();
    await page.getByLabel("Colors").selectOption("dark");
    const dark = await paper();
    expect(dark).not.toBe(light);
    await page.reload();
    expect(await paper()).toBe(dark);
    await page.context().close();
  });

  it("says so where an address names no view", async () => {
    const page = await app.page();
    await page.goto(`${app.url}#/nothing`);
    await page.getByText("There is no such view").waitFor();
    await page.context().close();
  });

  it("loads less than 250 kB of script at first", async () => {
    const page = await app.page();
    const { gzipSync } = await import("node:zlib");
    const scripts: Promise<Buffer>[] = [];
    page.on("response", (response) => {
      if (response.url().endsWith(".js")) scripts.push(response.body());
    });
    await settled(page, "story");
    await page.waitForLoadState("networkidle");
    const bodies = await Promise.all(scripts);
    const bytes = bodies.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0);
    expect(bytes).toBeLessThan(250_000);
    await page.context().close();
  });
});
