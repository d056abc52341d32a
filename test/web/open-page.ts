import { AxeBuilder } from "@axe-core/playwright";
import type { BrowserContextOptions, Page } from "playwright-core";
import type { App } from "./browser.ts";

/** A page that asks no other host for anything. */
export async function openAt(app: App, hash: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await app.page(options);
  page.on("request", (request) => {
    if (!request.url().startsWith(app.url) && !/^(blob|data):/.test(request.url())) app.problems.push(request.url());
  });
  await page.goto(app.url + hash);
  await page.locator("main h1").first().waitFor();
  return page;
}

/** One line for each violation that axe finds. */
export async function violations(page: Page): Promise<readonly string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.map(
    ({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ target }) => target.join(" ")).join("; ")})`,
  );
}

/** By how many pixels something sticks out of the page at its side. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
