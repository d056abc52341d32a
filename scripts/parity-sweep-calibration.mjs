// Which setting of the parity sweep has the published classes? The tables of docs/LOG.md:
//   npm run build && node scripts/parity-sweep-calibration.mjs [setting…] [--groups REGEX] [--seeds 3] [--out FILE.jsonl]
// Trains cells of the published grid under each setting and compares the classes with what is known of the published
// ones. A line of FILE.jsonl is one run; lines that are there already are not trained again.
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const built = join(dirname(fileURLToPath(import.meta.url)), "../dist/src");
const { plan, train } = await import(pathToFileURL(join(built, "index.js")).href);

/**
 * @typedef {"memorize" | "grok" | "together" | "fail"} Class
 * @typedef {{ task?: object, model?: object, optimizer?: object, training?: object }} Setting
 * @typedef {[weightDecay: number, dMlp: number, trainSize: number]} Cell
 * @typedef {{ key: string, minTrain: number, minTest: number, maxRatio: number }} Run
 */

/** @type {Record<string, Setting>} */
const settings = {
  base: {},
  "no clip": { training: { clip: 0 } },
  "no bias column": { task: { biasColumn: false } },
  "coding -1, +1": { task: { coding: "pm1" } },
  "scale 0.5": { model: { initScale: 0.5 } },
  "scale 0.7": { model: { initScale: 0.7 } },
  "scale 1.4": { model: { initScale: 1.4 } },
  "scale 2": { model: { initScale: 2 } },
  "betas .9, .98": { optimizer: { beta1: 0.9 } },
  "betas .9, .999": { optimizer: { beta1: 0.9, beta2: 0.999 } },
  "betas .99, .99": { optimizer: { beta2: 0.99 } },
  "betas .99, .999": { optimizer: { beta2: 0.999 } },
  "learning rate 1e-3": { optimizer: { learningRate: 1e-3 } },
  "learning rate 1e-2": { optimizer: { learningRate: 1e-2 } },
};

/**
 * What is known of the published classes: cells, and of 100 runs in them how many are High Test Loss / Grokking / Drop
 * Together / High Train Loss. Groups with one class are unanimous; the others are what remains of a weight decay's total
 * when the unanimous cells are taken away.
 * @type {{ name: string, cells: Cell[], published: Record<Class, number> }[]}
 */
const groups = [
  group("wd .01, H >= 64", [[0.01, 64, 750], [0.01, 64, 1750], [0.01, 128, 1750]], [100, 0, 0, 0]), // prettier-ignore
  group("wd .01, H 16 and 32", grid([0.01], [16, 32], [750, 1250, 1750]), [71, 6, 22, 1]),
  group("wd .1, H 16, n >= 1250", grid([0.1], [16], [1250, 1750]), [0, 0, 100, 0]),
  // At most 3 of the 225 published runs with this weight decay memorize, wherever they are.
  group("wd .1, H 16 and 32, n 750", grid([0.1], [16, 32], [750]), [17, 83, 0, 0]),
  group("wd .01, H 16 and 32, the smallest and the largest", [[0.01, 16, 750], [0.01, 16, 1250], [0.01, 32, 1750]], [71, 6, 22, 1]), // prettier-ignore
  group("wd .1, H 16 and 32, the rest", [...grid([0.1], [16], [750, 1000]), ...grid([0.1], [32], [750, 1250, 1750])], [3, 83, 13, 1]), // prettier-ignore
  group("wd .1, H 64 and 128", [[0.1, 64, 750], [0.1, 64, 1750], [0.1, 128, 1250]], [0, 99, 1, 0]), // prettier-ignore
  group("wd 1, H <= 64", [[1, 16, 750], [1, 64, 750], [1, 64, 1250], [1, 64, 1750]], [0, 0, 0, 100]), // prettier-ignore
  group("wd 1, H >= 128, n <= 1000", [[1, 128, 750], [1, 128, 1000]], [100, 0, 0, 0]), // prettier-ignore
  group("wd 1, H >= 128, n >= 1250", grid([1], [128], [1250, 1500, 1750]), [37, 61, 2, 0]),
];

