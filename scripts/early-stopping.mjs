// What stopping early would have reported of the runs of a store, over seeds: `npm run build`, train seeds into a store of
// their own (`groklab sweep early-stopping --store WHERE`), then `node scripts/early-stopping.mjs --store WHERE [ID]`.
import { parseArgs } from "node:util";
import { main } from "./lib/main.mjs";

const { values, positionals } = parseArgs({
  options: { store: { type: "string", default: ".groklab" } },
  allowPositionals: true,
});

await main(async () => {
  const { earlyStopTable, openStore, trajectory } = await import("../dist/src/index.js");
  const store = await openStore(values.store, {});
  const prefix = positionals[0] ?? "";
  const percent = (/** @type {number | null} */ share) => (share === null ? "" : `${(100 * share).toFixed(1)} %`);
  const runs = [];
  for (const record of await store.list()) {
    if (record.plan.model.name !== "transformer" || !record.id.startsWith(prefix)) continue;
    const evals = await store.evals(record.id);
    if (evals.length === 0) continue;
    runs.push(evals);
    const course = trajectory(evals);
    console.log(
      `${record.id}: in domain 99 % at ${evals.find(({ train }) => train.accuracy >= 0.99)?.step ?? "no step"}, ` +
        `generalization least ${percent(course.min)}, 80 % first at ${course.firstCrossing ?? "no step"} and in ` +
        `${percent(course.shareAbove) || "none"} of readings from there, variation ${course.totalVariation.toFixed(1)}, ` +
        `greatest ${percent(course.max)}, last ${percent(course.final)} at step ${evals.at(-1)?.step}`,
    );
  }
  await store.close();
  console.log("\n| stop rule | runs stopped | mean step | mean | median | least | greatest |");
  console.log("| --- | --: | --: | --: | --: | --: | --: |");
  for (const { rule, runs: all, stopped, step, mean, median, min, max } of earlyStopTable(runs)) {
    const cells = [
      rule,
      `${stopped} of ${all}`,
      step === null ? "" : Math.round(step),
      ...[mean, median, min, max].map(percent),
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
});
