// A picture of every view of the built app at three widths in both themes, for a person to look at:
// `npm run build && npm run screenshots` writes them to dist/screenshots.
import { mkdirSync } from "node:fs";
import { chromium } from "playwright-core";
import { ensureChromium, flags } from "./lib/chromium.mjs";
import { main } from "./lib/main.mjs";
import { serveFolder } from "./lib/serve-folder.mjs";

const views = ["story", "lab", "sweeps", "runs", "structure"];
const widths = [390, 768, 1440];
const [only] = process.argv.slice(2);

await main(async () => {
  const out = "dist/screenshots";
  mkdirSync(out, { recursive: true });
  const server = await serveFolder("dist/web");
  const browser = await chromium.launch({ executablePath: await ensureChromium(), args: flags });
  try {
    for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
      for (const width of widths) {
        const page = await browser.newPage({ colorScheme, viewport: { width, height: width < 500 ? 844 : 900 } });
        page.on("pageerror", (error) => console.error(`${error.message}`));
        page.on("console", (message) => message.type() === "error" && console.error(message.text()));
        for (const view of views.filter((name) => only === undefined || name === only)) {
          await page.goto(`${server.url}#/${view}`);
          await page.waitForSelector("h1");
          await page.waitForTimeout(500);
          await page.screenshot({ path: `${out}/${view}-${width}-${colorScheme}.png`, fullPage: view !== "story" });
        }
        await page.close();
      }
    }
  } finally {
    await browser.close();
    server.close();
  }
});
