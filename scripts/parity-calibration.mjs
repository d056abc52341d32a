// The table of docs/LOG.md on sparse parity's settings: `npm run build && node scripts/parity-calibration.mjs`.
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const built = join(dirname(fileURLToPath(import.meta.url)), "../dist/src");
const load = (/** @type {string} */ file) => import(pathToFileURL(join(built, file)).href);
const { experiments, plan, train } = await load("index.js");
const { read } = await load("tensor/index.js");

const { experiment } = experiments.find((/** @type {{ name: string }} */ { name }) => name === "sparse-parity");
const seeds = [0, 1, 2, 3, 4, 5, 6, 7];
const settings = [
  { learningRate: 1.5e-3, l1: 1e-4 },
  { learningRate: 1.75e-3, l1: 1e-4 },
  { learningRate: 2e-3, l1: 1e-4 },
  { learningRate: 2e-3, l1: 3e-4 },
  { learningRate: 2e-3, l1: 6e-4 },
  { learningRate: 3e-3, l1: 1e-4 },
];

/** @param {{ learningRate: number, l1: number }} setting @param {number} seed */
function measure(setting, seed) {
  const made = plan({ ...experiment, optimizer: { ...experiment.optimizer, ...setting }, seed });
  const found = { fit: NaN, atFit: NaN, learned: NaN, clean: NaN, largest: 0, neurons: 0 };
  for (const { step, train: known, test, params } of train(made)) {
    const inputs = read(params["mlp.W_in"]); // [31, 32]
    const width = inputs.length / 31;
    const largest = (/** @type {readonly number[]} */ weights) => weights.reduce((a, w) => Math.max(a, Math.abs(w)), 0);
    if (Number.isNaN(found.fit) && known.accuracy >= 0.999) [found.fit, found.atFit] = [step, test.accuracy];
    if (Number.isNaN(found.learned) && test.accuracy >= 0.99) found.learned = step;
    // Digits 3 to 29 distract; row 30 is the bias.
    if (largest([...inputs.subarray(3 * width, 30 * width)]) >= 0.05) found.clean = NaN;
    else if (Number.isNaN(found.clean)) found.clean = step;
    found.largest = Math.max(found.largest, largest([...inputs]));
    found.neurons = read(params["mlp.W_out"]).filter((/** @type {number} */ w) => Math.abs(w) > 0.05).length;
  }
  return found;
}

/** A run that never got there counts as later than all others. @param {readonly number[]} values */
const sorted = (values) => values.map((v) => (Number.isNaN(v) ? Infinity : v)).sort((a, b) => a - b);
const median = (/** @type {readonly number[]} */ values) => sorted(values)[values.length >> 1] ?? NaN;

console.log(
  "| learning rate | l1 | fit | test accuracy there | 99 % (range) | clean | largest weight | neurons left |",
);
console.log("| --- | --- | --: | --: | --: | --: | --: | --- |");
for (const setting of settings) {
  const runs = seeds.map((seed) => measure(setting, seed));
  const of = (/** @type {"fit" | "atFit" | "learned" | "clean" | "largest" | "neurons"} */ key) =>
    runs.map((run) => run[key]);
  const range = (/** @type {readonly number[]} */ values) => `${sorted(values)[0]}–${sorted(values).at(-1)}`;
  const learned = `${median(of("learned"))} (${range(of("learned"))})`;
  const cells = [setting.learningRate, setting.l1, median(of("fit")), median(of("atFit")).toFixed(2), learned];
  console.log(
    `| ${[...cells, median(of("clean")), median(of("largest")).toFixed(1), range(of("neurons"))].join(" | ")} |`,
  );
}
