// Whole runs in this Node and in the built web app, figures and store included, in turns:
// `npm run build && node bench/app.mjs [--rounds 3] [--only parity]`. Wall time from the click on Train to the weights hash,
// a second after the lab was opened. Each run in two lengths: their difference is the rate, what is left of the shorter one
// the start. Each row is printed as it comes, and each round on stderr; the main size takes about two minutes in all.
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { plan, train, weightsHash } from "../dist/src/index.js";
import { findChromium, flags, missing } from "../scripts/lib/chromium.mjs";
import { serveFolder } from "../scripts/lib/serve-folder.mjs";

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "3" }, only: { type: "string", default: "" } },
});
const main = "task=modular-addition&p=67&pairs=unordered&dModel=500&dMlp=24&precision=float64";
const all = [
  {
    name: "sparse parity",
    query: "task=sparse-parity&model=bit-mlp&trainSize=500&dMlp=64&evalEvery=100",
    lengths: [20_000, 60_000],
  },
  { name: "modular addition, main size", query: main, lengths: [3000, 9000] },
];
const runs = all.filter(({ name }) => name.includes(values.only));
if (runs.length === 0) throw new Error(`--only ${values.only}: known are ${all.map(({ name }) => name).join("; ")}`);

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
  // Whoever reads the page before the click finds a worker that is ready.
  await page.waitForTimeout(1000);
  const ended = page.waitForFunction(() => document.querySelector(".hash code"), undefined, { polling: 20 });
  const began = performance.now();
  await button.click();
  await ended;
  const seconds = (performance.now() - began) / 1000;
  const hash = (await page.textContent(".hash code")) ?? "";
  await context.close();
  return { seconds, hash };
}

/** @param {readonly number[]} numbers */
const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? NaN;
console.log("| run | steps | Node | app | app / Node, speed | same bits |\n| --- | --: | --: | --: | --: | --- |");
const row = (/** @type {readonly unknown[]} */ ...cells) => console.log(`| ${cells.join(" | ")} |`);
for (const { name, query, lengths } of runs) {
  /** Medians by length. @type {{ node: number, app: number }[]} */
  const found = [];
  for (const steps of lengths) {
    const node = [];
    const app = [];
    let same = true;
    for (let round = 0; round < Number(values.rounds); round++) {
      const here = inNode(`${query}&steps=${steps}`);
      const there = await inApp(`${query}&steps=${steps}`);
      node.push(here.seconds);
      app.push(there.seconds);
      same &&= here.hash === there.hash;
      console.error(
        `${name}, ${steps} steps, round ${round + 1}: ${here.seconds.toFixed(2)} s, ${there.seconds.toFixed(2)} s`,
      );
    }
    const [a, b] = [median(node), median(app)];
    found.push({ node: a, app: b });
    const seconds = [a, b].map((value) => `${value.toFixed(2)} s`);
    row(name, steps.toLocaleString("en"), ...seconds, (a / b).toFixed(2), same ? "yes" : "NO");
  }
  const [short, long] = /** @type {[typeof found[0], typeof found[0]]} */ (found);
  const [few = 0, many = 0] = lengths;
  const rate = (/** @type {"node" | "app"} */ where) => (many - few) / (long[where] - short[where]);
  const start = (/** @type {"node" | "app"} */ where) => `${(1000 * (short[where] - few / rate(where))).toFixed(0)} ms`;
  const rates = [rate("node"), rate("app")];
  row(name, "steps/s", ...rates.map((value) => value.toFixed(0)), ((rates[1] ?? 0) / (rates[0] ?? 1)).toFixed(2), "");
  row(name, "start", start("node"), start("app"), "", "");
}
await browser.close();
server.close();
