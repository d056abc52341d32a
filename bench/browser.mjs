// The same training steps in this Node and in headless Chromium, in turns: `node bench/browser.mjs [--rounds 3]`.
// Bundles the workloads of `groklab bench` from the sources; needs the development dependencies and Chromium.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { build } from "vite";
import { findChromium, flags, missing } from "../scripts/lib/chromium.mjs";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "3" } } });
const rounds = Number(values.rounds);
const options = { blocks: 5, steps: 1000 };
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const folder = mkdtempSync(join(tmpdir(), "groklab-bench-"));
await build({
  root,
  configFile: false,
  logLevel: "warn",
  build: {
    outDir: folder,
    target: "es2022",
    lib: { entry: join(root, "src/cli/bench.ts"), formats: ["es"], fileName: () => "bench.mjs" },
  },
});

const server = createServer(async (request, response) => {
  const isBundle = request.url === "/bench.mjs";
  response.writeHead(200, { "content-type": isBundle ? "text/javascript" : "text/html" });
  response.end(isBundle ? await readFile(join(folder, "bench.mjs")) : "<!doctype html><title>bench</title>");
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
const executablePath = findChromium();
if (executablePath === undefined) throw new Error(missing);
const browser = await chromium.launch({ executablePath, args: flags });
const page = await browser.newPage();
page.setDefaultTimeout(0);
await page.goto(`http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}/`);

/** Units a second of one workload. @type {(values: readonly number[]) => number} */
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const { works } = await import(pathToFileURL(join(folder, "bench.mjs")).href);
const inNode = (/** @type {number} */ index) =>
  works[index].measure({ ...options, now: () => performance.now() / 1000 });
// As text, and in a worker, where the app trains too.
const inChromium = (/** @type {number} */ index) =>
  page.evaluate(`new Promise((resolve, reject) => {
    const source = 'import { works } from "' + location.origin + '/bench.mjs";' +
      'postMessage(works[${index}].measure({ blocks: ${options.blocks}, steps: ${options.steps}, now: () => performance.now() / 1000 }))';
    const worker = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })), { type: "module" });
    worker.onmessage = ({ data }) => { worker.terminate(); resolve(data); };
    worker.onerror = (event) => reject(new Error(event.message));
  })`);

console.log(`Node ${process.versions.node} and Chromium ${browser.version()}, medians of ${rounds} rounds in turns\n`);
console.log("| work | type | unit | Node | Chromium | Chromium / Node |\n| --- | --- | --- | --: | --: | --: |");
for (const [index, { name, dtype, unit }] of works.entries()) {
  const node = [];
  const chrome = [];
  const ratios = [];
  for (let round = 0; round < rounds; round++) {
    node.push(median(inNode(index)));
    chrome.push(median(await inChromium(index)));
    ratios.push(chrome[round] / node[round]);
  }
  const cells = [name, dtype, unit, median(node).toFixed(1), median(chrome).toFixed(1), median(ratios).toFixed(2)];
  console.log(`| ${cells.join(" | ")} |`);
}
await browser.close();
server.close();
rmSync(folder, { recursive: true, force: true });
