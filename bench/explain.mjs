// What explaining a stored run takes, one core, analysis by analysis: `npm run build && node dist/src/cli/main.js run
// modular-addition && node bench/explain.mjs [--run modular-addition] [--store .groklab] [--rounds 5]`.
import { cpuUsage } from "node:process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    run: { type: "string", default: "modular-addition" },
    store: { type: "string", default: ".groklab" },
    rounds: { type: "string", default: "5" },
  },
});
const dist = join(dirname(fileURLToPath(import.meta.url)), "../dist/src");
const { analyses, normsOf, openStore, subjectOf, explainNetwork, explainBits } = await import(join(dist, "index.js"));
const { findRun } = await import(join(dist, "cli/store.js"));

/** Seconds of the processor in user code. @param {() => unknown} work */
function seconds(work) {
  const before = cpuUsage().user;
  work();
  return (cpuUsage().user - before) / 1e6;
}
const median = (/** @type {readonly number[]} */ all) => [...all].sort((a, b) => a - b)[all.length >> 1];
const show = (/** @type {string} */ name, /** @type {readonly number[]} */ times) =>
  console.log(
    `${name.padEnd(34)}${(1000 * median(times)).toFixed(1).padStart(9)} ms  (least ${(1000 * Math.min(...times)).toFixed(1)})`,
  );

const rounds = Array.from({ length: Number(values.rounds) }, (_, i) => i);
const store = await openStore(values.store, {});
const record = await findRun(store, values.run, values.store);
const subject = subjectOf(record.plan);
if (subject.kind === "none") throw new Error(subject.why);
const evals = await store.evals(record.id);
const steps = await store.checkpoints(record.id);

/** @type {{ step: number, network: unknown, norms: unknown }[]} */
const moments = [];
const loading = [];
for (const step of steps) {
  const { params } = await store.loadCheckpoint(record.id, step);
  loading.push(seconds(() => moments.push({ step, network: subject.read(params), norms: normsOf(params) })));
}
await store.close();
const { fitStep = null, generalizeStep = null } = record.verdict ?? {};
const course = { moments, evals, fitStep, generalizeStep, precision: record.plan.training["precision"] };
const { network } = moments[moments.length - 1];

console.log(`${record.id}, ${steps.length} checkpoints; processor time, median of ${rounds.length}`);
show("one checkpoint, multiplied out", loading);
const bits = subject.kind === "bits";
for (const { name, needs, run } of analyses) {
  if (needs === "nothing" || needs.startsWith("bit") !== bits) continue;
  const input = needs.endsWith("course") ? course : network;
  show(name, rounds.map(() => seconds(() => run(input)))); // prettier-ignore
}
const explain = bits ? explainBits : explainNetwork;
show("all of one checkpoint", rounds.map(() => seconds(() => explain(network)))); // prettier-ignore
show("all of the run, checkpoints loaded", rounds.map(() => seconds(() => explain(network, course)))); // prettier-ignore