/** @param {string} name @param {Cell[]} cells @param {number[]} [counts] */
function group(name, cells, [memorize = 0, grok = 0, together = 0, fail = 0] = []) {
  return { name, cells, published: { memorize, grok, together, fail } };
}

/** @param {number[]} decays @param {number[]} widths @param {number[]} sizes @returns {Cell[]} */
function grid(decays, widths, sizes) {
  return decays.flatMap((wd) => widths.flatMap((H) => sizes.map((n) => /** @type {Cell} */ ([wd, H, n]))));
}

/** @param {Setting} setting @param {Cell} cell @param {number} seed @returns {Omit<Run, "key">} */
function measure(setting, [weightDecay, dMlp, trainSize], seed) {
  const made = plan({
    task: { name: "sparse-parity", n: 30, k: 3, trainSize, testSize: 5000, ...setting.task },
    model: { name: "bit-mlp", dMlp, ...setting.model },
    optimizer: { name: "adamw", learningRate: 3e-3, beta1: 0.99, beta2: 0.98, weightDecay, ...setting.optimizer },
    training: { steps: 20_000, evalEvery: 100, checkpointEvery: 0, clip: 1e-7, ...setting.training },
    seed,
  });
  const found = { minTrain: Infinity, minTest: Infinity, maxRatio: 0 };
  for (const { train: known, test } of train(made)) {
    found.minTrain = Math.min(found.minTrain, known.loss);
    found.minTest = Math.min(found.minTest, test.loss);
    found.maxRatio = Math.max(found.maxRatio, test.loss / known.loss);
    if (classOf(found) === "grok") break; // minima only fall and the ratio only rises: this class is for good
  }
  return found;
}

/** The published rule. @param {Omit<Run, "key">} run @returns {Class} */
function classOf({ minTrain, minTest, maxRatio }) {
  if (minTrain > 1e-5) return "fail";
  if (minTest > 1e-5) return "memorize";
  return maxRatio < 5e4 ? "together" : "grok";
}

const { values, positionals } = parseArgs({
  options: {
    groups: { type: "string", default: "" },
    seeds: { type: "string", default: "3" },
    out: { type: "string" },
  },
  allowPositionals: true,
});
const seeds = [...Array(Number(values.seeds)).keys()];
/** @type {Map<string, Run>} */
const known = new Map();
if (values.out !== undefined && existsSync(values.out)) {
  for (const line of readFileSync(values.out, "utf8").split("\n").filter(Boolean)) {
    const run = JSON.parse(line);
    known.set(run.key, run);
  }
}

console.log(
  "distance: mean over groups of half the sum of |share - published share|; counts: memorize/grok/together/fail",
);
const classes = /** @type {const} */ (["memorize", "grok", "together", "fail"]);
for (const name of positionals.length > 0 ? positionals : Object.keys(settings)) {
  const setting = settings[name];
  if (!setting) throw new Error(`unknown setting ${name}; known: ${Object.keys(settings).join(", ")}`);
  const parts = groups
    .filter(({ name: label }) => new RegExp(values.groups).test(label))
    .map(({ name: label, cells, published }) => {
      const runs = cells.flatMap((cell) =>
        seeds.map((seed) => {
          const key = JSON.stringify([name, ...cell, seed]);
          const run = known.get(key) ?? { key, ...measure(setting, cell, seed) };
          if (values.out !== undefined && !known.has(key)) appendFileSync(values.out, `${JSON.stringify(run)}\n`);
          known.set(key, run);
          return classOf(run);
        }),
      );
      const counts = classes.map((c) => runs.filter((found) => found === c).length);
      const total = classes.reduce((sum, c) => sum + published[c], 0);
      const distance =
        classes.reduce((sum, c, i) => sum + Math.abs((counts[i] ?? 0) / runs.length - published[c] / total), 0) / 2;
      return { label, counts, distance };
    });
  const mean = parts.reduce((sum, { distance }) => sum + distance, 0) / parts.length;
  console.log(`\n${name}: ${mean.toFixed(3)}`);
  for (const { label, counts, distance } of parts)
    console.log(`  ${label}: ${counts.join("/")}  ${distance.toFixed(2)}`);
}
