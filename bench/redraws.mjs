// How long a group of the story's figures takes to be drawn again when its step changes, in Chromium with software
// rendering: `npm run build && node bench/redraws.mjs`. A frame is 16 ms.
import { chromium } from "playwright-core";
import { ensureChromium, flags } from "../scripts/lib/chromium.mjs";
import { main } from "../scripts/lib/main.mjs";
import { serveFolder } from "../scripts/lib/serve-folder.mjs";

const chapters = ["grok", "waves", "digits", "decay", "five", "stars", "again", "construction"];
const moves = 60;

await main(async () => {
  const server = await serveFolder("dist/web");
  const browser = await chromium.launch({
    executablePath: await ensureChromium(),
    args: [...flags, "--disable-gpu"],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(`${server.url}#/story`);
    await page.waitForSelector("h1");
    console.log(`milliseconds of script, style and layout for one step, ${moves} steps; visible figures of the group`);
    console.log("chapter        median    95 %     max");
    for (const id of chapters) {
      await page.locator(`#story-${id}`).scrollIntoViewIfNeeded();
      await page.locator(`#story-${id} :is([role=slider], input[type=range])`).first().scrollIntoViewIfNeeded();
      await page.waitForTimeout(1000);
      const times = await page.evaluate(measure, { id, moves });
      const at = (/** @type {number} */ share) => times[Math.floor(share * (times.length - 1))].toFixed(1).padStart(8);
      console.log(`${id.padEnd(13)}${at(0.5)}${at(0.95)}${at(1)}`);
    }
  } finally {
    await browser.close();
    server.close();
  }
});

/**
 * In the page: moves the chapter's figures one step at a time. Ascending milliseconds.
 * @param {{ id: string, moves: number }} what
 */
async function measure({ id, moves }) {
  const slider = document.querySelector(`#story-${id} [role=slider]`);
  const range = /** @type {HTMLInputElement | null} */ (document.querySelector(`#story-${id} input[type=range]`));
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const times = [];
  for (let i = 0; i < moves; i++) {
    await frame();
    await frame();
    const began = performance.now();
    if (slider) {
      const key = i % 2 === 0 ? "ArrowLeft" : "ArrowRight";
      slider.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    } else if (range) {
      range.value = String((i * 7) % 60);
      range.dispatchEvent(new Event("input", { bubbles: true }));
    }
    // Svelte draws in a microtask; asking for a place makes the browser lay out.
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    document.body.getBoundingClientRect();
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b);
}
