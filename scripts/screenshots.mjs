// A picture of every view of the built app at three widths in both themes, for a person to look at:
// `npm run build && npm run screenshots [view]` writes them to dist/screenshots. Of the story every chapter has a picture
// of its own, as a whole page of it would be too long to look at.
import { mkdirSync } from "node:fs";
import { chromium } from "playwright-core";
import { ensureChromium, flags } from "./lib/chromium.mjs";
import { main } from "./lib/main.mjs";
import { serveFolder } from "./lib/serve-folder.mjs";

const views = ["lab", "story", "sweeps", "runs", "structure"];
const widths = [1440, 768, 390];
const [only] = process.argv.slice(2);
/** Something to see in the lab and among the runs: a network that finds an algorithm within seconds. */
const run =
  "?task=modular-addition&p=31&dModel=64&dMlp=32&learningRate=0.003&weightDecay=1&steps=4000&evalEvery=50&seed=3";
const out = "dist/screenshots";

/**
 * Each chapter of the story, loaded by scrolling to it. What stays in view while one scrolls stands where it belongs.
 * @param {import("playwright-core").Page} page
 * @param {string} name of the files, after the chapter's
 */
async function photographStory(page, name) {
  await page.addStyleTag({ content: "#app > header, .lead, .controls { position: static !important }" });
  const parts = page.locator("article > header, article > section");
  for (let i = 0; i < (await parts.count()); i++) {
    const part = parts.nth(i);
    await part.scrollIntoViewIfNeeded();
    const height = (await part.boundingBox())?.height ?? 0;
    // Formulas and figures are drawn when they come near.
    for (let y = 0; y < height; y += 600) {
      await page.mouse.wheel(0, 600);
      await page.waitForTimeout(120);
    }
    await page.waitForTimeout(400);
    const id = (await part.getAttribute("aria-labelledby"))?.replace(/^story-|-title$/g, "") ?? "beginning";
    await part.screenshot({ path: `${out}/story-${String(i).padStart(2, "0")}-${id}-${name}.png` });
  }
}

await main(async () => {
  mkdirSync(out, { recursive: true });
  const server = await serveFolder("dist/web");
  const browser = await chromium.launch({ executablePath: await ensureChromium(), args: flags });
  try {
    for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
      const page = await browser.newPage({ colorScheme, viewport: { width: 1440, height: 900 } });
      page.on("pageerror", (error) => console.error(error.message));
      page.on("console", (message) => message.type() === "error" && console.error(message.text()));
      await page.goto(`${server.url}#/lab${run}`);
      await page.getByRole("button", { name: "Train", exact: true }).click();
      await page.waitForSelector(".hash code", { timeout: 120_000 });
      for (const width of widths) {
        await page.setViewportSize({ width, height: width < 500 ? 844 : 900 });
        for (const view of views.filter((name) => only === undefined || name === only)) {
          await page.goto(`${server.url}#/${view}`);
          await page.waitForSelector("h1");
          if (view === "runs") await page.locator("input[type=checkbox][aria-label^='Choose modular']").first().check();
          await page.waitForTimeout(800);
          if (view === "story") await photographStory(page, `${width}-${colorScheme}`);
          else await page.screenshot({ path: `${out}/${view}-${width}-${colorScheme}.png`, fullPage: true });
        }
      }
      await page.close();
    }
  } finally {
    await browser.close();
    server.close();
  }
});
