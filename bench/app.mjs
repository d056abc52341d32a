// Whole runs in this Node and in the built web app, figures and store included, in turns:
// `npm run build && node bench/app.mjs [--rounds 3]`. Wall time from the click on Train to the weights hash.
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { plan, train, weightsHash } from "../dist/src/index.js";
import { findChromium, flags, missing } from "../scripts/lib/chromium.mjs";
import { serveFolder } from "../scripts/lib/serve-folder.mjs";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "3" } } });
const main = "task=modular-addition&p=67&pairs=unordered&dModel=500&dMlp=24&precision=float64&steps=3000";
const runs = {
  "sparse parity, 20,000 steps": "task=sparse-parity&model=bit-mlp&trainSize=500&dMlp=64&steps=20000&evalEvery=100",
  "modular addition, main size, 3,000 steps": main,
};

const executablePath = findChromium();
if (executablePath === undefined) throw new Error(missing);
const server = await serveFolder("dist/web");
const browser = await chromium.launch({ executablePath, args: flags });

/** @param {string} query @returns {{ seconds: number, hash: string }} */
function inNode(query) {
  const options = new URLSearchParams(query);
  const began = performance.now();
  const { task = "", model = "factored", ...rest } = Object.fromEntries(options);
  const { steps, evalEvery = 100, precision = "float32", ...sizes } = rest;
  const ofTask = ["p", "pairs", "trainSize"];
  const part = (/** @type {boolean} */ isTask) =>
    Object.fromEntries(
      Object.entries(sizes)
        .filter(([name]) => ofTask.includes(name) === isTask)
        .map(([name, value]) => [name, Number.isNaN(Number(value)) ? value : Number(value)]),
    );
  const made = plan({
    task: { name: task, ...part(true) },
    model: { name: model, ...part(false) },
    optimizer: { name: "adamw" },
    training: { steps: Number(steps), evalEvery: Number(evalEvery), precision },
  });
  const run = train(made);
  for (;;) {
    const { value, done } = run.next();
    if (done) return { seconds: (performance.now() - began) / 1000, hash: weightsHash(value.checkpoint.params) };
  }
}

/** In a profile of its own, so that nothing is stored yet. @param {string} query */
async function inApp(query) {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(0);
  await page.goto(`${server.url}#/lab?${query}`);
  const button = page.getByRole("button", { name: "Train", exact: true });
  await button.waitFor();
  const began = performance.now();
  await button.click();
  await page.waitForSelector(".hash code");
  const seconds = (performance.now() - began) / 1000;
  const hash = (await page.textContent(".hash code")) ?? "";
  await context.close();
  return { seconds, hash };
}

/** @param {readonly number[]} numbers */
const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? NaN;
console.log("| run | Node | app | app / Node, speed | same bits |\n| --- | --: | --: | --: | --- |");
for (const [name, query] of Object.entries(runs)) {
  const node = [];
  const app = [];
  let same = true;
  for (let round = 0; round < Number(values.rounds); round++) {
    const here = inNode(query);
    const there = await inApp(query);
    node.push(here.seconds);
    app.push(there.seconds);
    same &&= here.hash === there.hash;
  }
  const [a, b] = [median(node), median(app)];
  console.log(`| ${name} | ${a.toFixed(2)} s | ${b.toFixed(2)} s | ${(a / b).toFixed(2)} | ${same ? "yes" : "NO"} |`);
}
await browser.close();
server.close();
