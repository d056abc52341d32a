// What the seeds of the main run did, as docs/modular-addition-seeds.json and a table for the page beside it:
//   npm run build && node scripts/seeds-summary.mjs --store WHERE \
//     [--out docs/modular-addition-seeds.json] [--page docs/modular-addition-seeds.md]
// With --page the part of the page between its two markers is written anew.
// Reads the stored runs of `groklab sweep modular-addition-seeds`, whichever seeds are there, and trains nothing.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { main } from "./lib/main.mjs";

const built = join(dirname(fileURLToPath(import.meta.url)), "../dist/src/index.js");
const { values } = parseArgs({
  options: { store: { type: "string", default: ".groklab" }, out: { type: "string" }, page: { type: "string" } },
});

/** @param {readonly number[]} all @param {number} share */
const quantile = (all, share) => [...all].sort((a, b) => a - b)[Math.floor(share * (all.length - 1))] ?? null;
/** How often each value occurs, smallest first. @param {readonly number[]} all */
const tally = (all) =>
  Object.fromEntries([...new Set(all)].sort((a, b) => a - b).map((one) => [one, all.filter((x) => x === one).length]));

await main(async () => {
  const { expand, openStore, subjectOf, sweeps, sweepTable, withSeeds } = await import(pathToFileURL(built).href);
  const { sweep } = sweeps.find((/** @type {{ name: string }} */ { name }) => name === "modular-addition-seeds");
  const seeds = Array.from({ length: 1000 }, (_, seed) => seed);
  const store = await openStore(values.store);
  const ids = expand(withSeeds(sweep, seeds)).runs.map((/** @type {{ id: string }} */ { id }) => id);
  const records = (await store.records(ids)).filter((/** @type {any} */ { status }) => status === "finished");
  const runs = [];
  for (const record of records) {
    const { label, fitStep, generalizeStep } = record.verdict;
    const evals = await store.evals(record.id);
    const losses = evals.map((/** @type {any} */ e) => e.test.loss);
    const below = evals.find((/** @type {any} */ e) => e.test.loss < 1e-2)?.step ?? null;
    const step = (await store.checkpoints(record.id)).at(-1);
    const { params } = await store.loadCheckpoint(record.id, step);
    const { groups, rest } = frequencies(subjectOf(record.plan).read(params));
    runs.push({
      seed: record.plan.seed,
      label,
      fitStep,
      generalizeStep,
      testLossBelow1e2: below,
      minTestLoss: losses.reduce((/** @type {number} */ a, /** @type {number} */ b) => Math.min(a, b)),
      frequencies: groups,
      otherNeurons: rest,
      weightsHash: record.weightsHash,
    });
  }
  const table = sweepTable(records.map((/** @type {any} */ { id, plan, verdict }) => ({ id, plan, verdict })));
  await store.close();
  const solved = runs.filter(({ generalizeStep }) => generalizeStep !== null);
  const perFrequency = solved.flatMap(({ frequencies: found }) => Object.values(found));
  const { total } = table;
  const summary = {
    command: "groklab sweep modular-addition-seeds --seeds 0-99 && node scripts/seeds-summary.mjs",
    runs: total.n,
    counts: total.counts,
    generalizes: total.generalized,
    fitStep: total.fitStep,
    generalizeStep: total.generalizeStep,
    ofThoseThatGeneralize: {
      n: solved.length,
      generalizeStep: [0, 0.25, 0.5, 0.75, 1].map((share) =>
        quantile(
          solved.map((run) => run.generalizeStep),
          share,
        ),
      ),
      minTestLossMedian: quantile(
        solved.map((run) => run.minTestLoss),
        0.5,
      ),
      frequenciesPerRun: tally(solved.map(({ frequencies: found }) => Object.keys(found).length)),
      neuronsPerFrequency: tally(perFrequency),
      runsWithFrequency: tally(solved.flatMap(({ frequencies: found }) => Object.keys(found).map(Number))),
    },
    seeds: runs,
  };
  if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(summary, null, 1)}\n`);
  if (values.page !== undefined) rewrite(values.page, pageLines(summary));
  const { seeds: _, ...shown } = summary;
  console.log(JSON.stringify(shown, null, 1));
});

/** @param {any} summary */
function pageLines({ runs, counts, generalizes, fitStep, generalizeStep, ofThoseThatGeneralize: those }) {
  const percent = (/** @type {number} */ share) => `${Math.round(100 * share)} %`;
  const open = (/** @type {number | null} */ step) =>
    step === null ? "later than 50,000" : step.toLocaleString("en-US");
  const listed = (/** @type {Record<string, number>} */ tallied) =>
    Object.entries(tallied).map(([value, n]) => `${value}: ${n}`).join(", "); // prettier-ignore
  const labels = Object.entries(counts).flatMap(([label, n]) => (n > 0 ? [`${n} ${label}`] : []));
  return [
    "| | |",
    "| --- | --- |",
    `| seeds trained | ${runs} |`,
    `| verdicts | ${labels.join(", ")} |`,
    `| generalize by step 50,000 | ${generalizes.k} of ${runs}: ${percent(generalizes.share)} (95 %: ${generalizes.interval.map(percent).join(" to ")}) |`,
    `| fit step, median | ${open(fitStep.median)} |`,
    `| generalize step over all seeds (Kaplan–Meier): quartile, median | ${open(generalizeStep.q25)}, ${open(generalizeStep.median)} |`,
    `| generalize step of those that do: least, quartiles, most | ${those.generalizeStep.map(open).join(", ")} |`,
    `| smallest test loss of those, median | ${those.minTestLossMedian?.toPrecision(3)} (nats per class) |`,
    `| frequencies per run: runs | ${listed(those.frequenciesPerRun)} |`,
    `| neurons per frequency: times | ${listed(those.neuronsPerFrequency)} |`,
    `| frequency: runs that use it | ${listed(those.runsWithFrequency)} |`,
  ];
}

/** @param {string} file @param {readonly string[]} lines */
function rewrite(file, lines) {
  const page = readFileSync(file, "utf8");
  const [start, end] = ["<!-- table: begin -->", "<!-- table: end -->"];
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${file}: the markers ${start} and ${end} are missing`);
  writeFileSync(file, `${page.slice(0, from + start.length)}\n${lines.join("\n")}\n${page.slice(to)}`);
}

/**
 * The published rule: of each neuron's input weights, the largest component by size on the orthonormal Fourier basis; above
 * 10 the neuron counts with its frequency (from 1), below it is among the rest.
 * @param {{ p: number, inputs: readonly { rows: number, cols: number, data: Float64Array }[] }} network
 */
function frequencies({ p, inputs: [weights] }) {
  if (!weights) throw new Error("a network without inputs");
  /** @type {Record<number, number>} */
  const groups = {};
  let rest = 0;
  for (let neuron = 0; neuron < weights.cols; neuron++) {
    let best = { size: 0, frequency: 0 };
    for (let k = 1; 2 * k < p; k++) {
      for (const wave of [Math.cos, Math.sin]) {
        let sum = 0;
        for (let a = 0; a < p; a++)
          sum += wave((2 * Math.PI * k * a) / p) * (weights.data[a * weights.cols + neuron] ?? 0);
        const size = Math.abs(sum) * Math.sqrt(2 / p);
        if (size > best.size) best = { size, frequency: k };
      }
    }
    if (best.size > 10) groups[best.frequency] = (groups[best.frequency] ?? 0) + 1;
    else rest++;
  }
  return { groups, rest };
}
