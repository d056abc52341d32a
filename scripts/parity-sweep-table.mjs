// The tables of docs/sparse-parity-sweep.md, from the stored runs of `groklab sweep sparse-parity-sweep`:
//   npm run build && node scripts/parity-sweep-table.mjs --store WHERE [--seeds 0-8] [--page docs/sparse-parity-sweep.md]
// With --page the part of the page between its two markers is written anew.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { main } from "./lib/main.mjs";

const built = join(dirname(fileURLToPath(import.meta.url)), "../dist/src/index.js");
const { values } = parseArgs({
  options: {
    store: { type: "string", default: ".groklab" },
    seeds: { type: "string", default: "0-8" },
    page: { type: "string" },
  },
});

/** Published counts, as High test / Grokking / Together / High train, in the order of `classes`. */
const classes = ["memorize", "grok", "generalize", "fail"];
const published = { 0.01: [199, 5, 20, 1], 0.03: null, 0.1: [3, 179, 42, 1], 0.3: null, 1: [56, 33, 1, 135] };
const publishedTotal = [390, 435, 148, 152];
/** Cells of which the published class is known. @type {[string, Record<string, readonly number[]>, string][]} */
const unanimous = [
  ["weight decay .1, 64 or 128 neurons", { weightDecay: [0.1], dMlp: [64, 128] }, "grok"],
  ["weight decay .01, 64 neurons or more", { weightDecay: [0.01], dMlp: [64, 128, 258] }, "memorize"],
  ["weight decay 1, 64 neurons or fewer", { weightDecay: [1], dMlp: [16, 32, 64] }, "fail"],
  ["weight decay 1, 128 or 258 neurons, at most 1,000 examples", { weightDecay: [1], dMlp: [128, 258], trainSize: [750, 1000] }, "memorize"],
  ["weight decay .1, 16 neurons, at least 1,250 examples", { weightDecay: [0.1], dMlp: [16], trainSize: [1250, 1500, 1750] }, "generalize"],
]; // prettier-ignore
/** Published quantiles at 0, 25, 50, 75 and 100 %. */
const publishedQuantiles = {
  maxRatio: [1.32, 2.3e4, 6.5e6, 2.9e7, 6.0e7],
  minTrain: [1.19e-7, 1.19e-7, 1.19e-7, 1.19e-7, 0.414],
  minTest: [1.19e-7, 1.25e-7, 3.8e-6, 0.273, 0.724],
};

await main(async () => {
  const { expand, openStore, parseSeeds, readSwept, runsInCells, sweeps, sweepTable, withSeeds } = await import(
    pathToFileURL(built).href
  );
  const { sweep } = sweeps.find((/** @type {{ name: string }} */ { name }) => name === "sparse-parity-sweep");
  const store = await openStore(values.store);
  const all = await readSwept(store, expand(withSeeds(sweep, parseSeeds(values.seeds))), { policy: "pair" });
  await store.close();
  const runs = all.filter((/** @type {any} */ { verdict }) => verdict);
  const counts = (/** @type {any} */ row) => classes.map((name) => row.counts[name]).join(" / ");
  const { rows, total } = sweepTable(runs, ["weightDecay"]);
  const lines = [
    `${runs.length} of ${all.length} runs.`,
    "",
    "Memorize (High Test Loss) / grok (Grokking) / generalize (Train/Test Drop Together) / fail (High Train Loss):",
    "",
    "| weight decay | runs | here | published, of 225 |",
    "| --: | --: | --: | --: |",
    ...rows.map((/** @type {any} */ row) => {
      const decay = row.setting["optimizer.weightDecay"];
      const known = published[/** @type {keyof typeof published} */ (decay)];
      return `| ${decay} | ${row.n} | ${counts(row)} | ${known?.join(" / ") ?? "–"} |`;
    }),
    `| all | ${total.n} | ${counts(total)} | ${publishedTotal.join(" / ")}, of 1,125 |`,
    "",
    "Cells whose published class is known, all nine seeds alike (one run of the first excepted):",
    "",
    "| cells | published | settings here in which all seeds agree with it | runs |",
    "| --- | --- | --: | --: |",
    ...unanimous.map(([name, cells, label]) => {
      const table = sweepTable(runsInCells(runs, cells));
      const agreeing = table.rows.filter((/** @type {any} */ row) => row.counts[label] === row.n).length;
      return `| ${name} | ${label} | ${agreeing} of ${table.rows.length} | ${table.total.counts[label]} of ${table.total.n} |`;
    }),
    "",
    "| quantiles at 0 / 25 / 50 / 75 / 100 % | here | published |",
    "| --- | --- | --- |",
    ...Object.entries(publishedQuantiles).map(([name, known]) => {
      const sorted = runs
        .map((/** @type {any} */ { verdict }) => verdict.extremes?.[name] ?? Infinity)
        .sort((/** @type {number} */ a, /** @type {number} */ b) => a - b);
      const here = [0, 0.25, 0.5, 0.75, 1].map((share) => sorted[Math.round(share * (sorted.length - 1))]);
      return `| ${name} | ${here.map(short).join(" / ")} | ${known.map(short).join(" / ")} |`;
    }),
  ];
  if (values.page === undefined) return console.log(lines.join("\n"));
  const page = readFileSync(values.page, "utf8");
  const [start, end] = ["<!-- tables: begin -->", "<!-- tables: end -->"];
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${values.page}: the markers ${start} and ${end} are missing`);
  writeFileSync(values.page, `${page.slice(0, from + start.length)}\n${lines.join("\n")}\n${page.slice(to)}`);
});

/** @param {number} value */
function short(value) {
  const isFar = value !== 0 && (value < 1e-2 || value >= 1e4);
  return isFar ? value.toExponential(2).replace("e+", "e") : String(Number(value.toPrecision(3)));
}
