// What a reader waits for, in Chromium with software rendering: `npm run build && node bench/page.mjs [--rounds 5]`.
// Script of the first load, time until the first figure answers a key, and redraws of a sweep of 10,000 runs.
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { expand, runId } from "../dist/src/index.js";
import { ensureChromium, flags } from "../scripts/lib/chromium.mjs";
import { main } from "../scripts/lib/main.mjs";
import { serveFolder } from "../scripts/lib/serve-folder.mjs";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "5" } } });
/** @param {readonly number[]} numbers */
const sorted = (numbers) => [...numbers].sort((a, b) => a - b);
/** @param {readonly number[]} numbers @param {number} share */
const at = (numbers, share) => sorted(numbers)[Math.floor(share * (numbers.length - 1))] ?? NaN;
/** @param {readonly number[]} numbers */
const line = (numbers) => [0.5, 0.95, 1].map((share) => at(numbers, share).toFixed(1).padStart(8)).join("");

await main(async () => {
  const server = await serveFolder("dist/web");
  const browser = await chromium.launch({ executablePath: await ensureChromium(), args: [...flags, "--disable-gpu"] });
  try {
    for (const [view, selector] of [
      ["story", "#story-grok [role=slider]"],
      ["lab", "main .button.primary"],
    ]) {
      const times = [];
      let script = 0;
      for (let round = 0; round < Number(values.rounds); round++) {
        const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
        const page = await context.newPage();
        /** @type {Promise<number>[]} */
        const scripts = [];
        page.on("response", (response) => {
          if (!new URL(response.url()).pathname.endsWith(".js")) return;
          if (/\/worker-/.test(response.url())) return; // starts when the view stands
          scripts.push(response.body().then((body) => gzipSync(body, { level: 9 }).length));
        });
        await page.goto(`${server.url}#/${view}`, { waitUntil: "commit" });
        await page.waitForSelector(selector, { state: "attached" });
        times.push(await page.evaluate(answered, selector));
        if (round === 0) script = (await Promise.all(scripts)).reduce((sum, size) => sum + size, 0);
        await context.close();
      }
      console.log(`${view.padEnd(8)}first figure answers after (ms: median, 95 %, max)${line(times)}`);
      console.log(`${view.padEnd(8)}script until then ${(script / 1000).toFixed(1)} kB gzipped`);
    }
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await pretendStore(page, server.url);
    await page.goto(`${server.url}#/sweeps?sweep=ten-thousand`);
    await page.waitForSelector("[data-run]", { state: "attached" });
    console.log(`sweeps  ${await page.locator("[data-run]").count()} dots (ms: median, 95 %, max)`);
    for (const [name, move] of /** @type {const} */ ([
      ["another cell", cellMoves],
      ["another threshold", thresholdMoves],
    ]))
      console.log(`        ${name.padEnd(51)}${line(await page.evaluate(move))}`);
  } finally {
    await browser.close();
    server.close();
  }
});

/** In the page: milliseconds since navigation began until the figure had moved by a key. @param {string} selector */
async function answered(selector) {
  const element = /** @type {HTMLElement} */ (document.querySelector(selector));
  const before = element.getAttribute("aria-valuenow");
  while (before !== null && element.getAttribute("aria-valuenow") === before) {
    element.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true, cancelable: true }));
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  return performance.now();
}

/**
 * A store of 10,000 runs, as `groklab open` would tell of it.
 * @param {import("playwright-core").Page} page
 * @param {string} url
 */
async function pretendStore(page, url) {
  const sweep = {
    base: {
      task: { name: "sparse-parity" },
      model: { name: "bit-mlp" },
      optimizer: { name: "adamw" },
      training: { steps: 20_000 },
    },
    axes: Object.entries({ trainSize: 200, dMlp: 16, weightDecay: 0.05 }).map(([option, first]) => ({
      option,
      values: Array.from({ length: 10 }, (_, i) => Number((first * (i + 1)).toFixed(2))),
    })),
    seeds: Array.from({ length: 10 }, (_, seed) => seed),
  };
  const { runs } = expand(/** @type {never} */ (sweep));
  const records = runs.map(({ id, plan }, i) => {
    const small = 10 ** -(i % 9);
    const extremes = { minTrain: small / 100, minTest: small, maxRatio: 10 ** (i % 8) };
    const label = ["grok", "generalize", "memorize", "fail"][i % 4];
    const verdict = { label, policy: "standard", fitStep: 100, generalizeStep: 5000, delay: 4900, lastStep: 20_000, extremes }; // prettier-ignore
    return { id, plan, status: "finished", verdict };
  });
  console.assert(records[0]?.id === runId(runs[0].plan));
  const json = (/** @type {unknown} */ body) => ({ contentType: "application/json", body: JSON.stringify(body) });
  await page.route("**/api/sweeps", (route) =>
    route.fulfill(json([{ id: "ten-thousand", name: "ten thousand", sweep }])),
  );
  await page.route("**/api/runs", (route) => route.fulfill(json(records)));
  await page.route("**/api/runs/*/evals", (route) => route.fulfill(json([])));
  await page.route("**/api/updates", (route) => route.fulfill({ contentType: "text/event-stream", body: "" }));
  await page.route(url, async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace("<head>", '<head><meta name="groklab-api" content="none" />');
    await route.fulfill({ response, body });
  });
}

/** In the page: milliseconds of script, style and layout for each move. */
async function cellMoves() {
  const holder = /** @type {HTMLElement} */ (document.querySelector("[role=group][aria-label^=Cells]"));
  const times = [];
  for (let i = 0; i < 30; i++) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const began = performance.now();
    const key = i % 4 === 0 ? "ArrowUp" : "ArrowRight";
    holder.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    document.body.getBoundingClientRect();
    times.push(performance.now() - began);
  }
  return times;
}

async function thresholdMoves() {
  const range = /** @type {HTMLInputElement} */ (document.querySelector("input[type=range]"));
  const times = [];
  for (let i = 0; i < 20; i++) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const began = performance.now();
    range.value = String(Number(range.min) + ((i % 10) / 10) * (Number(range.max) - Number(range.min)));
    range.dispatchEvent(new Event("input", { bubbles: true }));
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    document.body.getBoundingClientRect();
    times.push(performance.now() - began);
  }
  return times;
}
