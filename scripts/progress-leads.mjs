// By how much each progress measure announced the jump, over the runs of a store: `npm run build`, train seeds into a
// store of their own, then `node scripts/progress-leads.mjs --store WHERE`. Runs that never generalize count false alarms.
import { parseArgs } from "node:util";
import { main } from "./lib/main.mjs";

const { values } = parseArgs({ options: { store: { type: "string", default: ".groklab" } } });

await main(async () => {
  const { openStore, subjectOf, normsOf, progress } = await import("../dist/src/index.js");
  const store = await openStore(values.store, {});
  /** @type {Map<string, { rule: string, ratios: number[], leads: number[], alarms: number }>} */
  const measures = new Map();
  /** @type {string[]} */
  const generalized = [];
  /** @type {string[]} */
  const others = [];
  for (const record of await store.list()) {
    const subject = subjectOf(record.plan);
    const { fitStep = null, generalizeStep = null } = record.verdict ?? {};
    if (subject.kind !== "network" || fitStep === null) continue;
    const moments = [];
    for (const step of await store.checkpoints(record.id)) {
      const { params } = await store.loadCheckpoint(record.id, step);
      moments.push({ step, network: subject.read(params), norms: normsOf(params) });
    }
    const precision = /** @type {"float32" | "float64"} */ (record.plan.training["precision"]);
    const { leads } = progress.run({ moments, evals: [], fitStep, generalizeStep, precision });
    if (generalizeStep === null) others.push(record.id);
    else generalized.push(record.id);
    console.log(`${record.id}: fitted ${fitStep}, generalized ${generalizeStep ?? "never"}`);
    for (const { measure, rule, lead, ratio, step } of leads) {
      const known = measures.get(measure) ?? { rule, ratios: [], leads: [], alarms: 0 };
      measures.set(measure, known);
      if (generalizeStep === null && step !== null) known.alarms++;
      if (lead === null || ratio === null) continue;
      known.leads.push(lead);
      known.ratios.push(ratio);
    }
  }
  await store.close();
  const sorted = (/** @type {readonly number[]} */ all) => [...all].sort((a, b) => a - b);
  const median = (/** @type {readonly number[]} */ all) => sorted(all)[all.length >> 1];
  console.log(`\n${generalized.length} runs generalized, ${others.length} did not\n`);
  console.log("| measure | rule | announced | median lead (range) | median share of the way | false alarms |");
  console.log("| --- | --- | --: | --- | --: | --: |");
  const rows = [...measures].sort(([, x], [, y]) => (median(y.leads) ?? -Infinity) - (median(x.leads) ?? -Infinity));
  for (const [measure, { rule, leads, ratios, alarms }] of rows) {
    const range = leads.length === 0 ? "-" : `${median(leads)} (${sorted(leads)[0]} to ${sorted(leads).at(-1)})`;
    const share = ratios.length === 0 ? "-" : median(ratios).toFixed(2);
    const announced = `${leads.filter((lead) => lead > 0).length} of ${generalized.length}`;
    console.log(`| ${measure} | ${rule} | ${announced} | ${range} | ${share} | ${alarms} of ${others.length} |`);
  }
});
